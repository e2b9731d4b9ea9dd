"""From events to the keys that their things are looked up by.

Each event gives its keys by itself, so that an append costs the same however long its stream is. What a record corrects
is told by what the correction says.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Protocol

from service.domain.dates import MAX_LENGTH, ONE_DAY, bounds
from service.domain.event import JSON
from service.domain.kept import kept
from service.domain.sources import Tier, when
from service.projections.tables import AGAIN, ALL, COMMENTARY, COUNTRY, GOODS, PUBLISHED, UNTIL, bounded

Says = Callable[[JSON], Iterable[str]]
"""The keys of a noun that an event's data gives."""


class Spoken(Protocol):
    """What the keys of a recorded event follow from."""

    @property
    def position(self) -> int: ...
    @property
    def version(self) -> int: ...
    @property
    def type(self) -> str: ...
    @property
    def effective(self) -> str | None: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def data(self) -> JSON: ...
    @property
    def source(self) -> JSON: ...


def keys_of(events: Iterable[Spoken], says: Says, countries: Iterable[str] = ()) -> dict[str, int]:
    """The keys that a stream's events give, each with the position of the first that gives it.

    `countries` are those of the stream before these events.
    """
    found: dict[str, int] = {}
    known, days, goods = set(countries), set[str](), set[str]()
    for event in events:
        given, new, named = _given(event, says, known)
        day = published_on(event)
        dated = {day} if day else set()
        # What is said of a country holds of those that the stream concerns, also of one that it concerns later.
        given += [*_of_countries(known, named, dated), *_of_countries(new, named | goods, dated | days)]
        known |= new
        days |= dated
        goods |= named
        for key in given:
            found.setdefault(key, event.position)
    return found


def _given(event: Spoken, says: Says, known: set[str]) -> tuple[list[str], set[str], set[str]]:
    """The keys that an event gives by itself; the countries that its stream did not concern before; its goods."""
    given, new, named = [ALL, f"{UNTIL}{last_day(event)}"], set[str](), set[str]()
    if event.version > 1:
        given.append(AGAIN)
    if event.source.get("tier") == Tier.COMMENTARY:
        given.append(COMMENTARY)
    for key in says(said(event)):
        bound = bounded(key)
        if bound.startswith(GOODS):
            named.add(bound.removeprefix(GOODS))
            continue
        given.append(bound)
        if bound.startswith(COUNTRY):
            new.add(bound.removeprefix(COUNTRY))
    return given, new - known, named


def _of_countries(countries: Iterable[str], goods: Iterable[str], days: Iterable[str]) -> Iterator[str]:
    """Keys of goods, and of days of publication, with each of the countries."""
    for country in countries:
        for one in goods:
            yield f"{GOODS}{country} {one}"
        for day in days:
            yield f"{PUBLISHED}{country} {day}"


def said(event: Spoken) -> JSON:
    """What an event says of its thing: its data; of a correction, what it puts in its place."""
    corrected = event.data.get("data") if event.type.startswith("record.") else None
    return corrected if isinstance(corrected, Mapping) else event.data


def published_on(event: Spoken) -> str | None:
    """The last day that the event's source can speak of."""
    stated = event.source.get("published_at")
    return _latest(stated) if stated else None


@kept(texts=4_096, longest=MAX_LENGTH)
def _latest(published_at: str) -> str | None:
    latest = when(published_at).latest
    return latest.isoformat() if latest else None


def last_day(event: Spoken) -> str:
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
