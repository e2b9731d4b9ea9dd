"""The events of the log from a position on, in the order of the log, in small batches."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from service.domain.event import RecordedEvent
from service.log import read
from service.log.conditions import positions_about

BATCH = 50
"""The most events that are held for one reader."""


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are wanted: of a stream, of some types, about all of some subjects. None narrows nothing."""

    stream: str | None = None
    types: Collection[str] | None = None
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """Events that follow a position. Every wanted event up to `through` is among them, or was before."""

    events: Sequence[RecordedEvent]
    through: int


def batch_after(connection: Connection, after: int, wanted: EventFilter, most: int = BATCH) -> Batch:
    """What one state of the database holds. Where all of it was given, `through` is the end of the log."""
    head = read.read_head(connection).position
    found = read.page(
        connection,
        after,
        most,
        stream=wanted.stream,
        types=wanted.types,
        positions=positions_about(*wanted.about, after=after) if wanted.about else None,
        through=head,
    )
    return Batch(found, found[-1].position if len(found) == most else max(head, after))
