"""The days on which an answer may change by itself: those that the records behind it name, and the days after them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from service.domain.dates import ONE_DAY, bounds
from service.domain.event import RecordedEvent
from service.log import read
from service.log.tables import events

MOST_STREAMS = 20_000
"""How many streams' days are kept in memory; a stream names a handful."""
AT_ONCE = 500
_VERSIONS = (
    select(events.c.stream, func.max(events.c.version))
    .where(events.c.stream.in_(bindparam("some", expanding=True)))
    .group_by(events.c.stream)
)


class Days:
    """The days of streams, each read once for a version of its stream."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[int, frozenset[date]]] = {}

    def next_after(self, connection: Connection, streams: Iterable[str], on: date) -> date | None:
        """The first day after `on` that any of the streams names, or the day after it; None where none does."""
        found = (day for days in self._of(connection, sorted(streams)) for day in days if day > on)
        return min(found, default=None)

    def _of(self, connection: Connection, streams: list[str]) -> Iterator[frozenset[date]]:
        for start in range(0, len(streams), AT_ONCE):
            for stream, version in connection.execute(_VERSIONS, {"some": streams[start : start + AT_ONCE]}):
                yield self._of_stream(connection, stream, version)

    def _of_stream(self, connection: Connection, stream: str, version: int) -> frozenset[date]:
        kept = self._kept.get(stream)
        if kept is None or kept[0] != version:
            said = read.stream_events(connection, stream)
            kept = version, frozenset(day for event in said for day in named_days(event))
            if len(self._kept) >= MOST_STREAMS:
                self._kept.clear()
            self._kept[stream] = kept
        return kept[1]


def named_days(event: RecordedEvent) -> Iterator[date]:
    """Every bound of every day that an event names, and of its record; each with the day after it."""
    texts = [*_texts(event.data), event.effective, event.source.get("published_at")]
    yield from _with_next(event.recorded_at.date())
    for text in texts:
        for day in _bounds(text):
            yield from _with_next(day)


def _with_next(day: date) -> Iterator[date]:
    yield day
    if day < date.max:
        yield day + ONE_DAY


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for member in value.values():
            yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)


def _bounds(text: str | None) -> Iterator[date]:
    """The bounds of a text that reads as a day; of any other none."""
    if not text or text[0] not in "0123456789.[/":
        return
    try:
        found = bounds(text[:10] if text[10:11] == "T" else text)
    except ValueError:
        return
    yield from (day for day in (found.earliest, found.latest) if day is not None)
