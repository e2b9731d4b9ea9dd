"""What a day does to a thing: transitions that follow from dates, and how they are told."""

from dataclasses import dataclass
from datetime import date

from service.domain.dates import ONE_DAY, Bounds


@dataclass(frozen=True, slots=True)
class Transition:
    """A change that a date brings by itself. `day` bounds the first day on which the new state holds.

    `confirmed`: some source speaks of the thing on or after that day. `agreed`: it follows from an act that was agreed
    on and not seen, and stands beside what follows without it.
    """

    stream: str
    what: str
    day: Bounds
    confirmed: bool
    agreed: bool = False

    @property
    def first(self) -> date | None:
        return self.day.earliest or self.day.latest

    def due(self, on: date) -> bool:
        """Whether it has come, certainly or possibly."""
        return self.first is not None and self.first <= on

    def ahead(self, on: date) -> bool:
        """Whether it is still to come, certainly or possibly."""
        return self.day.latest is not None and self.day.latest > on


def day_after(day: Bounds) -> Bounds:
    """The first day on which what lasts through `day` is over."""
    return Bounds(_next(day.earliest), _next(day.latest))


def _next(day: date | None) -> date | None:
    return day + ONE_DAY if day is not None and day < date.max else day
