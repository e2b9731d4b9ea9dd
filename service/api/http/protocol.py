"""One connection to the server, bounded: how long a head, a body, a reader may take, and how large a head may be.

uvicorn bounds none of these. Its protocol is told of each step by the parser; here each step has a deadline.
"""

import asyncio
import json
from dataclasses import dataclass
from typing import Any, ClassVar

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from service.errors import HeadersTooLarge, LodestoneError, RequestTimeout, TooManyConnections


@dataclass(frozen=True, slots=True)
class Bounds:
    """`head_bytes` counts the bytes of a head as they arrive, its first line among them."""

    head_timeout_s: float
    body_timeout_s: float
    read_timeout_s: float
    head_bytes: int
    connections: int


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn makes one for each connection, of a subclass that has bounds."""

    bounds: ClassVar[Bounds]

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._deadline: asyncio.TimerHandle | None = None
        self._reader_deadline: asyncio.TimerHandle | None = None
        self._in_head = True
        self._head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.bounds.connections:
            self._refuse(TooManyConnections("The service has as many connections as it takes. Try again later."))
        else:
            self._within(self.bounds.head_timeout_s, "The request's head")

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        # The parser reset the count where the head came to its end.
        if self._head_bytes > self.bounds.head_bytes:
            self._refuse(HeadersTooLarge(f"The head of a request may have {self.bounds.head_bytes} bytes."))
        elif self._deadline is None and not self.transport.is_closing():
            self._wait_for_the_rest()

    def _wait_for_the_rest(self) -> None:
        """Most requests come as a whole, and need no deadline."""
        if not self._in_head:
            self._within(self.bounds.body_timeout_s, "The request's body")
        elif self._head_bytes:
            self._within(self.bounds.head_timeout_s, "The request's head")

    def on_headers_complete(self) -> None:
        self._in_head, self._head_bytes = False, 0
        self._forget_deadline()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_head = True
        self._forget_deadline()
        super().on_message_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._reader_deadline = self.loop.call_later(self.bounds.read_timeout_s, self.transport.abort)

    def resume_writing(self) -> None:
        self._forget_reader()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_deadline()
        self._forget_reader()
        super().connection_lost(exc)

    def _within(self, timeout_s: float, what: str) -> None:
        self._forget_deadline()
        self._deadline = self.loop.call_later(timeout_s, self._late, f"{what} did not arrive in {timeout_s:g} s.")

    def _late(self, said: str) -> None:
        self._refuse(RequestTimeout(said))

    def _refuse(self, error: LodestoneError) -> None:
        """Answers by itself where no answer has begun, and closes the connection."""
        self._forget_deadline()
        if not self.transport.is_closing():
            cycle: RequestResponseCycle | None = self.cycle
            if cycle is None or cycle.response_complete or not cycle.response_started:
                self.transport.write(answer(error))
            self.transport.close()

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _forget_reader(self) -> None:
        if self._reader_deadline is not None:
            self._reader_deadline.cancel()
            self._reader_deadline = None


def protocol(bounds: Bounds) -> type[HttpToolsProtocol]:
    """The class of a server's connections."""
    bounded: type[BoundedProtocol] = type("Bounded", (BoundedProtocol,), {"bounds": bounds})
    return bounded


def answer(error: LodestoneError) -> bytes:
    """A problem as it goes over the wire, for who never came as far as the application."""
    problem = {"type": f"/problems/{error.problem}", "title": error.title, "status": error.status}
    body = json.dumps(problem | {"detail": error.detail, "errors": []}).encode()
    head = [f"HTTP/1.1 {error.status} {error.title}", "content-type: application/problem+json"]
    head += [f"content-length: {len(body)}", "connection: close", "cache-control: no-store"]
    if error.retry_after_s is not None:
        head.append(f"retry-after: {error.retry_after_s}")
    return "\r\n".join([*head, "", ""]).encode() + body
