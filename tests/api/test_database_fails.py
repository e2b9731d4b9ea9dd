"""A database that fails under a service: clients learn when to come back, and nothing of hosts, roles and files."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import anyio.to_thread
import pytest
import structlog
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from typer import Exit

from service import __version__
from service.commands.serving import refuse_unfit
from service.errors import Unavailable
from service.keys import Scope
from service.log.database import opened, writing
from service.logs import log_in_lines
from service.settings import Settings
from tests.api.conftest import ON_BOTH, client_of
from tests.api.keys import bearer, new_key
from tests.client import TestClient

NOTE = {
    "stream": "note/example",
    "type": "note.recorded",
    "data": {"kind": "market", "text": "A remark."},
    "source": {"tier": "holder"},
}
AWAY = "postgresql://s3cret-role:s3cret-word@/s3cret-database?host=/s3cret-path"


def execute(url: str, *statements: str) -> None:
    with opened(url) as engine, writing(engine) as connection:
        for statement in statements:
            connection.execute(text(statement))


@contextmanager
def logged() -> Iterator[StringIO]:
    written = StringIO()
    lines = log_in_lines(written)
    try:
        yield written
    finally:
        lines.close()
        structlog.reset_defaults()


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/events"), ("POST", "/v1/events"), ("GET", "/health/ready"), ("GET", "/metrics"), ("GET", "/v1/no")],
)
def test_a_database_that_is_away_is_told_without_its_host_or_role_and_the_log_has_both(method: str, path: str):
    with logged() as written, client_of(database_url=AWAY) as client:
        answer = client.request(method, path, json=NOTE if method == "POST" else None)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable"), answer.text
    assert int(answer.headers["retry-after"]) >= 1
    assert "s3cret" not in answer.text + str(answer.headers)
    request_id = answer.headers["x-request-id"]
    assert request_id in answer.json()["detail"]
    told = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [line["event"] for line in told if line.get("request_id") == request_id and "s3cret" in line["cause"]] == [
        "unavailable"
    ]
    assert "s3cret-word" not in written.getvalue()


@ON_BOTH
def test_readiness_says_what_is_missing(database_url: str):
    with client_of(database_url=database_url) as client:
        assert client.get("/health/ready").json() == {"status": "ready", "position": 0}
        execute(database_url, "UPDATE alembic_version SET version_num = '0009'")
        told = client.get("/health/ready")
        assert (told.status_code, told.headers["retry-after"]) == (503, "1")
        assert "lodestone db upgrade" in told.json()["detail"]


@ON_BOTH
def test_a_table_that_is_missing_is_told_with_what_to_run(database_url: str):
    execute(database_url, "ALTER TABLE events RENAME TO s3cret")
    with logged(), client_of(database_url=database_url) as client:
        told = client.get("/v1/events")
    assert told.status_code == 503
    assert "lodestone db upgrade" in told.json()["detail"]
    assert "SELECT" not in told.text and "events." not in told.text


def test_why_writes_are_refused_is_told_by_readiness_and_by_a_metric(sqlite_url: str):
    with logged(), client_of(database_url=sqlite_url) as client:
        assert _refusing(client) == 0
        with opened(sqlite_url) as engine, writing(engine) as connection:
            connection.execute(text("ALTER TABLE payloads RENAME TO payloads_apart"))
        assert client.post("/v1/events", json=NOTE).status_code == 503
        ready = client.get("/health/ready")
        assert (ready.status_code, "lacks tables" in ready.json()["refusing_writes"]) == (200, True)
        assert _refusing(client) == 1
        execute(sqlite_url, "ALTER TABLE payloads_apart RENAME TO payloads")
        assert client.post("/v1/events", json=NOTE).status_code == 201
        assert "refusing_writes" not in client.get("/health/ready").json()
        assert _refusing(client) == 0


def _refusing(client: TestClient) -> float:
    families = {one.name: one for one in text_string_to_metric_families(client.get("/metrics").text)}
    return families["lodestone_refusing_writes"].samples[0].value


@ON_BOTH
def test_the_write_ahead_log_is_measured_where_there_is_one(database_url: str):
    with client_of(database_url=database_url) as client:
        assert client.post("/v1/events", json=NOTE).status_code == 201
        families = {one.name: one for one in text_string_to_metric_families(client.get("/metrics").text)}
    assert families["lodestone_build_info"].samples[0].labels == {"version": __version__}
    if database_url.startswith("sqlite"):
        assert families["lodestone_wal_bytes"].samples[0].value > 0
    else:
        assert "lodestone_wal_bytes" not in families
    assert {one.labels["pool"] for one in families["lodestone_connections_in_use"].samples} == {
        "readers",
        "writer",
        "reserved",
    }


@ON_BOTH
def test_readers_that_take_every_connection_keep_nobody_from_recording_or_being_let_in(
    database_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("service.log.database.POOL_TIMEOUT_S", 0.05)
    key = bearer(new_key(database_url, Scope.WRITE))
    with logged(), client_of(database_url=database_url, max_read_connections=1) as client:
        with client.app.state.register.reading():  # type: ignore[attr-defined]
            assert client.get("/v1/events", headers=key).status_code == 503
            assert client.post("/v1/events", headers=key, json=NOTE).status_code == 201
            assert client.get("/health/ready").status_code == 200
            assert client.get("/metrics", headers=key).status_code == 200
        assert client.get("/v1/events", headers=key).status_code == 200


def test_readers_that_take_every_thread_keep_nobody_from_being_let_in(sqlite_url: str):
    key = bearer(new_key(sqlite_url, Scope.WRITE))
    with client_of(database_url=sqlite_url) as client:

        async def take_all() -> None:
            limiter = anyio.to_thread.current_default_thread_limiter()
            for number in range(int(limiter.total_tokens)):
                limiter.acquire_on_behalf_of_nowait(f"reader {number}")

        assert client.portal is not None
        client.portal.call(take_all)
        assert client.get("/health/ready").status_code == 200
        assert client.post("/v1/events", headers=key, json=NOTE).status_code == 201
        assert client.get("/metrics", headers=key).status_code == 200


def test_a_request_holds_a_connection_no_longer_than_the_setting(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    with client_of(database_url=sqlite_url, connection_timeout_s=1) as client:
        assert client.get("/v1/events").status_code == 200
        monkeypatch.setattr("service.log.limits.time.monotonic", iter(range(0, 1000, 2)).__next__)
        told = client.get("/v1/events")
        assert (told.status_code, told.json()["type"]) == (503, "/problems/took-too-long")


def refusal(url: str) -> str:
    with pytest.raises((Unavailable, Exit)) as refused:
        refuse_unfit(Settings(database_url=url))
    return str(refused.value)


@ON_BOTH
def test_a_database_that_lacks_its_tables_is_not_served(database_url: str, tmp_path_factory: pytest.TempPathFactory):
    refuse_unfit(Settings(database_url=database_url))
    execute(database_url, "UPDATE alembic_version SET version_num = '0001'")
    assert "lodestone db upgrade" in refusal(database_url)
    nothing = tmp_path_factory.mktemp("nothing") / "none.db"
    assert "lodestone db upgrade" in refusal(f"sqlite:///{nothing}")
    assert not nothing.exists()
    nothing.write_bytes(b"This is no database." * 100)
    assert "damaged, or is none" in refusal(f"sqlite:///{nothing}")


def test_a_database_that_is_away_is_waited_for():
    refuse_unfit(Settings(database_url=AWAY))
