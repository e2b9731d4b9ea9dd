"""Answers kept as bytes: what is asked again is answered before any route is looked for, and from no more than the
end of the log.

An answer stands for as long as no event touches what it depends on (`projections/depends.py`), on the day that it was
given. Its own words on what it knows move with the log, and are written anew.
"""

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.http.conventions import etag_of, matches, without_body
from service.api.http.exchange import Exchange
from service.api.http.register import Register
from service.api.http.sent_headers import SentHeaders
from service.errors import Unavailable
from service.log.glance import Glance
from service.log.read import Head
from service.projections.depends import Depends
from service.projections.kept import kept_of
from service.register.shapes import KnownAt

OF_THINGS = tuple(
    f"/v1/{noun}"
    for noun in (
        "countries",
        "companies",
        "restrictions",
        "licenses",
        "milestones",
        "notes",
        "commodities",
        "groups",
        "calendar",
        "conflicts",
    )
)
"""What is kept begins with one of these. What reads events as they are recorded is not."""
ANY = ((), ("*/*",), ("application/json",))
"""Whoever names no media type, or any, is answered in JSON."""
NOT_KEPT = ("/v1/calendar.ics",)
"""It tells in other words when it was made."""


@dataclass(slots=True)
class Answer:
    """An answer as it is sent at one end of the log. `known` are its own words on what it knows, where they move with
    the log; `unchanged` the headers for whoever holds it already; `route` the route that gave it."""

    headers: list[tuple[bytes, bytes]]
    unchanged: list[tuple[bytes, bytes]]
    body: bytes
    known: bytes | None
    public_by: date | None
    position: int
    day: date | None
    tag: str
    route: Any

    def move(self, head: Head) -> None:
        """Tells what it knows of another end of the log, and so do links to the next page, which name that."""
        if self.known is None or head.position == self.position:
            return
        known = _known(head, self.public_by)
        then, now = b"known_at=%d" % self.position, b"known_at=%d" % head.position
        self.body, self.known, self.position = self.body.replace(self.known, known), known, head.position
        moved = {b"content-length": b"%d" % len(self.body)}
        said = ((name, value.replace(then, now) if name == b"link" else value) for name, value in self.headers)
        self.headers = [(name, moved.get(name, value)) for name, value in said]
        self.unchanged = without_body(self.headers)

    @property
    def size_bytes(self) -> int:
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers)


def _known(head: Head, public_by: date | None) -> bytes:
    known = KnownAt(position=head.position, instant=head.recorded_at, root=head.root.hex(), public_by=public_by)
    return known.model_dump_json().encode()


class Ends:
    """Where the log ends, looked at once for all who wait: whoever asks gets a look that begins after that."""

    def __init__(self) -> None:
        self._last: Head | None = None
        self._last_still_stands = False
        """Looked at in this turn of the loop: whoever is answered in it asked before that."""
        self._under_way: asyncio.Task[Head] | None = None
        self._next: asyncio.Task[Head] | None = None

    async def now(self, register: Register) -> Head:
        if self._last is not None and self._stands(self._last, register.reserved.glance):
            return self._last
        if self._next is None:
            self._next = asyncio.create_task(self._look(self._under_way, register))
        # One of those who wait may hang up; the others still want it.
        return await asyncio.shield(self._next)

    def _stands(self, last: Head, glance: Glance) -> bool:
        """Whether the log ends where it did, as far as that is seen at once."""
        if not self._last_still_stands and glance.at_hand and glance.shows(last):
            self._last_still_stands = True
            asyncio.get_running_loop().call_soon(self._turn)
        return self._last_still_stands

    def _turn(self) -> None:
        self._last_still_stands = False

    async def _look(self, under_way: "asyncio.Task[Head] | None", register: Register) -> Head:
        if under_way is not None:
            await asyncio.wait((under_way,))
        self._under_way, self._next = self._next, None
        self._last = await run_in_threadpool(_end, register.for_another(), self._last)
        return self._last


def _end(register: Register, last: Head | None) -> Head:
    """The end of the log; which keys were touched up to there is known from now on."""
    glance = register.reserved.glance
    if last is not None and not glance.at_hand and glance.shows(last):
        return last
    with register.reading() as connection:
        kept_of(register.engine).touches.reach(connection, register.head.position)
        return register.head


class KeptAnswers:
    """Plain ASGI middleware, behind access and its limits.

    What many ask at the same time is derived once: the others wait for the first, and are answered from what was kept.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._ends = Ends()
        self._being_made: dict[object, asyncio.Event] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not _may_be_kept(scope["path"]):
            await self._app(scope, receive, send)
            return
        register: Register = scope["app"].state.register
        name = _name(scope, register.today())
        if name is None:
            await self._app(scope, receive, send)
        elif not await self._answered(scope, name, send):
            await self._made(scope, receive, name, send)

    async def _made(self, scope: Scope, receive: Receive, name: object, send: Send) -> None:
        """Answered by the route, or from what the route told whoever asked the same before."""
        earlier = self._being_made.get(name)
        if earlier is not None:
            await earlier.wait()
            if await self._answered(scope, name, send):
                return
        made = asyncio.Event()
        first = self._being_made.setdefault(name, made) is made
        keeping = _Keeping(scope, scope["app"].state.register, name, send, made)
        try:
            await self._app(scope, receive, keeping.send)
        finally:
            made.set()
            if first:
                del self._being_made[name]

    async def _answered(self, scope: Scope, name: object, send: Send) -> bool:
        """Whether it was answered from what is kept."""
        register: Register = scope["app"].state.register
        kept = kept_of(register.engine)
        if name not in kept:
            return False
        try:
            head = await self._ends.now(register)
        except (SQLAlchemyError, Unavailable):
            # The route tells what is wrong with the database.
            return False
        found = kept.standing(name, head.position)
        if found is None:
            return False
        exchange: Exchange = scope["state"]["exchange"]
        answer: Answer = found.found
        exchange.head, exchange.day, scope["route"] = head, answer.day, answer.route
        answer.move(head)
        await _send(answer, exchange.sent.every(b"if-none-match"), send)
        return True


async def _send(answer: Answer, if_none_match: list[str], send: Send) -> None:
    held = bool(if_none_match) and matches(if_none_match, answer.tag)
    status, headers, body = (304, answer.unchanged, b"") if held else (200, answer.headers, answer.body)
    # Whoever is around this one adds headers of the request to the list.
    await send({"type": "http.response.start", "status": status, "headers": headers.copy()})
    await send({"type": "http.response.body", "body": body})


def _may_be_kept(path: str) -> bool:
    return path.startswith(OF_THINGS) and path not in NOT_KEPT


def _name(scope: Scope, today: date) -> tuple[object, ...] | None:
    """What was asked, as it was written; None for what names a position, which waits for it and may be refused. A day
    that is left out is today."""
    sent: SentHeaders = scope["state"]["exchange"].sent
    if b"min-position" in sent:
        return None
    accept = tuple(sent.every(b"accept"))
    return scope["path"], scope["query_string"], () if accept in ANY else accept, today


class _Keeping:
    """An answer on its way out, which is kept where it is a whole and may be."""

    def __init__(self, scope: Scope, register: Register, name: object, send: Send, made: asyncio.Event) -> None:
        self._scope, self._register, self._name, self._send, self._made = scope, register, name, send, made
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            # Whoever is around this one adds headers of the request to the same list.
            self._start = {**message, "headers": list(message["headers"])}
        elif self._start is not None:
            self._keep(self._start, message)
            self._start = None
            # Nobody waits for a client that reads slowly.
            self._made.set()
        await self._send(message)

    def _keep(self, start: Message, message: Message) -> None:
        exchange: Exchange = self._scope["state"]["exchange"]
        depends, head = exchange.depends, exchange.head
        whole = start["status"] == 200 and not message.get("more_body", False)
        if not whole or exchange.open or depends is None or head is None:
            return
        moving, body, tag = exchange.floating, message.get("body", b""), etag_of(exchange, message.get("body", b""))
        headers = [*((name.lower(), value) for name, value in start["headers"]), (b"etag", tag.encode())]
        answer = Answer(
            headers=headers,
            unchanged=without_body(headers),
            body=body,
            known=moving,
            public_by=exchange.public_by,
            position=head.position,
            day=exchange.day,
            tag=tag,
            route=self._scope.get("route"),
        )
        # What is known up to an earlier position does not change with later events.
        kept_of(self._register.engine).keep(
            self._name, head.position, answer, depends if moving else Depends(), answer.size_bytes
        )
