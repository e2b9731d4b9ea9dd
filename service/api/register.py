"""What every route works with: the database, the log, and the two times of a question."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Connection, Engine

from service.api.running import Running
from service.domain.answer import KnownAt
from service.domain.dates import calendar_day
from service.domain.sources import instant
from service.errors import FieldError, InvalidRequest, PositionAhead
from service.log import read, tree
from service.log.append import Log
from service.log.database import reading
from service.log.note import SigningKey

SETTLING = timedelta(seconds=60)
"""An event is stamped before its commit. So an instant counts as past only once no commit can still fall before it."""


def today() -> date:
    """Today, in UTC."""
    return datetime.now(UTC).date()


@dataclass(frozen=True)
class Register:
    """One register: its database, its log, its limits."""

    engine: Engine
    log: Log
    max_body_bytes: int
    max_events: int
    max_questions: int
    signing_key: SigningKey | None = None
    running: Running = field(default_factory=Running)
    today: Callable[[], date] = today

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with reading(self.engine) as connection:
            yield connection


def register_of(request: Request) -> Register:
    register: Register = request.app.state.register
    return register


Here = Annotated[Register, Depends(register_of)]


def day_of(text: str | None, otherwise: date, pointer: str = "as_of") -> date:
    """A calendar day, another where it is left out. Raises InvalidRequest."""
    if text is None:
        return otherwise
    try:
        return calendar_day(text)
    except ValueError as unread:
        raise InvalidRequest("The day asked about cannot be read.", [FieldError(pointer, str(unread))]) from unread


def known_at(connection: Connection, asked: int | str | None, pointer: str = "known_at") -> KnownAt:
    """K: a log position from 0 to the head, or an RFC 3339 instant; the head where it is left out.

    An instant that is not past yet is answered from the head and marked open. Raises InvalidRequest, PositionAhead.
    """
    head = read.read_head(connection)
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


def _at_position(connection: Connection, asked: int | str, head: read.Head, pointer: str) -> KnownAt:
    position = int(asked) if isinstance(asked, int) or len(asked) < 20 else head.position + 1
    if not 0 <= position <= head.position:
        detail = f"digits are a log position, from 0 to the head, which is {head.position}; an instant is RFC 3339"
        raise PositionAhead(f"The log ends at position {head.position}.", [FieldError(pointer, detail)])
    event = read.by_position(connection, position) if position else None
    root = head.root if position == head.position else tree.root_at(connection, position)
    return KnownAt(position=position, instant=event.recorded_at if event else None, root=root.hex())
