"""From events to the keys that their things are looked up by.

Each event gives its keys by itself, so that an append costs the same however long its stream is. What a record corrects
is told by what the correction says.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from service.domain.dates import ONE_DAY, bounds
from service.domain.event import JSON, RecordedEvent
from service.domain.sources import when
from service.projections.tables import AGAIN, ALL, COUNTRY, PUBLISHED, UNTIL, bounded

Says = Callable[[JSON], Iterable[str]]
"""The keys of a noun that an event's data gives."""


def keys_of(events: Iterable[RecordedEvent], says: Says, countries: Iterable[str] = ()) -> dict[str, int]:
    """The keys that a stream's events give, each with the position of the first that gives it.

    `countries` are those of the stream before these events.
    """
    found: dict[str, int] = {}
    known, days = set(countries), set[str]()
    for event in events:
        given = {bounded(key) for key in says(said(event))}
        new = {key.removeprefix(COUNTRY) for key in given if key.startswith(COUNTRY)} - known
        day = published_on(event)
        dated = {day} if day else set()
        given |= {f"{PUBLISHED}{one} {each}" for one in known for each in dated}
        given |= {f"{PUBLISHED}{one} {each}" for one in new for each in dated | days}
        given |= {ALL, f"{UNTIL}{last_day(event)}"} | ({AGAIN} if event.version > 1 else set())
        known |= new
        days |= dated
        for key in given:
            found.setdefault(key, event.position)
    return found


def said(event: RecordedEvent) -> JSON:
    """What an event says of its thing: its data; of a correction, what it puts in its place."""
    corrected = event.data.get("data") if event.type.startswith("record.") else None
    return corrected if isinstance(corrected, Mapping) else event.data


def published_on(event: RecordedEvent) -> str | None:
    """The last day that the event's source can speak of."""
    stated = event.source.get("published_at")
    return _latest(stated) if stated else None


@lru_cache(maxsize=4_096)
def _latest(published_at: str) -> str | None:
    latest = when(published_at).latest
    return latest.isoformat() if latest else None


def last_day(event: RecordedEvent) -> str:
    """The last day that an event names, or on which it brings a change by itself; the last of all where it names none
    that bounds it. An event that states no day speaks of days up to its source's, or its record's."""
    spoken_of = [event.recorded_at.date(), *_days(said(event)), *_days([event.effective, event.data.get("effective")])]
    if through := published_on(event):
        spoken_of.append(date.fromisoformat(through))
    last = max(spoken_of)
    return (last + ONE_DAY if last < date.max else last).isoformat()


def _days(value: Any) -> Iterator[date]:
    """The latest bound of every text that reads as a day."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            if name not in NO_DAYS:
                yield from _days(member)
    elif isinstance(value, list):
        for member in value:
            yield from _days(member)
    elif isinstance(value, str) and (day := _day(value)):
        yield day


NO_DAYS = {"hs", "cas", "control_code", "value", "amount", "number"}
"""Fields whose digits are no day."""
DAY = frozenset("0123456789-./[],~?%X")


@lru_cache(maxsize=16_384)
def _day(text: str) -> date | None:
    """The latest bound of a text that reads as a day, None of one that does not."""
    if len(text) < len("2025") or not DAY.issuperset(text):
        return None
    try:
        return bounds(text).latest or date.max
    except ValueError:
        return None
