"""From events to the keys that their things are looked up by.

Each event gives its keys by itself, so that an append costs the same however long its stream is. What a record corrects
is told by what the correction says.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from service.domain.dates import MAX_LENGTH, bounds
from service.domain.event import JSON
from service.domain.kept import kept
from service.domain.sources import Tier, when
from service.projections.tables import (
    AGAIN,
    ALL,
    COMMENTARY,
    CONTESTED,
    COUNTRY,
    DAY,
    GOODS,
    PUBLISHED,
    TIER,
    VAGUE,
    bounded,
)

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


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of a stream before some events: the countries that it concerns, and the tiers of its sources."""

    countries: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()


def keys_of(events: Iterable[Spoken], says: Says, before: Before = Before(), *, dated: bool = True) -> dict[str, int]:
    """The keys that a stream's events give, each with the position of the first that gives it.

    `before` is what was known of the stream before these events; `dated`: whether dates change its thing by themselves.
    """
    found: dict[str, int] = {}
    known, tiers, so_far = set(before.countries), set(before.tiers), set[Of]()
    for event in events:
        given, new, of_each = _given(event, says, known)
        given += [*_of_tiers(event, tiers)]
        for of in _of_days(event) if dated else ():
            of_each.add(of)
            given += ["".join(of)] if of[0] == VAGUE else []
        if day := published_on(event):
            of_each.add((PUBLISHED, day))
        # What is said of a country holds of those that the stream concerns, also of one that it concerns later.
        given += [*_of_countries(known, of_each), *_of_countries(new, of_each | so_far)]
        known |= new
        so_far |= of_each
        for key in given:
            found.setdefault(key, event.position)
    return found


Of = tuple[str, str]
"""What a key begins with that has the country in its middle, and how it ends."""


def _given(event: Spoken, says: Says, known: set[str]) -> tuple[list[str], set[str], set[Of]]:
    """The keys that an event gives by itself; the countries that its stream did not concern before; its goods."""
    given, new, goods = [ALL], set[str](), set[Of]()
    if event.version > 1:
        given.append(AGAIN)
    if event.source.get("tier") == Tier.COMMENTARY:
        given.append(COMMENTARY)
    for key in says(said(event)):
        bound = bounded(key)
        if bound.startswith(GOODS):
            goods.add((GOODS, bound.removeprefix(GOODS)))
            continue
        given.append(bound)
        if bound.startswith(COUNTRY):
            new.add(bound.removeprefix(COUNTRY))
    return given, new - known, goods


def _of_tiers(event: Spoken, tiers: set[str]) -> Iterator[str]:
    """The tier of an event's source, which is added to those before; where they are several, one may contradict the
    other. A use of a license may be one that cannot be, whoever tells of it."""
    if tier := event.source.get("tier"):
        tiers.add(tier)
        yield f"{TIER}{tier}"
    if len(tiers) > 1 or event.type == "license.used":
        yield CONTESTED


def _of_countries(countries: Iterable[str], of_each: Iterable[Of]) -> Iterator[str]:
    """Keys of goods, of days and of days of publication, with each of the countries."""
    for country in countries:
        for begins, rest in of_each:
            yield f"{begins}{country} {rest}"


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


def _of_days(event: Spoken) -> Iterator[Of]:
    """The bounds of each day that an event names. A change that a date brings by itself comes on one of them, or on the
    day after.

    Where nobody states the day of an act, it is some day up to its source's, or else its record's.
    """
    texts = set[str]()
    _gather([said(event), event.effective, event.data.get("effective")], texts)
    through = published_on(event) or event.recorded_at.date().isoformat()
    yield DAY, through
    if event.effective is None:
        yield VAGUE, through
    for text in texts:
        yield from _days_of(text)
    if _tells_again(event):
        yield VAGUE, date.max.isoformat()


def _tells_again(event: Spoken) -> bool:
    """Whether an event may say otherwise on which days a thing holds than those before: such days widen each other."""
    if event.version == 1:
        return False
    told = said(event)
    return event.type.startswith("record.") or any(name in told for name in TOLD_AGAIN)


TOLD_AGAIN = ("in_force", "validity", "controller", "issuer")
"""Fields of what describes a thing or moves its days."""


def _gather(value: Any, texts: set[str]) -> None:
    """Adds every text that may be a day, of what a list or an object holds."""
    members = value.items() if type(value) is dict else enumerate(value)
    for name, member in members:
        kind = type(member)
        if kind is str:
            if member[:1] in BEGINS_A_DAY and name not in NO_DAYS:
                texts.add(member)
        elif kind in HOLDS_DAYS and name not in NO_DAYS:
            _gather(member, texts)


HOLDS_DAYS = (dict, list)
NO_DAYS = {"hs", "cas", "control_code", "value", "amount", "number"}
"""Fields whose digits are no day."""
BEGINS_A_DAY = frozenset("0123456789.[/")


@kept(texts=16_384, longest=MAX_LENGTH)
def _days_of(text: str) -> tuple[Of, ...]:
    """The days of a text that reads as one; none of any other text."""
    try:
        day = bounds(text)
    except ValueError:
        return ()
    vague = [(VAGUE, (day.latest or date.max).isoformat())] if day.earliest != day.latest else []
    return (*((DAY, bound.isoformat()) for bound in (day.earliest, day.latest) if bound), *vague)
