"""With an access key, only whoever holds it reads or writes; without one, everyone who reaches the service."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import make_url
from starlette.testclient import TestClient

from tests.api.conftest import client_of

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


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


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
        assert answer.headers["www-authenticate"] == "Bearer"
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
    assert [event["actor"] for event in events] == ["key-holder"]
    assert locked.get("/v1/no-such-path", headers=headers).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/health/live", "/health/ready", "/docs", "/docs/start.js", "/openapi.json", "/problems/unauthorized", "/"],
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
    with psycopg.connect(make_url(postgresql_url).render_as_string(hide_password=False)) as connection:
        connection.execute("DROP TABLE payloads CASCADE")
    with client_of(database_url=postgresql_url, access_key=KEY) as broken:
        text = "a-remark-that-nobody-logs"
        body = NOTE | {"data": {"kind": "market", "text": text}}
        answer = broken.post("/v1/events", json=body, headers=bearer(KEY))
    assert answer.status_code >= 500
    out, err = capfd.readouterr()
    logged = out + err + caplog.text
    assert "request_failed" in logged
    assert KEY not in logged
    assert text not in logged
