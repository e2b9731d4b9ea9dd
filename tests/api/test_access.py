"""Who is let in: with keys, whoever holds one; without, on loopback, the machine itself."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import psycopg
import pytest
import time_machine
from httpx2 import Response
from sqlalchemy import make_url

from service.api.http import keyring
from service.keys import Scope
from tests.api.conftest import HEAD_THAT_NOBODY_FORESAW, ON_BOTH, client_of
from tests.api.keys import bearer, expired_key, new_key, prefix_of, revoke
from tests.client import TestClient

KEY = "a-key-for-tests-0123456789-abcdef"
NOTE = {
    "stream": "note/example",
    "type": "note.recorded",
    "data": {"kind": "market", "text": "A remark."},
    "source": {"tier": "holder"},
}


@pytest.fixture
def locked(database_url: str) -> Iterator[TestClient]:
    with client_of(database_url=database_url, access_key=KEY) as client:
        yield client


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": KEY},
        {"Authorization": f"Basic {KEY}"},
        bearer(KEY[:-1]),
        bearer(KEY + "x"),
        bearer(KEY.upper()),
        bearer(f"{KEY} {KEY}"),
        {"X-Access-Key": KEY},
    ],
)
def test_without_the_key_nothing_is_read_or_written(locked: TestClient, headers: dict[str, str]):
    answers = [
        locked.get("/v1/events", headers=headers),
        locked.post("/v1/events", json=NOTE, headers=headers),
        locked.get("/v1/no-such-path", headers=headers),
        locked.delete("/v1/events", headers=headers),
        locked.get("/no-such-path", headers=headers),
    ]
    for answer in answers:
        assert answer.status_code == 401, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        wrong = ', error="invalid_token"' if headers.get("Authorization") else ""
        assert answer.headers["www-authenticate"] == f'Bearer realm="lodestone"{wrong}'
        assert answer.json()["type"] == "/problems/unauthorized"
        assert KEY[:-1] not in answer.text
    assert locked.get("/v1/events", headers=bearer(KEY)).json()["events"] == []


@pytest.mark.parametrize(
    "path", ["/v1/../health/../v1/events", "//v1/events", "/docs/../v1/events", "/problems/../v1/events"]
)
def test_no_spelling_of_a_path_goes_around_the_key(locked: TestClient, path: str):
    assert locked.post("/v1/events", json=NOTE, headers=bearer(KEY)).status_code == 201
    assert "A remark." not in locked.get(path).text
    assert "A remark." not in locked.get(path.replace("..", "%2e%2e")).text


def test_the_key_in_a_query_opens_nothing(locked: TestClient):
    assert locked.get("/v1/events", params={"access_key": KEY}).status_code == 401


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_with_the_key_everything_is_read_and_written(locked: TestClient, scheme: str):
    headers = {"Authorization": f"{scheme} {KEY}"}
    assert locked.post("/v1/events", json=NOTE, headers=headers).status_code == 201
    events = locked.get("/v1/events", headers=headers).json()["events"]
    assert [event["actor"] for event in events] == ["key:configured"]
    assert locked.get("/v1/no-such-path", headers=headers).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/health/live", "/health/ready", "/docs", "/docs/start.js", "/openapi.json", "/problems/unauthorized", "/key"],
)
def test_health_and_the_reference_are_open_to_all(locked: TestClient, path: str):
    assert locked.get(path).status_code == 200
    assert locked.get(path, headers=bearer("wrong")).status_code == 200


def test_without_a_configured_key_whoever_reaches_the_service_may_use_it(client: TestClient):
    either: list[dict[str, str]] = [{}, bearer("whatever")]
    for headers in either:
        assert client.post("/v1/events", json=NOTE, headers=headers).status_code == 201
    assert {event["actor"] for event in client.get("/v1/events").json()["events"]} == {"anonymous"}


def test_what_is_logged_of_a_failure_holds_neither_the_key_nor_the_body(
    postgresql_url: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    with client_of(database_url=postgresql_url, access_key=KEY) as broken:
        with psycopg.connect(make_url(postgresql_url).render_as_string(hide_password=False)) as connection:
            connection.execute(HEAD_THAT_NOBODY_FORESAW)
        text = "a-remark-that-nobody-logs"
        body = NOTE | {"data": {"kind": "market", "text": text}}
        answer = broken.post("/v1/events", json=body, headers=bearer(KEY))
    assert answer.status_code == 500
    out, err = capfd.readouterr()
    logged = out + err + caplog.text
    assert "request_failed" in logged
    assert KEY not in logged
    assert text not in logged


def test_the_actor_of_an_event_is_the_prefix_of_the_key_that_it_was_sent_with(database_url: str):
    key = new_key(database_url, Scope.WRITE)
    with client_of(database_url=database_url) as client:
        posted = client.post("/v1/events", json=NOTE, headers=bearer(key))
    assert posted.json()["events"][0]["actor"] == f"key:{prefix_of(key)}"


def test_a_reader_who_writes_is_told_which_scope_is_missing(database_url: str):
    with client_of(database_url=database_url) as client:
        headers = bearer(new_key(database_url, Scope.READ))
        assert client.get("/v1/events", headers=headers).status_code == 200
        refused = client.post("/v1/events", json=NOTE, headers=headers)
    assert refused.status_code == 403
    assert refused.json()["type"] == "/problems/forbidden"
    assert "write" in refused.json()["detail"]
    assert refused.headers["www-authenticate"] == (
        'Bearer realm="lodestone", error="insufficient_scope", scope="write"'
    )


def within_five_seconds(status: int, *asked: Callable[[], Response]) -> None:
    """Each comes to answer with the status within 5 s of now."""
    deadline = time.monotonic() + 5
    for ask in asked:
        while ask().status_code != status:
            assert time.monotonic() < deadline
            time.sleep(0.05)


@ON_BOTH
def test_the_first_key_closes_an_open_register_and_a_revoked_one_is_refused_within_five_seconds(database_url: str):
    """In a service that runs, and in another one beside it."""
    with client_of(database_url=database_url) as one, client_of(database_url=database_url) as other:
        clients = (one, other)
        assert [client.get("/v1/events").status_code for client in clients] == [200, 200]
        key = new_key(database_url, Scope.READ)
        within_five_seconds(401, *(partial(client.get, "/v1/events") for client in clients))
        with_key = [partial(client.get, "/v1/events", headers=bearer(key)) for client in clients]
        assert [ask().status_code for ask in with_key] == [200, 200]
        revoke(database_url, key)
        within_five_seconds(401, *with_key)
        # The last key has ended, and still nobody gets in without one.
        assert [client.get("/v1/events").status_code for client in clients] == [401, 401]


@ON_BOTH
def test_a_key_opens_until_the_instant_that_it_expires_at(database_url: str, monkeypatch: pytest.MonkeyPatch):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with client_of(database_url=database_url) as client, time_machine.travel(start, tick=False) as clock:
        key = expired_key(database_url, Scope.READ, ends=start + timedelta(minutes=1))
        clock.move_to(start + timedelta(seconds=59.999))
        assert client.get("/v1/events", headers=bearer(key)).status_code == 200
        # Not read anew meanwhile: a process knows by itself when a key ends.
        monkeypatch.setattr(keyring, "FRESH_S", 3600)
        clock.move_to(start + timedelta(minutes=1))
        assert client.get("/v1/events", headers=bearer(key)).status_code == 401


HOSTS_OF_ITS_OWN = ["localhost", "localhost:8000", "127.0.0.1:8000", "127.1.2.3", "[::1]", "[::1]:8000", "register", ""]
HOSTS_OF_OTHERS = ["register.example", "register.example:8000", "192.0.2.7", "[2001:db8::1]:80", "localhost.example"]


@pytest.mark.parametrize("host", HOSTS_OF_ITS_OWN)
def test_without_keys_the_machine_itself_gets_in(shared: TestClient, host: str):
    assert shared.get("/v1/events", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", HOSTS_OF_OTHERS)
def test_without_keys_nobody_gets_in_by_a_name_that_a_web_site_may_have(shared: TestClient, host: str):
    refused = shared.get("/v1/events", headers={"Host": host})
    assert refused.status_code == 401
    assert "lodestone keys create" in refused.json()["detail"]


def test_without_keys_a_register_that_is_not_on_loopback_lets_nobody_in(database_url: str):
    with client_of(database_url=database_url, host="0.0.0.0") as client:
        assert client.get("/v1/events").status_code == 401
        assert client.get("/health/live").status_code == 200


def test_where_the_keys_cannot_be_read_nobody_is_let_in(postgresql_url: str, monkeypatch: pytest.MonkeyPatch):
    key = new_key(postgresql_url, Scope.ADMIN)
    monkeypatch.setattr(keyring, "FRESH_S", 0)
    with client_of(database_url=postgresql_url) as client:
        assert client.get("/v1/events", headers=bearer(key)).status_code == 200
        with psycopg.connect(make_url(postgresql_url).render_as_string(hide_password=False)) as connection:
            connection.execute("DROP TABLE access_keys")
        assert client.get("/v1/events", headers=bearer(key)).status_code >= 500
