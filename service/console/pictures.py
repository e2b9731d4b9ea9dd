"""Pictures of an answer, as plain numbers that a template draws: when licenses held, and what happened when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from service.domain.dates import ANY_DAY, Bounds, bounds
from service.domain.event import RecordedEvent
from service.domain.license.considered import LicenseConsidered
from service.domain.license.timeline import LicenseTimeline
from service.domain.sources import when
from service.domain.truth import Truth
from service.register.titles import some_day

STEPS = 72
"""On how many days of the axis a license is asked for: what is shorter than one of them may not be seen."""
BEFORE, AFTER = timedelta(days=30), timedelta(days=120)
LONGEST_AXIS = timedelta(days=6 * 365)
WIDTH = 100
"""The width of a picture, in percent of what it has on the page."""
NEAR = 1.6
"""Marks of one lane that are nearer than this are put above one another."""
HIGHEST = 6
LONGEST_TOLD = 110
"""How many characters a mark says of its event."""


@dataclass(frozen=True)
class Axis:
    """The days that a picture shows, from left to right."""

    first: date
    last: date

    def at(self, day: date) -> float:
        """How far from the left a day stands, kept within the picture."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(min(max(share, 0), 1) * WIDTH, 2)

    @property
    def days(self) -> list[date]:
        whole = (self.last - self.first).days
        return [self.first + timedelta(days=round(whole * step / STEPS)) for step in range(STEPS + 1)]

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Where years begin; of less than three years, quarters too."""
        months = (1,) if (self.last - self.first).days > 3 * 365 else (1, 7) if self._long else (1, 4, 7, 10)
        years = range(self.first.year, self.last.year + 1)
        found = [date(year, month, 1) for year in years for month in months]
        return [(self.at(one), self._label(one)) for one in found if self.first <= one <= self.last]

    @property
    def _long(self) -> bool:
        return (self.last - self.first).days > 500

    @staticmethod
    def _label(one: date) -> str:
        return str(one.year) if one.month == 1 else f"{one:%b}"


@dataclass(frozen=True)
class Bar:
    """A part of a license's time: from where to where, and whether it certainly held then."""

    start: float
    width: float
    certain: bool
    first: date
    last: date


def axis_of(days: Iterable[date | None], today: date) -> Axis:
    """All of the days and today, with a margin; of many years, the last ones."""
    found = [day for day in days if day is not None]
    last = max([*found, today]) + AFTER
    first = min([*found, today]) - BEFORE
    return Axis(max(first, min(last, today + LONGEST_AXIS) - LONGEST_AXIS), min(last, today + LONGEST_AXIS))


def began(one: LicenseConsidered) -> date | None:
    """The first day that any record speaks of a license: its axis has to reach that far."""
    validity = one.on_day.validity
    stated = bounds(validity.from_).earliest if validity and validity.from_ else None
    published = [source.speaks_through for claim in one.license.claims for _, source in claim.said]
    return min((day for day in [stated, *published] if day), default=None)


def bars(license_: LicenseTimeline, axis: Axis) -> list[Bar]:
    """When a license held, as the register would answer on each day of the axis."""
    asked = [(day, license_.on(day).state.active) for day in axis.days]
    made = []
    for truth, run in groupby(asked, key=lambda pair: pair[1]):
        days = [day for day, _ in run]
        if truth is not Truth.NO:
            end = min(days[-1] + (axis.days[1] - axis.days[0]), axis.last)
            start = axis.at(days[0])
            made.append(Bar(start, round(axis.at(end) - start, 2), truth is Truth.YES, days[0], days[-1]))
    return made


@dataclass(frozen=True)
class Mark:
    """An event in a lane. A vague day has a span."""

    at: float
    span: float
    level: int
    event: str
    says: str


@dataclass(frozen=True)
class Lanes:
    axis: Axis
    today: float
    happened: list[Mark]
    published: list[Mark]

    @property
    def above(self) -> int:
        return max((one.level for one in self.happened), default=0) + 1

    @property
    def below(self) -> int:
        return max((one.level for one in self.published), default=0) + 1


def happened(event: RecordedEvent) -> Bounds:
    """When it was so, by the event's own words; no bound where it says nothing."""
    stated = event.effective or event.data.get("on") or event.data.get("day") or event.data.get("announced_on")
    stated = stated or (event.data.get("in_force") or {}).get("from")
    try:
        return bounds(stated) if stated else ANY_DAY
    except ValueError:
        return ANY_DAY


def published(event: RecordedEvent) -> Bounds:
    said = event.source.get("published_at")
    return when(said) if said else ANY_DAY


def lanes(events: Sequence[tuple[RecordedEvent, str]], today: date) -> Lanes:
    """What happened, and when it was published."""
    spans = [span(event) for event, _ in events for span in (happened, published)]
    axis = axis_of([day for one in spans for day in (one.earliest, one.latest)], today)
    return Lanes(
        axis,
        axis.at(today),
        _placed([(happened(event), event.id, says) for event, says in events], axis),
        _placed([(published(event), event.id, says) for event, says in events], axis),
    )


def _placed(found: Iterable[tuple[Bounds, str, str]], axis: Axis) -> list[Mark]:
    """Each where its day is, those that stand close above one another."""
    dated = [(one.earliest or one.latest, one.latest or one.earliest, event, says) for one, event, says in found]
    ordered = sorted((first, last, event, says) for first, last, event, says in dated if first and last)
    placed: list[Mark] = []
    ends = [float("-inf")] * HIGHEST
    for first, last, event, says in ordered:
        at, end = axis.at(first), axis.at(last)
        level = next((number for number, free in enumerate(ends) if at - free >= NEAR), HIGHEST - 1)
        ends[level] = max(end, at)
        told = says if len(says) <= LONGEST_TOLD else f"{says[:LONGEST_TOLD]}…"
        told += "" if first == last else f" ({some_day(first, last)})"
        placed.append(Mark(at, round(max(end - at, 0), 2), level, event, told))
    return placed
