"""Your questions: watched from an answer's page, listed with their verdicts, and what runs the register."""

import re
from collections.abc import Iterator

import pytest

from service.app import create_app
from service.keys import Scope
from service.settings import Settings
from tests.api.keys import bearer, new_key
from tests.client import TestClient
from tests.console.test_answer_page import MAGNETS, text_of
from tests.console.test_record import RULE, writable

__all__ = ["writable"]


def test_an_answer_is_watched_from_its_page_and_stands_on_the_home_page(writable: TestClient):
    assert "None yet" in text_of(writable.get("/").text)
    made = writable.post("/watches", data=MAGNETS)
    assert made.status_code == 303
    watch = writable.get(made.headers["location"])
    assert watch.status_code == 200 and "Nothing since it is watched" in text_of(watch.text)
    for path in ("/", "/watches"):
        assert f'href="{made.headers["location"]}"' in writable.get(path).text
    assert "Rare earth magnets from China to India" in text_of(writable.get("/watches").text)


def test_a_watch_is_for_today_and_leads_to_the_answer_of_today(writable: TestClient):
    made = writable.post("/watches", data=MAGNETS | {"public_by": "2025-11-01"}).headers["location"]
    link = re.search(r'href="(/answer[^"]+)"', writable.get(made).text)
    assert link is not None and "on=" not in link[1] and "public_by" not in link[1]


def test_a_watch_ends_where_somebody_says_so(writable: TestClient):
    made = writable.post("/watches", data=MAGNETS).headers["location"]
    assert writable.post(f"{made}/remove", data={"x": "x"}).status_code == 303
    assert writable.get(made).status_code == 404


def test_a_preview_tells_which_watched_answers_would_change(writable: TestClient):
    writable.post("/watches", data=MAGNETS)
    page = writable.post("/record/preview", data=RULE)
    told = text_of(page.text).partition("Watched answers that change")[2]
    assert "Export is prohibited for" in told


def test_the_home_page_tells_what_was_published_in_the_last_days_and_what_comes(writable: TestClient):
    page = text_of(writable.get("/").text)
    assert "Changed in the last 30 days" in page and "Coming in the next 30 days" in page


def test_what_cannot_be_watched_is_refused_as_a_page(writable: TestClient):
    page = writable.post("/watches", data={"goods": "x", "from": "Chyna"})
    assert page.status_code == 422 and page.headers["content-type"].startswith("text/html")


@pytest.fixture
def locked(sqlite_url: str) -> Iterator[tuple[TestClient, dict[Scope, str]]]:
    keys = {scope: new_key(sqlite_url, scope) for scope in Scope}
    with TestClient(create_app(Settings(database_url=sqlite_url)), headers={"Accept": "text/html"}) as client:
        yield client, keys


def test_operations_are_for_administrators_and_show_no_secret(locked: tuple[TestClient, dict[Scope, str]]):
    client, keys = locked
    assert client.get("/operations", headers=bearer(keys[Scope.WRITE])).status_code == 403
    page = client.get("/operations", headers=bearer(keys[Scope.ADMIN]))
    assert page.status_code == 200
    assert "Read models stand at 0 (0 events behind)" in text_of(page.text)
    for key in keys.values():
        prefix, secret = key.split("_", 2)[1:]
        assert prefix in page.text and secret not in page.text


def test_a_watch_that_is_not_there_is_no_page(writable: TestClient):
    assert writable.get("/watch/none").status_code == 404


def test_a_calendar_of_mine_has_only_what_may_concern_a_watched_question(writable: TestClient):
    def told(query: str) -> set[str]:
        page = writable.get(f"/calendar?on=2026-02-01{query}").text
        return set(re.findall(r'<td><a href="(/restriction/[^"]+)"', page))

    for number, changed in enumerate(({}, {"goods": "nickel_ore"}, {"controller": "Japan"}, {"destinations": "Chile"})):
        ends = RULE | {"number": f"{number}/2026", "through": "2026-06-30"} | changed
        assert writable.post("/record", data=ends).status_code == 303
    every = told("")
    assert len(every) == 4 and told("&mine=yes") == set()
    writable.post("/watches", data={"goods": "rare_earth_magnets", "from": "CN", "to": "IN"})
    assert len(told("&mine=yes")) == 1 and told("&mine=yes") < every
    for query, count in (("&watched=true", 1), ("", 4)):
        file = writable.get(f"/v1/calendar.ics?from=2026-02-01{query}", headers={"Accept": "text/calendar"})
        assert file.text.count("BEGIN:VEVENT") == count
    assert "watched=true" in writable.get("/calendar?on=2026-02-01&mine=yes").text
