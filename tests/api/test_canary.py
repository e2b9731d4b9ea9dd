"""A secret that a client or an operator entrusts to the service shows in nothing that it tells about itself."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import structlog
from httpx2 import Response
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import SecretStr
from sqlalchemy import make_url, text

from service import logs
from service.api.http import keyring
from service.app import create_app
from service.keys import Scope
from service.log.database import opened, writing
from service.settings import Settings
from tests.api.conftest import ON_BOTH
from tests.api.keys import bearer, new_key
from tests.client import TestClient

CANARY = "canary-7f3e9a-canary-7f3e9a-canary-7f3e9a"
NAMES = (f"<{CANARY}>", f"{CANARY} {CANARY}", CANARY * 2)
"""What no name of the service can be: with other characters, or longer."""
NOTE = {
    "stream": "note/example",
    "type": "note.recorded",
    "data": {"kind": "market", "text": f"A remark: {CANARY}."},
    "source": {"tier": "holder"},
}
JSON = {"Content-Type": "application/json"}


class Watched:
    """A service with the canary as its key, and as the password of its database; and all that it tells."""

    def __init__(self, url: str) -> None:
        self.url = url
        with_password = make_url(url).set(password=CANARY).render_as_string(hide_password=False)
        self._log = io.StringIO()
        self._lines = logs.log_in_lines(self._log)
        self._spans = InMemorySpanExporter()
        settings = Settings(
            database_url=with_password if url.startswith("postgresql") else url,
            access_key=SecretStr(CANARY),
            max_body_bytes=2_000,
            traces=True,
        )
        assert CANARY not in repr(settings.access_key)
        self.client = TestClient(
            create_app(settings, request_log=self._lines, span_exporter=self._spans), raise_server_exceptions=False
        )
        self.errors: list[Response] = []
        self.told: list[str] = []

    def ask(self, status: int, method: str, path: str, **request: Any) -> None:
        """Sends a request, and keeps what is told of it where it fails."""
        headers = {"Authorization": f"Bearer {CANARY}"} | request.pop("headers", {})
        answer = self.client.request(method, path, headers=headers, **request)
        assert answer.status_code == status, answer.text
        if status >= 400:
            self.errors.append(answer)

    def sabotage(self, statement: str) -> None:
        with opened(self.url) as engine, writing(engine) as connection:
            connection.execute(text(statement))

    def everything(self) -> dict[str, str]:
        """All that was told, once the service has stopped."""
        self._lines.close()
        return {
            "log": self._log.getvalue(),
            "errors": "".join(f"{dict(answer.headers)}{answer.text}" for answer in self.errors),
            "traces": "".join(span.to_json() for span in self._spans.get_finished_spans()),
            "metrics": "".join(self.told),
        }


@contextmanager
def watched(url: str) -> Iterator[Watched]:
    found = Watched(url)
    try:
        with found.client:
            yield found
    finally:
        structlog.reset_defaults()


def succeed(service: Watched) -> None:
    service.ask(201, "POST", "/v1/events", json=NOTE)
    service.ask(200, "GET", "/v1/events")
    service.ask(200, "GET", "/v1/companies", params={"q": CANARY})


def fail(service: Watched) -> None:
    """Every kind of refusal, with the canary wherever a client can put it."""
    nobody = {"Authorization": ""}
    service.ask(401, "GET", "/v1/events", headers=nobody, params={"country": CANARY})
    service.ask(401, "GET", "/v1/events", headers={"Authorization": f"Basic {CANARY}"})
    service.ask(401, "GET", "/v1/events", headers=bearer(f"{CANARY}-wrong"))
    service.ask(404, "GET", "/v1/notes/unknown")
    service.ask(405, "DELETE", "/v1/events", content=CANARY)
    service.ask(414, "GET", "/v1/events", params={"country": CANARY * 250})
    service.ask(431, "GET", "/v1/events", headers={"X-Long": CANARY * 1_000})
    service.ask(422, "GET", "/v1/events", params={"country": CANARY})
    service.ask(422, "GET", "/v1/events", params={"limit": CANARY})
    service.ask(422, "GET", "/v1/notes", params={"as_of": CANARY})
    service.ask(422, "GET", "/v1/notes", params={"known_at": CANARY})
    service.ask(415, "POST", "/v1/events", content=CANARY, headers={"Content-Type": "text/plain"})
    service.ask(400, "POST", "/v1/events", content=CANARY, headers=JSON)
    service.ask(400, "POST", "/v1/events", content=f'{{"stream": 1.5, "type": "{CANARY}"}}', headers=JSON)
    service.ask(413, "POST", "/v1/events", content=CANARY * 100, headers=JSON)
    service.ask(422, "POST", "/v1/events", json=NOTE | {"type": CANARY})
    service.ask(422, "POST", "/v1/events", json=NOTE | {"effective": CANARY})
    service.ask(422, "POST", "/v1/determinations", json={"questions": [{"controller": CANARY}]})
    for name in NAMES:
        name_in_each_place(service, name)
    service.ask(409, "POST", "/v1/events", json=NOTE | {"expected_version": 7})
    service.ask(
        409,
        "POST",
        "/v1/events",
        json=NOTE
        | {
            "stream": "license/some",
            "type": "license.used",
            "data": {"reference": CANARY, "day": "2025-01-01", "quantity": {"value": "1", "unit": "KGM"}},
        },
    )


def name_in_each_place(service: Watched, name: str) -> None:
    service.ask(422, "GET", "/v1/events", params={name: "x"})
    service.ask(422, "GET", "/v1/events", params=[(name, "x"), (name, "x")])
    service.ask(422, "POST", "/v1/events", params={name: "x"}, json=NOTE)
    service.ask(422, "POST", "/v1/events", json=NOTE | {name: "x"})
    service.ask(422, "POST", "/v1/events", json=NOTE | {"metadata": {name: "x"}})
    service.ask(422, "POST", "/v1/events", json=NOTE | {"data": {"kind": "market", "text": "x", name: "x"}})
    service.ask(422, "POST", "/v1/events", json={"events": [NOTE], name: "x"})
    service.ask(422, "POST", "/v1/events", json={"events": [NOTE], "condition": {"after": 0, name: "x"}})
    service.ask(422, "POST", "/v1/determinations", json={"questions": [], name: "x"})
    service.ask(422, "POST", "/v1/determinations", json={"commodity": {name: "x"}})
    service.ask(400, "POST", "/v1/events", content=f'{{"{name}": {{"a": 1.5}}}}', headers=JSON)
    cloud = {"specversion": "1.0", "id": "7", "source": "/x", "type": NOTE["type"], "subject": NOTE["stream"]}
    data = {"data": NOTE["data"], "source": NOTE["source"]}
    for sent in (cloud | {"data": data, name: "x"}, cloud | {"data": data | {name: "x"}}):
        service.ask(422, "POST", "/v1/events", json=sent, headers={"Content-Type": "application/cloudevents+json"})
    header = f"ce-{CANARY}`{CANARY}" if " " in name or "<" in name else f"ce-{name}"
    service.ask(422, "POST", "/v1/events", json=data, headers={header: "x"})
    service.ask(422, "POST", "/v1/events", json=data, headers={header: "%ff"})


def crash(service: Watched) -> None:
    """The database no longer has what the code expects: nobody foresaw it."""
    service.sabotage("ALTER TABLE payloads RENAME TO payloads_apart")
    service.ask(503, "POST", "/v1/events", json=NOTE)
    service.sabotage("ALTER TABLE payloads_apart RENAME TO payloads")


@pytest.mark.parametrize("course", [succeed, fail, crash])
@ON_BOTH
def test_a_secret_shows_in_no_log_no_error_no_trace_and_no_metric(database_url: str, course: Any):
    with watched(database_url) as service:
        course(service)
        metrics = service.client.get("/metrics", headers=bearer(CANARY))
        assert metrics.status_code == 200
        service.told.append(metrics.text)
    told = service.everything()
    for where, said in told.items():
        assert "canary" not in said.lower(), f"{where}: {said}"
    # What was looked through is what there is to look through.
    assert told["log"].count('"event": "request"') >= 2
    assert "lodestone_request_duration_seconds" in told["metrics"]
    assert '"http.route": "/v1/events"' in told["traces"]


@ON_BOTH
def test_a_key_that_was_made_shows_nowhere_either(database_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(keyring, "FRESH_S", 0)
    reader = new_key(database_url, Scope.READ)
    secret = reader.split("_", 2)[2]
    with watched(database_url) as service:
        service.ask(200, "GET", "/v1/events", headers=bearer(reader))
        service.ask(403, "POST", "/v1/events", headers=bearer(reader), json=NOTE)
        service.told.append(service.client.get("/metrics", headers=bearer(reader)).text)
    told = service.everything()
    assert "".join(told.values()).count(secret) == 0
    assert reader.split("_")[1] in told["log"]


def test_a_database_that_is_away_is_told_without_its_password(postgresql_url: str):
    away = make_url(postgresql_url).set(database="no_such_database").render_as_string(hide_password=False)
    service = Watched(away)
    try:
        with service.client:
            service.ask(503, "GET", "/v1/events")
            service.ask(503, "GET", "/health/ready")
    finally:
        structlog.reset_defaults()
    for where, said in service.everything().items():
        assert "canary" not in said.lower(), f"{where}: {said}"
