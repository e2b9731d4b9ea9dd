"""What holds for every request and its answer, whatever route it takes: one plain ASGI middleware around all else.

A request whose head is too large, or that names a parameter twice, is refused. Whatever it ends in is an answer, a
count and a line in the log; what nobody foresaw is, too.

HEAD is GET without its body. Every answer says where the log ended (`Position`), how it may be kept (`Cache-Control`,
`Vary`), and whose work it was a part of (`traceparent`). What a GET answers has an entity tag and may be answered 304.
"""

import asyncio
import hashlib
from base64 import urlsafe_b64encode
from time import perf_counter
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.http import lifecycle, problems
from service.api.http.access import kept_key
from service.api.http.exchange import Exchange
from service.api.http.heads import HeadLimits, security
from service.api.http.outcomes import Outcomes
from service.api.http.sending import PIECE_BYTES, Unsent
from service.api.http.sent_headers import SentHeaders
from service.api.http.trace import traceparent_of
from service.errors import Unavailable
from service.log.chance import random_16

OF_THE_MOMENT = ("/health/", "/metrics")
"""What tells of this process now is of no use a moment later."""

VARY = "Accept, Authorization"
VARIES = (b"vary", VARY.encode())
NO_STORE = b"no-store"


class Conventions:
    def __init__(
        self, app: ASGIApp, *, outcomes: Outcomes, limits: HeadLimits, most_unsent_bytes: int, over_https: bool
    ) -> None:
        self._app = app
        self._outcomes = outcomes
        self._limits = limits
        self.unsent = Unsent(app, most_bytes=most_unsent_bytes)
        self.security = security(over_https=over_https)
        self.of_security = frozenset(name for name, _ in self.security)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        sent = SentHeaders(scope["headers"])
        exchange = Exchange(scope["path"], scope["query_string"].decode("latin-1"), traceparent_of(sent), sent=sent)
        state = {**scope.get("state", {}), "request_id": random_16()[:8].hex(), "exchange": exchange}
        inner = {**scope, "state": state}
        if scope["method"] == "HEAD":
            inner["method"] = "GET"
        answer = _Answer(self, scope, inner, receive, send)
        try:
            await self._answer(inner, answer)
        finally:
            # What is around this one tells which route was found, and who asked.
            scope.update(route=inner.get("route"), state=state)
            self._outcomes.tell(scope, answer.status, perf_counter() - started)

    async def _answer(self, scope: Scope, answer: "_Answer") -> None:
        """A client that hangs up is no failure."""
        failed: ASGIApp
        try:
            refusal = self._limits.refusal(scope) or problems.refusal_of(scope["query_string"])
            await (problems.of(refusal) if refusal else self._app)(scope, answer.receive, answer.send)
            return
        except ClientDisconnect:
            return
        except asyncio.CancelledError:
            # The service stops, and has waited for as long as it may. Nothing else cancels a request.
            failed = problems.of(Unavailable("The service is stopping. Send the request again."))
        except Exception as error:
            failed = problems.unforeseen(scope, error)
        if not answer.begun:
            await failed(scope, answer.receive, answer.send)


class _Answer:
    """One answer on its way out. Where its body is complete in one message, its head waits for that."""

    def __init__(self, around: Conventions, scope: Scope, inner: Scope, receive: Receive, send: Send) -> None:
        self._around, self._scope, self._inner, self._receive = around, scope, inner, receive
        self._exchange: Exchange = inner["state"]["exchange"]
        self._to_client = self._send = send
        self._start: Message | None = None
        self._to_be_tagged = False
        """It is a whole, and has no tag yet."""
        self._large = False
        self._closed = False
        """The answer to a HEAD is out: whatever else would come of a stream is not wanted."""
        self.begun = False
        self.status = 0

    async def receive(self) -> Message:
        return {"type": "http.disconnect"} if self._closed else await self._receive()

    async def send(self, message: Message) -> None:
        self.begun = True
        if message["type"] == "http.response.start":
            self._head(message)
            if self._to_be_tagged:
                self._start = message
            else:
                await self._begin(message)
        elif self._start is not None:
            start, self._start = self._start, None
            await self._whole(start, message)
        elif not self._closed:
            await self._send(message)

    async def _out(self, message: Message) -> None:
        """To the client, with what no answer leaves without."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = message.setdefault("headers", [])
            headers += self._security(headers)
            headers.append((b"x-request-id", self._inner["state"]["request_id"].encode()))
        await self._to_client(message)

    def _security(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """What the headers do not say of it themselves."""
        said = self._around.of_security.intersection([name for name, _ in headers])
        return [header for header in self._around.security if header[0] not in said] if said else self._around.security

    def _head(self, message: Message) -> None:
        headers = message.setdefault("headers", [])
        said = dict(headers)
        position = _position(self._inner, self._exchange)
        if position is not None:
            headers.append((b"position", b"%d" % position))
        if self._exchange.traceparent is not None:
            headers.append((b"traceparent", self._exchange.traceparent.encode("latin-1")))
        if self._scope["path"].startswith("/v1"):
            if b"vary" in said:
                MutableHeaders(raw=headers).add_vary_header(VARY)
            else:
                headers.append(VARIES)
        for name, value in lifecycle.headers_of(self._inner.get("route")).items():
            headers.append((name.lower().encode("latin-1"), value.encode("latin-1")))
        kept = self._cache_control(message["status"], said.get(b"cache-control", b""))
        if b"cache-control" in said:
            headers[:] = [header for header in headers if header[0] != b"cache-control"]
        headers.append((b"cache-control", kept))
        self._large = int(said.get(b"content-length", 0)) > PIECE_BYTES
        whole = message["status"] == 200 and self._inner["method"] == "GET" and b"content-length" in said
        self._to_be_tagged = whole and kept != NO_STORE and b"etag" not in said

    def _cache_control(self, status: int, said: bytes) -> bytes:
        """What a payload is in may be redacted later, so it is asked for again each time; what a key opened is
        nobody else's."""
        read = self._scope["method"] in ("GET", "HEAD") and status < 400
        if not read or self._exchange.open:
            return NO_STORE
        said = said or (NO_STORE if self._scope["path"].startswith(OF_THE_MOMENT) else b"no-cache")
        sent = self._exchange.sent
        keyed = b"authorization" in sent or (b"cookie" in sent and bool(kept_key(self._scope)))
        return b"private, " + said if keyed and not said.startswith((b"private", NO_STORE)) else said

    async def _whole(self, start: Message, message: Message) -> None:
        if not message.get("more_body", False):
            tag = etag_of(self._exchange, message.get("body", b""))
            MutableHeaders(raw=start["headers"])["ETag"] = tag
            if matches(self._exchange.sent.every(b"if-none-match"), tag):
                self._large = False
                start = {**start, "status": 304, "headers": without_body(start["headers"])}
                message = {**message, "body": b""}
        await self._begin(start)
        if not self._closed:
            await self._send(message)

    async def _begin(self, start: Message) -> None:
        if self._large:
            self._send = self._around.unsent.over(self._scope, self._receive, self._out)
            await self._send(start)
        else:
            await self._out(start)
        if self._scope["method"] == "HEAD":
            self._closed = True
            await self._send({"type": "http.response.body", "body": b""})


def etag_of(exchange: Exchange, body: bytes) -> str:
    """Strong, over the bytes, where they are all that was asked for. Where the answer also tells which head of the log
    it was read from, weak, and over all but that: an event about something else changes nothing."""
    day = f"{exchange.day or ''}\n".encode()
    moving = exchange.floating
    digest = hashlib.sha256(day + (body.replace(moving, b"") if moving else body)).digest()[:16]
    tag = urlsafe_b64encode(digest).decode().rstrip("=")
    return f'W/"{tag}"' if moving else f'"{tag}"'


def _position(scope: Scope, exchange: Exchange) -> int | None:
    """Where the log ended for this answer, or else where this process last saw it end."""
    if exchange.position is not None:
        return exchange.position
    if exchange.head is not None:
        return exchange.head.position
    register = getattr(scope["app"].state, "register", None) if "app" in scope else None
    position: int | None = register.seen.position if register is not None else None
    return position


def matches(if_none_match: list[str], tag: str) -> bool:
    """Weak comparison (RFC 9110, 13.1.2): whether the client holds what it would get."""
    listed = [one.strip().removeprefix("W/") for header in if_none_match for one in header.split(",")]
    return listed == ["*"] or tag.removeprefix("W/") in listed


def without_body(headers: list[tuple[bytes, bytes]]) -> list[Any]:
    return [(name, value) for name, value in headers if name.lower() not in (b"content-length", b"content-type")]
