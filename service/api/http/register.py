"""What every route works with: the database, the log, and the two times of a question."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Annotated

from fastapi import Depends, Header, Request
from pydantic import BeforeValidator, Field
from pydantic.json_schema import SkipJsonSchema
from sqlalchemy import Connection, Engine
from starlette.concurrency import run_in_threadpool

from service.api.http.exchange import Exchange, exchange_of
from service.api.http.gate import aside
from service.api.http.parameters import digits
from service.api.http.reserved import Reserved
from service.api.http.running import Running
from service.domain.dates import calendar_day
from service.domain.sources import instant
from service.errors import FieldError, InvalidRequest, PositionAhead, PositionNotReached
from service.log import read, tree
from service.log.append import Log
from service.log.database import close, reading, stopper
from service.log.note import SigningKey
from service.log.recorder import Recorder
from service.log.replicas import Replicas
from service.projections import depends
from service.projections.budget import within
from service.register.shapes import KnownAt
from service.register.strict_json import Most

SETTLING = timedelta(seconds=60)
"""An event is stamped before its commit. So an instant counts as past only once no commit can still fall before it."""


def today() -> date:
    """Today, in UTC."""
    return datetime.now(UTC).date()


REACH_TIMEOUT_S = 0.5
"""How long a request with Min-Position waits. Whoever commits to this one database is seen at once, so this is for a
writer that is about to commit; it is bounded, since anybody may name any position."""
REACH_PAUSE_S = 0.05


@dataclass
class Seen:
    """The end of the log as this process last saw it, None before it first looked."""

    position: int | None = None

    def note(self, position: int) -> None:
        self.position = max(position, self.position or 0)


@dataclass(frozen=True)
class Register:
    """One register: its database, its log, its limits; and the exchange that a route answers in."""

    engine: Engine
    replicas: Replicas
    reserved: Reserved
    log: Log
    recorder: Recorder
    max_body_bytes: int
    max_events: int
    max_questions: int
    most: Most = field(default_factory=Most)
    max_page_size: int = 1_000
    answer_budget_ms: int = 10_000
    signing_key: SigningKey | None = None
    public_url: str = ""
    running: Running = field(default_factory=Running)
    today: Callable[[], date] = today
    seen: Seen = field(default_factory=Seen)
    exchange: Exchange = field(default_factory=Exchange)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One state of the primary database. `head` is the end of its log."""
        with reading(self.engine) as connection:
            self.exchange.head = read.read_head(connection)
            self.seen.note(self.exchange.head.position)
            yield connection

    @contextmanager
    def deriving(self, *known_at: int | str | None) -> Iterator[Connection]:
        """One state of the database, or of a replica that holds what is asked about: for what follows from the read
        models alone. `known_at` are the log positions and instants that are asked about."""
        with self.replicas.reading(partial(_holds, self.exchange.least, known_at)) as (connection, head):
            self.exchange.head = head
            self.seen.note(head.position)
            yield connection

    @contextmanager
    def answering(self, known_at: int | str | None) -> Iterator[Connection]:
        """The same, for an answer that may be kept."""
        with self.deriving(known_at) as connection, within(self.answer_budget_ms), depends.noted() as keys:
            yield connection
            self.exchange.depends = depends.Depends(frozenset(keys))

    def during(self, exchange: Exchange) -> "Register":
        """The register, for one exchange. Each request needs one, and `dataclasses.replace` would set every field."""
        register = object.__new__(Register)
        register.__dict__.update(self.__dict__, exchange=exchange)
        return register

    def for_another(self) -> "Register":
        """The register, for an exchange of its own."""
        return self.during(Exchange())

    @property
    def head(self) -> read.Head:
        """The end of the log in the state that is being read, or was last. Raises LookupError where none was."""
        if self.exchange.head is None:
            raise LookupError("Nothing was read yet.")
        return self.exchange.head

    def pools(self) -> dict[str, Engine]:
        """Who holds connections to the database, by name."""
        own = {"readers": self.engine, "writer": self.log.engine, "reserved": self.reserved.engine}
        return own | {replica.name: replica.engine for replica in self.replicas.replicas}

    def stopper(self) -> Callable[[], None]:
        """What ends all reading when it is called."""
        stops = [stopper(engine) for name, engine in self.pools().items() if name not in ("writer", "reserved")]

        def stop() -> None:
            for one in stops:
                one()

        return stop

    def close(self) -> None:
        """Finishes what is queued, and leaves the database."""
        self.log.close()
        self.leave()

    def leave(self) -> None:
        """Closes all connections, once its log is closed."""
        self.reserved.glance.close()
        for engine in self.pools().values():
            close(engine)

    def wrote(self, position: int) -> None:
        """What was recorded for this request ends at a position."""
        self.exchange.position = position
        self.seen.note(position)

    async def reach(self, position: int) -> None:
        """Waits, for a short time, until the log holds a position, and a replica does where there are any. A replica
        that does not by then is not asked. Raises PositionNotReached."""
        self.exchange.least = position
        deadline = time.monotonic() + REACH_TIMEOUT_S
        while (self.seen.position or 0) < position or self.replicas.replicas:
            if await run_in_threadpool(self._reached, position) or time.monotonic() > deadline:
                break
            await asyncio.sleep(REACH_PAUSE_S)
        if (self.seen.position or 0) < position:
            fault = FieldError("min-position", "a later position than that of the log")
            raise PositionNotReached(f"The log ends at position {self.seen.position}.", [fault])

    def _reached(self, position: int) -> bool:
        if (self.seen.position or 0) < position:
            with self.reading():
                pass
        return (self.seen.position or 0) >= position and self.replicas.holds(position)

    def day_of(self, text: str | None, pointer: str = "as_of") -> date:
        """V: a calendar day, today where it is left out. Raises InvalidRequest."""
        self.exchange.day = day_of(text, self.today(), pointer)
        return self.exchange.day

    def known_at(
        self, connection: Connection, asked: int | str | None, at: str = "", *, public_by: str | None = None
    ) -> KnownAt:
        """K: a log position from 0 to the head, or an RFC 3339 instant; the head where it is left out.

        With the day by which it was public, where one is asked for. `at` is where in the body the two stand. An instant
        that is not past yet is answered from the head and marked open. Raises InvalidRequest, PositionAhead.
        """
        found = known_at(connection, self.head, asked, f"{at}known_at")
        if public_by is not None:
            day = day_of(public_by, self.today(), f"{at}public_by")
            found = found.model_copy(update={"public_by": day})
            self.exchange.public_by = day
        self.exchange.open = self.exchange.open or found.open
        if asked is None or found.open:
            self.exchange.floating = found.model_dump_json().encode()
        return found


MinPosition = Annotated[
    int,
    Field(ge=0, le=2**53 - 1, description="Answer only from a log that holds this position: one of an earlier answer."),
    BeforeValidator(digits),
]


async def reached(
    request: Request,
    min_position: Annotated[
        MinPosition | SkipJsonSchema[None], Header(description="Answer from a log that holds this position, or refuse.")
    ] = None,
) -> None:
    """Of every route of the API: nothing is answered from a log that is behind Min-Position. Raises
    PositionNotReached, and InvalidRequest where it stands twice."""
    if len(request.headers.getlist("min-position")) > 1:
        raise InvalidRequest("Min-Position was sent twice.", [FieldError("min-position", "sent twice")])
    if min_position is not None:
        with aside(request.scope):
            await _whole(request).during(exchange_of(request)).reach(min_position)


async def register_of(request: Request) -> Register:
    """The register, for one exchange. Raises InvalidRequest for a page that is too large."""
    whole = _whole(request)
    wanted = request.query_params.get("limit", "") if b"limit=" in request.scope["query_string"] else ""
    # What is no number is told by the parameter itself.
    if wanted.isascii() and wanted.isdecimal() and int(wanted.lstrip("0")[:9] or 0) > whole.max_page_size:
        raise InvalidRequest("The page is too large.", [FieldError("limit", f"at most {whole.max_page_size} here")])
    return whole.during(exchange_of(request))


def _whole(request: Request) -> Register:
    whole: Register = request.app.state.register
    return whole


Here = Annotated[Register, Depends(register_of)]


def day_of(text: str | None, otherwise: date, pointer: str = "as_of") -> date:
    """A calendar day, another where it is left out. Raises InvalidRequest."""
    if text is None:
        return otherwise
    try:
        return calendar_day(text)
    except ValueError as unread:
        raise InvalidRequest("The day asked about cannot be read.", [FieldError(pointer, str(unread))]) from unread


def known_at(connection: Connection, head: read.Head, asked: int | str | None, pointer: str) -> KnownAt:
    if asked is None:
        return KnownAt(position=head.position, instant=head.recorded_at, root=head.root.hex())
    if isinstance(asked, int) or (asked.isascii() and asked.isdecimal()):
        return _at_position(connection, asked, head, pointer)
    try:
        moment = instant(asked)
    except ValueError as unread:
        hint = f"{unread}, or a log position (a + in a query is written %2B)"
        raise InvalidRequest("The knowledge time cannot be read.", [FieldError(pointer, hint)]) from unread
    now = datetime.now(UTC)
    if moment >= now:
        return KnownAt(position=head.position, instant=moment, root=head.root.hex(), open=True)
    position = read.position_at(connection, moment)
    root = tree.root_at(connection, position).hex()
    return KnownAt(position=position, instant=moment, root=root, open=moment >= now - SETTLING)


def _holds(least: int, asked: Iterable[int | str | None], head: read.Head) -> bool:
    """Whether a state holds a log position, and all that is asked about. What was recorded up to an instant it can tell
    where it holds a later event. What cannot be read is refused on any state."""
    return head.position >= least and all(_is_held(one, head) for one in asked)


def _is_held(asked: int | str | None, head: read.Head) -> bool:
    if asked is None:
        return True
    if isinstance(asked, int):
        return asked <= head.position
    if asked.isascii() and asked.isdecimal():
        return len(asked) < 20 and int(asked) <= head.position
    try:
        return head.recorded_at is not None and instant(asked) <= head.recorded_at
    except ValueError:
        return False


def _at_position(connection: Connection, asked: int | str, head: read.Head, pointer: str) -> KnownAt:
    position = int(asked) if isinstance(asked, int) or len(asked) < 20 else head.position + 1
    if not 0 <= position <= head.position:
        detail = f"use a log position from 0 to {head.position}, or an RFC 3339 time"
        raise PositionAhead(f"The log ends at position {head.position}.", [FieldError(pointer, detail)])
    event = read.by_position(connection, position) if position else None
    root = head.root if position == head.position else tree.root_at(connection, position)
    return KnownAt(position=position, instant=event.recorded_at if event else None, root=root.hex())
