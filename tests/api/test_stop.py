"""Told to stop, a service does so within five seconds, whatever is open, and loses nothing that it acknowledged."""

import http.client
import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from service.log import read
from service.log.database import engine_for, opened, reading, writing
from tests.api.conftest import ON_BOTH
from tests.api.test_serve import address

ENOUGH = 10
"""Events that are acknowledged before it is told to stop."""
SLOW = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT count(*) FROM n"


@pytest.fixture
def served(lodestone_command: Path, database_url: str) -> Iterator[subprocess.Popen[str]]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LODESTONE_")}
    process = subprocess.Popen(
        [lodestone_command, "serve", "--port", "0"],
        env=clean | {"LODESTONE_DATABASE_URL": database_url, "LODESTONE_LOG_REQUESTS": "false"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def note(number: int, remark: str = "A remark.") -> bytes:
    event = {
        "stream": f"note/number-{number}",
        "type": "note.recorded",
        "data": {"kind": "market", "text": remark},
        "source": {"tier": "holder"},
    }
    return json.dumps(event).encode()


@dataclass
class Writer:
    """Posts one event after another, until it is turned away, and remembers which were acknowledged."""

    host: str
    port: int
    first: int
    acknowledged: list[str] = field(default_factory=list)

    def run(self) -> None:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=10)
        with closing(connection), suppress(OSError, http.client.HTTPException):
            for number in range(self.first, self.first + 100_000):
                connection.request("POST", "/v1/events", note(number), {"Content-Type": "application/json"})
                with connection.getresponse() as answer:
                    said = json.loads(answer.read())
                if answer.status == 201:
                    self.acknowledged.append(said["events"][0]["id"])


def request(host: str, port: int, sent: bytes) -> socket.socket:
    """A connection over which something was sent, and from which nobody reads."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.connect((host, port))
    connection.sendall(sent)
    return connection


def fill(host: str, port: int) -> None:
    """Enough for one page to be more than the buffers between two sockets hold."""
    connection = http.client.HTTPConnection(host, port, timeout=30)
    events = [json.loads(note(number, "x" * 19_000)) for number in range(100)]
    for start in range(0, 800, 100):
        for number, event in enumerate(events, start):
            event["stream"] = f"note/large-{number}"
        connection.request("POST", "/v1/events", json.dumps({"events": events}), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert answer.status == 201, answer.read()
        answer.read()
    connection.close()


def slow_down(database_url: str) -> None:
    """From now on a question about milestones keeps PostgreSQL busy for longer than the stop may take. SQLite takes no
    rows through a view, and the writers have to go on."""
    if database_url.startswith("sqlite"):
        return
    with opened(database_url) as engine, writing(engine) as connection:
        connection.execute(text("ALTER TABLE lookups RENAME TO lookups_apart"))
        slow = f"SELECT * FROM lookups_apart WHERE noun <> 'milestone' OR ({SLOW}) < 0"
        connection.execute(text(f"CREATE VIEW lookups AS {slow}"))


@ON_BOTH
def test_it_stops_within_five_seconds_with_status_0_and_keeps_every_acknowledged_event(
    served: subprocess.Popen[str], database_url: str
):
    at = urlsplit(address(served))
    host, port = str(at.hostname), int(at.port or 0)
    fill(host, port)
    slow_down(database_url)
    writers = [Writer(host, port, first) for first in (1_000_000, 2_000_000, 3_000_000)]
    threads = [threading.Thread(target=writer.run, daemon=True) for writer in writers]
    with ExitStack() as stack:
        kept = stack.enter_context(request(host, port, b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        assert kept.recv(4_096).startswith(b"HTTP/1.1 200")
        half = b"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        waiting = stack.enter_context(request(host, port, half + b"Content-Length: 100\r\n\r\n{"))
        for sent in (
            b"GET /v1/events?limit=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"GET /v1/milestones HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"GET /v1/events HTTP/1.1\r\nHost: local",
        ):
            stack.enter_context(request(host, port, sent))
        for thread in threads:
            thread.start()
        while sum(len(writer.acknowledged) for writer in writers) <= ENOUGH and all(
            thread.is_alive() for thread in threads
        ):
            time.sleep(0.01)
        served.send_signal(signal.SIGTERM)
        told_at = time.monotonic()
        _, complaint = served.communicate(timeout=20)
        took_s = time.monotonic() - told_at
        # Whoever is left without an answer is told to come again.
        answer = waiting.recv(4_096)
        assert answer.startswith(b"HTTP/1.1 503") and b"retry-after: 1" in answer.lower()
    for thread in threads:
        thread.join(10)
    assert served.returncode == 0, complaint
    assert took_s < 5, complaint
    # Something was indeed open for as long as it may be.
    assert took_s > 2, complaint
    assert "Exception" not in complaint
    acknowledged = [event for writer in writers for event in writer.acknowledged]
    assert len(acknowledged) > ENOUGH
    engine = engine_for(database_url)
    with reading(engine) as connection:
        found = {id_ for id_ in acknowledged if read.by_id(connection, id_) is not None}
    engine.dispose()
    assert found == set(acknowledged)
