"""Append conditions: a request is recorded only where nothing that it rests on was recorded meanwhile.

A condition is a query over the log (a dynamic consistency boundary): no event of these types, in this stream, about
this subject, after a position. It is checked under the lock, so of any number of racers one wins.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from service.domain.event import RecordedEvent
from service.log.tables import events, subjects

Subjects = Callable[[RecordedEvent], Iterable[str]]
"""What an event is about: the names that it is found again by."""


@dataclass(frozen=True, slots=True)
class Condition:
    """No event after position `after` may match. None, or no types, narrows nothing."""

    after: int
    types: frozenset[str] = frozenset()
    stream: str | None = None
    subject: str | None = None

    def matches(self, event: RecordedEvent, about: Iterable[str]) -> bool:
        return (
            event.position > self.after
            and (not self.types or event.type in self.types)
            and self.stream in (None, event.stream)
            and (self.subject is None or self.subject in about)
        )


def first_match(connection: Connection, condition: Condition) -> int | None:
    """The position of the first recorded event that matches, or None."""
    found: int | None = connection.scalar(_matching(condition))
    return found


def _matching(condition: Condition) -> Select[Any]:
    query = select(func.min(events.c.position)).where(events.c.position > condition.after)
    if condition.types:
        query = query.where(events.c.type.in_(sorted(condition.types)))
    if condition.stream is not None:
        query = query.where(events.c.stream == condition.stream)
    if condition.subject is not None:
        query = query.where(events.c.position.in_(positions_about(condition.subject, after=condition.after)))
    return query


def positions_about(subject: str, *others: str, after: int = 0) -> Select[Any]:
    """The positions of the events about a subject; about all of several."""
    query = select(subjects.c.position).where(subjects.c.subject == subject, subjects.c.position > after)
    for other in others:
        too = subjects.alias()
        query = query.where(
            select(too.c.position).where(too.c.subject == other, too.c.position == subjects.c.position).exists()
        )
    return query
