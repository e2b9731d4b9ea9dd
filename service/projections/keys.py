"""From events to the keys that their things are looked up by.

Each event gives its keys by itself, so that an append costs the same however long its stream is. What a record corrects
is told by what the correction says.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from service.domain.dates import MAX_LENGTH, ONE_DAY, bounds
from service.domain.event import JSON, RecordedEvent
from service.domain.kept import kept
from service.domain.sources import Tier, when
from service.projections.tables import AGAIN, ALL, COMMENTARY, COUNTRY, GOODS, PUBLISHED, UNTIL, bounded

Says = Callable[[JSON], Iterable[str]]
"""The keys of a noun that an event's data gives."""


def keys_of(events: Iterable[RecordedEvent], says: Says, countries: Iterable[str] = ()) -> dict[str, int]:
    """The keys that a stream's events give, each with the position of the first that gives it.

    `countries` are those of the stream before these events.
    """
    found: dict[str, int] = {}
    known, days, goods = set(countries), set[str](), set[str]()
    for event in events:
        given = {bounded(key) for key in says(said(event))}
        new = {key.removeprefix(COUNTRY) for key in given if key.startswith(COUNTRY)} - known
        day = published_on(event)
        dated = {day} if day else set()
        named = {key for key in given if key.startswith(GOODS)}
        # What is said of a country holds of those that the stream concerns, also of one that it concerns later.
        given = (given - named) | _of_countries(known, named, dated) | _of_countries(new, named | goods, dated | days)
        given |= {ALL, f"{UNTIL}{last_day(event)}"} | ({AGAIN} if event.version > 1 else set())
        given |= {COMMENTARY} if event.source.get("tier") == Tier.COMMENTARY else set()
        known |= new
        days |= dated
        goods |= named
        for key in given:
            found.setdefault(key, event.position)
    return found


def _of_countries(countries: Iterable[str], goods: Iterable[str], days: Iterable[str]) -> set[str]:
    """Keys of goods, and of days of publication, with each of the countries."""
    found = {f"{GOODS}{country} {key.removeprefix(GOODS)}" for country in countries for key in goods}
    return found | {f"{PUBLISHED}{country} {day}" for country in countries for day in days}


def said(event: RecordedEvent) -> JSON:
    """What an event says of its thing: its data; of a correction, what it puts in its place."""
    corrected = event.data.get("data") if event.type.startswith("record.") else None
    return corrected if isinstance(corrected, Mapping) else event.data


def published_on(event: RecordedEvent) -> str | None:
    """The last day that the event's source can speak of."""
    stated = event.source.get("published_at")
    return _latest(stated) if stated else None


@kept(texts=4_096, longest=MAX_LENGTH)
def _latest(published_at: str) -> str | None:
    latest = when(published_at).latest
    return latest.isoformat() if latest else None


def last_day(event: RecordedEvent) -> str:
    """The last day that an event names, or on which it brings a change by itself; the last of all where it names none
    that bounds it. Where nobody states the day of an act, it is some day up to its source's, or else its record's."""
    through = published_on(event)
    spoken_of = [through or event.recorded_at.date().isoformat()]
    _gather([said(event), event.effective, event.data.get("effective")], spoken_of)
    return _day_after(max(spoken_of))


@kept(texts=4_096, longest=MAX_LENGTH)
def _day_after(text: str) -> str:
    day = date.fromisoformat(text)
    return (day + ONE_DAY if day < date.max else day).isoformat()


def _gather(value: Any, days: list[str]) -> None:
    """Adds the latest bound of every text that reads as a day."""
    kind = type(value)
    if kind is str:
        if value[:1] in BEGINS_A_DAY and (day := _day(value)):
            days.append(day)
    elif kind is dict:
        for name, member in value.items():
            if type(member) in HOLDS_DAYS and name not in NO_DAYS:
                _gather(member, days)
    elif kind is list:
        for member in value:
            _gather(member, days)


HOLDS_DAYS = (str, dict, list)
NO_DAYS = {"hs", "cas", "control_code", "value", "amount", "number"}
"""Fields whose digits are no day."""
BEGINS_A_DAY = frozenset("0123456789.[/")


@kept(texts=16_384, longest=MAX_LENGTH)
def _day(text: str) -> str | None:
    """The latest bound of a text that reads as a day, the last of all where it has none; None of any other text."""
    try:
        return (bounds(text).latest or date.max).isoformat()
    except ValueError:
        return None
