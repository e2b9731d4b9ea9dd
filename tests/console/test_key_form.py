"""Where a register needs a key, a browser is asked for one."""

from collections.abc import Iterator

import pytest

from service.app import create_app
from service.settings import Settings
from tests.client import TestClient

KEY = "k" * 32


@pytest.fixture
def locked(sqlite_url: str) -> Iterator[TestClient]:
    settings = Settings(database_url=sqlite_url, access_key=KEY)  # type: ignore[arg-type]
    with TestClient(create_app(settings), headers={"Accept": "text/html"}, follow_redirects=False) as client:
        yield client


def test_a_browser_without_a_key_is_led_to_the_form_and_back(locked: TestClient):
    sent = locked.get("/answer?goods=gallium")
    assert (sent.status_code, sent.headers["location"]) == (303, "/key?next=%2Fanswer%3Fgoods%3Dgallium")
    taken = locked.post("/key", data={"key": KEY, "next": "/answer?goods=gallium"})
    assert (taken.status_code, taken.headers["location"]) == (303, "/answer?goods=gallium")
    assert locked.get("/answer?goods=gallium").status_code == 200


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(locked: TestClient):
    cookie = locked.post("/key", data={"key": KEY}).headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie


def test_a_wrong_key_is_not_kept(locked: TestClient):
    answer = locked.post("/key", data={"key": "w" * 32})
    assert answer.status_code == 401 and "set-cookie" not in answer.headers
    assert KEY not in answer.text and "w" * 32 not in answer.text


def test_the_cookie_reads_the_api_and_does_not_write_to_it(locked: TestClient):
    locked.post("/key", data={"key": KEY})
    assert locked.get("/v1/countries", headers={"Accept": "application/json"}).status_code == 200
    assert locked.post("/v1/events", json={}).status_code == 401


def test_a_program_without_a_key_is_answered_as_before(locked: TestClient):
    assert locked.get("/", headers={"Accept": "application/json"}).status_code == 401
    assert locked.get("/v1/countries").status_code == 401


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
def test_the_form_leads_to_no_other_site(locked: TestClient, elsewhere: str):
    assert locked.post("/key", data={"key": KEY, "next": elsewhere}).headers["location"] == "/"


def test_an_empty_key_is_forgotten(locked: TestClient):
    locked.post("/key", data={"key": KEY})
    locked.post("/key", data={"key": ""})
    assert locked.get("/").status_code == 303
