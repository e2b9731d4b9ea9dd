"""Connections are bounded: how many, how large a head, how long a head, a body, an idle client, a reader may take."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from service.api.http.protocol import Bounds, protocol
from service.api.http.rates import Rates
from service.api.http.sending import PIECE_BYTES, Unsent
from service.keys import Scope as KeyScope
from tests.api.conftest import client_of
from tests.api.keys import bearer, new_key

LARGE_BYTES = 20_000_000
WIDE = Bounds(head_timeout_s=60, body_timeout_s=60, read_timeout_s=60, head_bytes=4_000, connections=100)
HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the body, and answers with as many bytes as the path says."""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        more = message.get("more_body", False)
    body = b"x" * int(scope["path"].strip("/") or 2)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@dataclass
class Bounded:
    port: int
    unsent: Unsent

    @contextlib.contextmanager
    def connection(self) -> Iterator[socket.socket]:
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            yield connection

    def told(self, connection: socket.socket) -> bytes:
        """All that comes until the service closes the connection."""
        parts = []
        with contextlib.suppress(ConnectionResetError):
            while part := connection.recv(65_536):
                parts.append(part)
        return b"".join(parts)


@contextlib.contextmanager
def served(bounds: Bounds, idle_s: int = 60, most_bytes: int = 1_000_000) -> Iterator[Bounded]:
    unsent = Unsent(application, most_bytes=most_bytes)
    config = uvicorn.Config(
        unsent, http=protocol(bounds), ws="none", lifespan="off", log_config=None, timeout_keep_alive=idle_s
    )
    server, door = uvicorn.Server(config), socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield Bounded(door.getsockname()[1], unsent)
    finally:
        server.should_exit = server.force_exit = True
        thread.join(10)
        door.close()


@pytest.mark.parametrize(
    ("sent", "status"),
    [(b"", b"408"), (HEAD, b"408"), (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf", b"408")],
    ids=["nothing", "half a head", "half a body"],
)
def test_what_does_not_arrive_in_time_is_told_so_and_the_connection_closed(sent: bytes, status: bytes):
    with served(replace(WIDE, head_timeout_s=0.1, body_timeout_s=0.1)) as server, server.connection() as client:
        client.sendall(sent)
        told = server.told(client)
    assert told.startswith(b"HTTP/1.1 " + status)
    assert b"/problems/request-timeout" in told and b"connection: close" in told


def test_a_connection_that_asks_nothing_is_closed_and_one_that_asks_on_is_not():
    with served(replace(WIDE, head_timeout_s=2), idle_s=1) as server, server.connection() as client:
        for _ in range(3):
            client.sendall(HEAD + b"\r\n")
            assert client.recv(65_536).startswith(b"HTTP/1.1 200")
        started = time.monotonic()
        assert server.told(client) == b""
        assert time.monotonic() - started < 5


def test_a_head_is_as_large_as_the_limit_and_refused_before_the_rest_is_read():
    with served(WIDE) as server:
        with server.connection() as client:
            left = WIDE.head_bytes - len(HEAD) - len(b"X: \r\n\r\n")
            client.sendall(HEAD + b"X: " + b"x" * left + b"\r\n\r\n")
            assert client.recv(65_536).startswith(b"HTTP/1.1 200")
        with server.connection() as client:
            client.sendall(HEAD + b"X: " + b"x" * WIDE.head_bytes)
            assert server.told(client).startswith(b"HTTP/1.1 431")


def test_bodies_do_not_count_as_heads():
    body = b"x" * WIDE.head_bytes
    with served(WIDE) as server, server.connection() as client:
        for _ in range(3):
            client.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % len(body))
            client.sendall(body)
            assert client.recv(65_536).startswith(b"HTTP/1.1 200")


def test_one_connection_more_than_the_limit_is_refused_and_the_others_are_served():
    with served(replace(WIDE, connections=2)) as server, contextlib.ExitStack() as stack:
        first, second, third = (stack.enter_context(server.connection()) for _ in range(3))
        told = server.told(third)
        assert told.startswith(b"HTTP/1.1 503") and b"retry-after: 1" in told
        for client in (first, second):
            client.sendall(HEAD + b"\r\n")
            assert client.recv(65_536).startswith(b"HTTP/1.1 200")


def test_who_reads_nothing_of_an_answer_is_left():
    with served(replace(WIDE, read_timeout_s=0.2)) as server, server.connection() as client:
        client.sendall(b"GET /%d HTTP/1.1\r\nHost: h\r\n\r\n" % LARGE_BYTES)
        deadline = time.monotonic() + 10
        while not server.unsent.held_bytes or time.monotonic() > deadline:
            time.sleep(0.01)
        while server.unsent.held_bytes and time.monotonic() < deadline:
            time.sleep(0.02)
        assert server.unsent.held_bytes == 0
        assert len(server.told(client)) < LARGE_BYTES


class Slow:
    """Readers that read when they are told to, and what they were sent."""

    def __init__(self) -> None:
        self.reads = asyncio.Event()
        self.statuses: list[int] = []
        self.sent_bytes = 0

    async def send(self, message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            self.statuses.append(int(str(message["status"])))
        else:
            self.sent_bytes += len(message["body"])  # type: ignore[arg-type]
            await self.reads.wait()


async def _nothing() -> dict[str, object]:
    return {"type": "http.request", "body": b"", "more_body": False}


def test_a_hundred_slow_readers_hold_no_more_than_the_bound_and_what_is_over_it_is_refused():
    async def run() -> None:
        size, slow = 4 * PIECE_BYTES, Slow()
        unsent = Unsent(application, most_bytes=10 * size)
        scope = {"type": "http", "path": f"/{size}", "method": "GET", "headers": []}
        asked = [asyncio.create_task(unsent(scope, _nothing, slow.send)) for _ in range(100)]  # type: ignore[arg-type]
        await asyncio.sleep(0.05)
        assert unsent.held_bytes == 10 * size
        assert (slow.statuses.count(200), slow.statuses.count(503)) == (10, 90)
        slow.reads.set()
        await asyncio.gather(*asked)
        assert unsent.held_bytes == 0

    asyncio.run(run())


def test_one_answer_alone_is_sent_however_large_it_is():
    async def run() -> None:
        slow = Slow()
        slow.reads.set()
        scope = {"type": "http", "path": f"/{PIECE_BYTES + 1}", "method": "GET", "headers": []}
        await Unsent(application, most_bytes=1)(scope, _nothing, slow.send)  # type: ignore[arg-type]
        assert (slow.statuses, slow.sent_bytes) == ([200], PIECE_BYTES + 1)

    asyncio.run(run())


def test_a_request_of_many_questions_counts_as_several(sqlite_url: str):
    key = bearer(new_key(sqlite_url, KeyScope.READ))
    question = {"controller": "CN", "commodity": {"name": "magnets"}, "destination": "IN"}
    with client_of(database_url=sqlite_url, max_requests_per_minute_per_key=10) as client:
        for questions, left in ((1, 9), (9, 8), (40, 3)):
            answer = client.post("/v1/determinations", json={"questions": [question] * questions}, headers=key)
            assert (answer.status_code, answer.headers["ratelimit"].split(";")[1]) == (200, f"r={left}")
        answer = client.post("/v1/determinations", json={"questions": [question] * 40}, headers=key)
        assert (answer.status_code, answer.json()["type"]) == (429, "/problems/too-many-requests")


def test_what_costs_nothing_more_is_not_counted_again():
    rates = Rates(2, None)
    assert rates.of_key("a", 0) is None
    assert [pace.exceeded for _ in range(3) if (pace := rates.of_key("a"))] == [False, False, True]
