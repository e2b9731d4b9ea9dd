"""What a check of the seeds finds: where it stands, what is asked of the line, and what is true of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from service.domain.dates import Bounds
from service.seeds.files import Seed


@dataclass(frozen=True, slots=True)
class Finding:
    """`fault`: the seeds are wrong. Else it is a remark: worth a look, and for a person to judge."""

    place: str
    asked: str
    true: str
    fault: bool = True

    def __str__(self) -> str:
        return f"{self.place}: {self.asked}; {self.true}"


Rule = Callable[[Sequence[Seed]], Iterable[Finding]]
"""Holds all seeds, in their load order, against one rule."""


def of(seed: Seed, asked: str, true: str, *, fault: bool = True) -> Finding:
    return Finding(seed.place, asked, true, fault)


def each(rule: Callable[[Seed], Iterator[tuple[str, str]]]) -> Rule:
    """A rule about one line alone, which yields what is asked and what is true."""

    def held(seeds: Sequence[Seed]) -> Iterator[Finding]:
        for seed in seeds:
            for asked, true in rule(seed):
                yield of(seed, asked, true)

    return held


def shown(day: Bounds | date | None) -> str:
    """A day in a sentence."""
    if day is None or isinstance(day, date):
        return day.isoformat() if day else "a day that nobody states"
    if day.earliest == day.latest:
        return shown(day.earliest)
    first, last = (bound.isoformat() if bound else ".." for bound in (day.earliest, day.latest))
    return f"{first}/{last}"
