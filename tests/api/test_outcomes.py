"""What the service tells of its requests: in its log, in /metrics, in traces."""

import io
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import structlog
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from service import logs
from service.api.http import tracing
from service.api.http.metrics import Metrics
from service.api.http.outcomes import Outcome
from service.app import create_app
from service.commands.keys import key_made
from service.errors import Unavailable
from service.keys import Scope
from service.log.append import Appended
from service.log.database import opened, writing
from service.logs import log_in_lines
from service.settings import Settings
from tests.api.conftest import HEAD_THAT_NOBODY_FORESAW, ON_BOTH, client_of
from tests.api.keys import bearer, new_key, prefix_of
from tests.client import TestClient

NOTE = {
    "stream": "note/example",
    "type": "note.recorded",
    "data": {"kind": "market", "text": "A remark."},
    "source": {"tier": "holder"},
}


class Logged:
    """The log of a service, as the lines that it is read in."""

    def __init__(self) -> None:
        self._stream = io.StringIO()
        self.lines = log_in_lines(self._stream)

    def read(self) -> list[dict[str, Any]]:
        """All that was logged; nothing is, afterwards."""
        self.lines.close()
        return [json.loads(line) for line in self._stream.getvalue().splitlines()]


@pytest.fixture
def logged() -> Iterator[Logged]:
    yield Logged()
    structlog.reset_defaults()


def test_each_request_is_one_line_with_its_route_its_key_and_how_it_ended(database_url: str, logged: Logged):
    key = new_key(database_url, Scope.WRITE)
    with logging_client(database_url, logged) as client:
        answers = [
            client.post("/v1/events", json=NOTE, headers=bearer(key)),
            client.get("/v1/notes/some-slug?as_of=2025-01-01", headers=bearer(key)),
            client.get("/v1/events"),
            client.get("/no/such/path", headers=bearer(key)),
            client.request("BREW", "/v1/events", headers=bearer(key)),
        ]
    lines = logged.read()
    actor = f"key:{prefix_of(key)}"
    assert [(line["method"], line["route"], line["status"], line["actor"]) for line in lines] == [
        ("POST", "/v1/events", 201, actor),
        ("GET", "/v1/notes/{id}", 404, actor),
        ("GET", "none", 401, None),
        ("GET", "none", 404, actor),
        ("other", "/v1/events", 405, actor),
    ]
    for line, answer in zip(lines, answers, strict=True):
        assert set(line) == {
            "event",
            "level",
            "timestamp",
            "method",
            "route",
            "status",
            "duration_ms",
            "actor",
            "request_id",
        }
        assert line["event"] == "request"
        assert line["duration_ms"] > 0
        assert line["request_id"] == answer.headers["x-request-id"]
    assert len({line["request_id"] for line in lines}) == len(lines)


def test_an_application_that_no_server_serves_logs_no_requests(sqlite_url: str, logged: Logged):
    with client_of(database_url=sqlite_url) as client:
        assert client.get("/v1/events").status_code == 200
    assert logged.read() == []


def logging_client(url: str, logged: Logged) -> TestClient:
    return TestClient(create_app(Settings(database_url=url), request_log=logged.lines), raise_server_exceptions=False)


def test_a_failure_is_logged_where_it_was_raised_under_the_id_of_its_request(postgresql_url: str, logged: Logged):
    with logging_client(postgresql_url, logged) as client:
        with opened(postgresql_url) as engine, writing(engine) as connection:
            connection.execute(text(HEAD_THAT_NOBODY_FORESAW))
        answer = client.get("/v1/events")
    assert answer.status_code == 500
    failure, outcome = logged.read()
    assert (failure["event"], failure["level"]) == ("request_failed", "error")
    assert any("read.py" in frame for frame in failure["traceback"])
    assert failure["request_id"] == outcome["request_id"] == answer.headers["x-request-id"]
    assert outcome["status"] == 500


def test_a_log_that_nobody_reads_holds_no_request_up_and_counts_what_it_drops(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(logs, "MOST_WAITING", 10)

    class Stuck(io.StringIO):
        free = threading.Event()

        def write(self, line: str) -> int:
            self.free.wait(10)
            return super().write(line)

    stream = Stuck()
    lines = logs.Lines(stream)
    for number in range(50):
        lines.write(f"{number}\n")
    stream.free.set()
    lines.close()
    written = stream.getvalue().splitlines()
    told = [json.loads(line) for line in written if line.startswith("{")]
    kept = [line for line in written if not line.startswith("{")]
    assert kept == [str(number) for number in range(len(kept))]
    assert 10 <= len(kept) < 50
    assert sum(line["count"] for line in told) == 50 - len(kept)


def measured(client: TestClient, **headers: str) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    """The samples of /metrics, by name and by labels."""
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    found: dict[str, dict[tuple[tuple[str, str], ...], float]] = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sorted(sample.labels.items()))] = sample.value
    return found


def counted(found: dict[str, Any], method: str, route: str, status: str) -> float:
    labels = (("method", method), ("route", route), ("status", status))
    return float(found["lodestone_request_duration_seconds_count"].get(labels, 0))


def test_requests_are_counted_by_route_and_class_of_status(database_url: str):
    with client_of(database_url=database_url) as client:
        for slug in ("one", "two", "three"):
            client.get(f"/v1/notes/{slug}")
        client.post("/v1/events", json=NOTE)
        client.get("/no/such/path/one")
        client.get("/no/such/path/two")
        found = measured(client)
    assert counted(found, "GET", "/v1/notes/{id}", "4xx") == 3
    assert counted(found, "POST", "/v1/events", "2xx") == 1
    assert counted(found, "GET", "none", "4xx") == 2
    assert not any(
        "one" in value
        for labels in found["lodestone_request_duration_seconds_count"]
        for _, value in labels
        if value != "none"
    )


@ON_BOTH
def test_the_gauges_say_where_the_log_and_its_read_models_stand(database_url: str):
    with client_of(database_url=database_url) as client:
        client.post("/v1/events", json=NOTE)
        client.post("/v1/events", json=NOTE)
        found = {name: values.get((), None) for name, values in measured(client).items()}
        assert found["lodestone_log_head_position"] == 2
        assert found["lodestone_read_models_position"] == 2
        assert found["lodestone_read_models_lag_events"] == 0
        assert found["lodestone_writer_queue_requests"] == 0
        assert 10_000 < float(found["lodestone_database_size_bytes"] or 0) < 10**9
        with opened(database_url) as engine, writing(engine) as connection:
            connection.execute(text("UPDATE read_models SET position = 1"))
        assert measured(client)["lodestone_read_models_lag_events"][()] == 1


def test_metrics_are_for_whoever_may_read(database_url: str):
    key = new_key(database_url, Scope.READ)
    with client_of(database_url=database_url) as client:
        assert client.get("/metrics").status_code == 401
        assert "lodestone_log_head_position" in measured(client, **bearer(key))


def test_refused_keys_are_counted_by_what_was_wrong_with_them(sqlite_url: str):
    key = new_key(sqlite_url, Scope.READ)
    with client_of(database_url=sqlite_url) as client:
        client.get("/v1/events", headers=bearer("lsk_none_of_these"))
        client.get("/v1/events")
        client.post("/v1/events", json=NOTE, headers=bearer(key))
        found = measured(client, **bearer(key))["lodestone_keys_refused_total"]
    assert found == {(("status", "401"),): 2, (("status", "403"),): 1}


def test_how_far_the_kept_checkpoint_is_behind_is_told_where_one_is_kept(sqlite_url: str, tmp_path: Path):
    with client_of(database_url=sqlite_url) as client:
        assert "lodestone_checkpoint_lag_events" not in measured(client)
    key_file = tmp_path / "key"
    key_made(key_file, "localhost/lodestone")
    kept = {"last_checkpoint": tmp_path / "last", "signing_key_file": key_file}
    with client_of(database_url=sqlite_url, **kept) as client:
        client.post("/v1/events", json=NOTE)
        assert measured(client)["lodestone_checkpoint_lag_events"][()] in (0, 1)


def test_waiting_for_connections_is_told_by_pool(sqlite_url: str):
    with client_of(database_url=sqlite_url) as client:
        client.get("/v1/events")
        found = measured(client)["lodestone_connection_wait_seconds_total"]
        assert {dict(labels)["pool"] for labels in found} == {"readers", "writer", "reserved"}


LONG_S = 60
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def traced(url: str, *requests: dict[str, Any]) -> list[ReadableSpan]:
    """The spans of a service that was sent some requests, those that ended last first."""
    exporter = InMemorySpanExporter()
    app = create_app(Settings(database_url=url, traces=True), span_exporter=exporter)
    # On a busy machine what waits is not sent in the quarter of a second that a stop allows.
    with (
        patch.object(tracing, "STOP_S", LONG_S),
        TestClient(app, raise_server_exceptions=False) as client,
    ):
        for request in requests:
            client.request(**request)
    return list(reversed(exporter.get_finished_spans()))


@ON_BOTH
def test_a_request_continues_the_trace_of_its_client_and_an_append_is_a_part_of_it(database_url: str):
    posted = {"method": "POST", "url": "/v1/events", "json": NOTE, "headers": {"traceparent": PARENT}}
    request, append = traced(database_url, posted)
    assert (request.name, append.name) == ("POST /v1/events", "append")
    assert request.kind is SpanKind.SERVER
    assert request.parent and request.context and append.parent and append.context
    assert f"{request.context.trace_id:032x}" == PARENT.split("-")[1]
    assert f"{request.parent.span_id:016x}" == PARENT.split("-")[2]
    assert append.parent.span_id == request.context.span_id
    assert append.context.trace_id == request.context.trace_id
    assert dict(request.attributes or {}) == {
        "http.request.method": "POST",
        "http.route": "/v1/events",
        "http.response.status_code": 201,
    }
    assert dict(append.attributes or {}) == {"lodestone.events": 1, "lodestone.position": 1}


@pytest.mark.parametrize("header", [{}, {"traceparent": "no-such-thing"}, {"traceparent": PARENT[:-1]}])
def test_without_a_trace_that_can_be_read_a_request_begins_its_own(sqlite_url: str, header: dict[str, str]):
    (request,) = traced(sqlite_url, {"method": "GET", "url": "/v1/notes/some", "headers": header})
    assert request.parent is None
    assert request.name == "GET /v1/notes/{id}"
    assert request.status.status_code is not StatusCode.ERROR


def test_an_append_that_was_refused_and_a_failure_are_marked_as_such(postgresql_url: str):
    refused = NOTE | {"expected_version": 7}
    _, append = traced(postgresql_url, {"method": "POST", "url": "/v1/events", "json": refused})
    assert append.status.status_code is StatusCode.ERROR
    assert dict(append.attributes or {}) == {"lodestone.events": 1, "lodestone.problem": "version-conflict"}
    with opened(postgresql_url) as engine, writing(engine) as connection:
        connection.execute(text("DROP TABLE payloads CASCADE"))
    (failed,) = traced(postgresql_url, {"method": "GET", "url": "/v1/events"})
    assert failed.status.status_code is StatusCode.ERROR
    assert not failed.events


def test_traces_without_the_extra_stop_the_start_with_a_sentence(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delitem(sys.modules, "service.api.http.tracing", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(Unavailable, match=r"lodestone\[otel\] is not installed"):
        create_app(Settings(database_url=sqlite_url, traces=True))


def test_without_traces_nothing_of_opentelemetry_is_loaded():
    program = (
        "import sys\nfrom service.app import create_app\nfrom service.settings import Settings\n"
        "create_app(Settings())\nprint([name for name in sys.modules if name.startswith('opentelemetry.sdk')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_collector_that_is_away_does_not_hold_up_the_end():
    class Away(InMemorySpanExporter):
        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            time.sleep(5)
            return SpanExportResult.FAILURE

    traces = tracing.Traces(Away())
    answer: Future[Appended] = Future()
    traces.appends([], answer)
    answer.set_exception(Unavailable("The database is away."))
    started = time.monotonic()
    traces.close()
    assert time.monotonic() - started < 1


def test_a_log_that_cannot_be_written_for_a_while_is_written_again():
    class Full(io.StringIO):
        free = 0
        refused = threading.Event()

        def write(self, line: str) -> int:
            if not self.free:
                self.refused.set()
                raise OSError(28, "No space left on device")
            return super().write(line)

    stream = Full()
    lines = logs.Lines(stream)
    lines.write("1\n")
    assert stream.refused.wait(10)
    stream.free = 1
    lines.write("2\n")
    lines.close()
    assert "2\n" in stream.getvalue()
    assert '"count": 1' in stream.getvalue()


def test_a_duration_counts_in_its_bucket_and_in_all_wider_ones():
    counted = Metrics()
    for duration_s in (0.001, 0.0011, 11.0):
        counted.count("GET", "/v1/events", 200, duration_s)
    labels = {"method": "GET", "route": "/v1/events", "status": "2xx"}

    def told(name: str, **more: str) -> float | None:
        return counted.registry.get_sample_value(f"lodestone_request_duration_seconds_{name}", labels | more)

    assert [told("bucket", le=le) for le in ("0.001", "0.0025", "10.0", "+Inf")] == [1, 2, 2, 3]
    assert told("count") == 3
    assert told("sum") == pytest.approx(11.0021)


def test_a_line_that_is_made_later_stands_in_its_place():
    stream = io.StringIO()
    lines = logs.Lines(stream)
    lines.write("1\n")
    lines.write_later(lambda: "2\n")
    lines.write("3\n")
    lines.close()
    assert stream.getvalue() == "1\n2\n3\n"


def test_the_line_of_a_request_is_json_whatever_stands_in_it():
    told = Outcome(1_700_000_000.25, "GET", "/v1/{id}", 204, 0.001234, 'key:"é', "ab12")
    assert json.loads(told.line()) == {
        "event": "request",
        "level": "info",
        "timestamp": "2023-11-14T22:13:20.250000Z",
        "method": "GET",
        "route": "/v1/{id}",
        "status": 204,
        "duration_ms": 1.23,
        "actor": 'key:"é',
        "request_id": "ab12",
    }
    assert json.loads(told._replace(actor=None).line())["actor"] is None
