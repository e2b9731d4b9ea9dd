"""What is kept of answers never shows: they are those of a register that keeps nothing, to the byte."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from httpx2 import Response

from service.api import countries
from service.api.http.kept import Answer, Ends
from service.api.http.register import Register
from service.app import create_app, open_register
from service.log.glance import Glance
from service.log.read import Head
from service.projections.kept import kept_of
from service.register.country_status import country_status
from service.register.post import posted_of
from service.settings import Settings
from tests.answers.facts import Event, announced, defined, granted, note, registered, retracted, suspended
from tests.api.conftest import ON_BOTH
from tests.client import TestClient

PATHS = (
    "/v1/countries",
    "/v1/countries/IN/status",
    "/v1/countries/IN/status?as_of=2025-07-01&limit=1",
    "/v1/countries/IN/status?as_of=2025-07-01&limit=1&public_by=2025-05-01",
    "/v1/countries/IN/status?as_of=2025-07-01&known_at=2",
    "/v1/companies/jay/status?as_of=2025-07-01",
    "/v1/companies?q=Jay%20Ushn",
    "/v1/restrictions?as_of=2025-07-01",
    "/v1/restrictions/a?as_of=2025-07-01",
    "/v1/restrictions/a/history?as_of=2025-07-01",
    "/v1/licenses?as_of=2025-07-01",
    "/v1/calendar?from=2025-01-01",
    "/v1/calendar.ics?from=2025-01-01",
    "/v1/conflicts",
    "/v1/commodities",
    "/v1/restrictions/nobody",
    "/v1/countries/IN/status?as_of=nonsense",
)
OF_EACH = {"x-request-id", "traceparent", "date"}
"""Headers in which two answers to one question differ."""


@contextmanager
def asked(url: str, kept_bytes: int) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(database_url=url, kept_bytes=kept_bytes))) as client:
        yield client


@pytest.fixture
def both(database_url: str) -> Iterator[tuple[TestClient, TestClient]]:
    """The same register twice: one keeps answers, the other does not. Each is told of events by the other."""
    with asked(database_url, 64_000_000) as keeping, asked(database_url, 0) as other:
        yield keeping, other


def tell(client: TestClient, *events: Event) -> None:
    response = client.post("/v1/events", json={"events": events})
    assert response.status_code == 201, response.text


def said(response: Response) -> tuple[int, bytes, dict[str, str]]:
    headers = {name: value for name, value in response.headers.items() if name not in OF_EACH}
    return response.status_code, response.content, headers


def kept(client: TestClient) -> int:
    """How many answers are kept, apart from what they follow from."""
    app: Any = client.app
    entries = kept_of(app.state.register.engine)._entries
    return sum(isinstance(one.found, Answer) for one in entries.values())


@ON_BOTH
def test_answers_are_those_of_a_register_that_keeps_nothing_whatever_is_recorded(
    both: tuple[TestClient, TestClient], database_url: str
):
    """PostgreSQL is asked every third of the paths: by what an answer is kept, tests/projections hold of both."""
    keeping, other = both
    paths = PATHS if database_url.startswith("sqlite") else PATHS[::3]
    first = announced("a", said={"published": "2025-04-01"})
    steps: tuple[Event, ...] = (
        first,
        registered("jay", "Jay Ushin", "IN"),
        granted("l", {"company": "company/jay"}),
        note("n", countries=["US"]),
        suspended("a", "2025-06-01", None),
        announced("b", controller="US", kind="prohibition", end_users={"only": [{"company": "company/jay"}]}),
        defined("rare_earth_magnets", {"hs": "850511"}),
        announced("other-goods", commodities=[{"hs": "2504"}]),
        retracted(first),
    )
    for event in steps:
        tell(other, event)
        anew = {path: said(other.get(path)) for path in paths}
        for path in (*paths, *paths[:8]):
            assert said(keeping.get(path)) == anew[path], (event, path)
        sent = {"accept": "text/csv"}
        assert said(keeping.get("/v1/restrictions", headers=sent)) == said(other.get("/v1/restrictions", headers=sent))


@ON_BOTH
def test_what_is_held_already_is_not_sent_again(both: tuple[TestClient, TestClient]):
    keeping, other = both
    tell(other, announced("a"))
    path = "/v1/countries/IN/status?as_of=2025-07-01"
    tag = keeping.get(path).headers["etag"]
    for event, status in ((note("n", countries=["US"]), 304), (suspended("a", "2025-06-01", None), 200)):
        tell(other, event)
        held = {"if-none-match": tag}
        found = keeping.get(path, headers=held)
        assert (found.status_code, bool(found.content)) == (status, status == 200)
        assert said(found) == said(other.get(path, headers=held))


def test_head_is_answered_without_a_body(both: tuple[TestClient, TestClient]):
    keeping, other = both
    tell(other, announced("a"))
    path = "/v1/countries/IN/status?as_of=2025-07-01"
    keeping.get(path)
    assert said(keeping.head(path)) == said(other.head(path))
    assert keeping.head(path).content == b""


def test_a_kept_answer_needs_its_key_and_a_position_that_is_reached(sqlite_url: str):
    key = "k" * 40
    settings = Settings(database_url=sqlite_url, access_key=key)  # type: ignore[arg-type]
    with TestClient(create_app(settings)) as client:
        path, sent = "/v1/countries", {"authorization": f"Bearer {key}"}
        assert client.get(path, headers=sent).status_code == 200
        assert client.get(path, headers=sent).status_code == 200
        assert client.get(path).status_code == 401
        assert client.get(path, headers=sent | {"min-position": "1"}).status_code == 412


def test_only_answers_from_the_read_models_are_kept_and_only_whole_ones(sqlite_url: str):
    with asked(sqlite_url, 64_000_000) as client:
        tell(client, announced("a"))
        before = kept(client)
        for path in ("/v1/events", "/v1/log/checkpoint", "/v1/restrictions/nobody", "/health/live"):
            client.get(path)
        assert kept(client) == before
        client.get("/v1/restrictions")
        assert kept(client) == before + 1


def test_an_answer_that_may_still_change_for_what_was_asked_is_not_kept(sqlite_url: str):
    with asked(sqlite_url, 64_000_000) as client:
        tell(client, announced("a"))
        before = kept(client)
        assert client.get("/v1/restrictions?known_at=2999-01-01T00:00:00Z").status_code == 200
        assert kept(client) == before


def test_what_many_ask_at_the_same_time_is_derived_once(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    entered, another, go_on = threading.Event(), threading.Event(), threading.Event()

    def counted(*given: Any) -> Any:
        (another if entered.is_set() else entered).set()
        go_on.wait(10)
        return country_status(*given)

    monkeypatch.setattr(countries, "country_status", counted)
    with asked(sqlite_url, 64_000_000) as client, ThreadPoolExecutor(3) as askers:
        tell(client, announced("a"))
        first = askers.submit(client.get, PATHS[1])
        assert entered.wait(10)
        others = [
            askers.submit(client.get, PATHS[1], headers={"accept": accept}) for accept in ("*/*", "application/json")
        ]
        derived_twice = another.wait(0.3)
        go_on.set()
        assert [one.result().content for one in others] == [first.result().content] * 2
    assert not derived_twice


def test_who_asks_the_same_as_a_refused_question_is_refused_as_well(sqlite_url: str) -> None:
    with asked(sqlite_url, 64_000_000) as client, ThreadPoolExecutor(4) as askers:
        refused = askers.map(lambda _: client.get("/v1/countries/IN/status?as_of=nonsense").status_code, range(8))
        assert set(refused) == {422}


def test_who_asks_in_one_turn_of_the_loop_shares_a_look_and_who_asks_later_gets_another(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[Head] = []
    shows = Glance.shows

    def counted(glance: Glance, head: Head) -> bool:
        looks.append(head)
        return shows(glance, head)

    monkeypatch.setattr(Glance, "shows", counted)

    async def ask(register: Register) -> None:
        ends = Ends()
        first = await ends.now(register)
        assert not looks
        assert list(await asyncio.gather(ends.now(register), ends.now(register))) == [first] * 2
        assert looks == [first]
        await asyncio.sleep(0)
        assert await ends.now(register) == first
        assert looks == [first] * 2
        await asyncio.wrap_future(register.log.submit(posted_of(note("n"), 1).events, "tests"))
        assert (await ends.now(register)).position == 1

    register = open_register(Settings(database_url=sqlite_url))
    try:
        asyncio.run(ask(register))
    finally:
        register.close()
