"""Figures: each a ratio to a limit that was measured in the same run, in turn with it.

Whatever else the machine does falls on both alike, so the ratio holds where the figures themselves do not.
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

ROUNDS = 5
HTTP_ROUNDS = 3
"""How often what takes seconds is measured: a turn under load averages thousands of requests."""
LEAST_ROUNDS, LONGEST_S = 2, 12
"""A figure of which a turn takes long has fewer turns, so that a run ends within ten minutes."""


@dataclass(frozen=True)
class Spent:
    """What a turn gave: its rate or its time, and the CPU that each unit of work took, where that was measured."""

    value: float
    cpu_us: float | None = None


Turn = Callable[[], Spent]


@dataclass(frozen=True)
class Figure:
    """`ratio` is of the value to the limit, of a rate and of a time alike."""

    name: str
    unit: str
    value: float
    least: float
    most: float
    limit: float
    limit_is: str
    cpu_us: float | None = None
    limit_cpu_us: float | None = None
    goal: float | None = None

    @property
    def ratio(self) -> float:
        return self.value / self.limit

    @classmethod
    def of_json(cls, name: str, said: Mapping[str, Any]) -> Self:
        return cls(
            name,
            said["unit"],
            said["value"],
            said["min"],
            said["max"],
            said["limit"],
            said["limit_is"],
            said["cpu_us"],
            said["limit_cpu_us"],
            said["goal"],
        )

    def as_json(self) -> dict[str, float | str | None]:
        return {
            "value": _short(self.value),
            "unit": self.unit,
            "limit": _short(self.limit),
            "ratio": round(self.ratio, 3),
            "min": _short(self.least),
            "max": _short(self.most),
            "cpu_us": None if self.cpu_us is None else round(self.cpu_us),
            "limit_cpu_us": None if self.limit_cpu_us is None else round(self.limit_cpu_us),
            "limit_is": self.limit_is,
            "goal": self.goal,
        }


@dataclass
class Figures:
    """All figures of a run, in the order that they were measured in; `missing` says what was not, and why."""

    rounds: int = ROUNDS
    found: list[Figure] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def in_turn(
        self,
        name: str,
        unit: str,
        turn: Turn,
        limit: Turn,
        *,
        limit_is: str,
        goal: float | None = None,
        rounds: int | None = None,
    ) -> Figure:
        """Measures both in turn, A B A B, and takes the medians; so many times, where it is not as often as others."""
        ours, limits = [], []
        until = time.monotonic() + LONGEST_S
        for done in range(rounds or self.rounds):
            if done >= LEAST_ROUNDS and time.monotonic() > until:
                break
            limits.append(limit())
            ours.append(turn())
        return self.add(name, unit, ours, limits, limit_is=limit_is, goal=goal)

    def add(
        self,
        name: str,
        unit: str,
        ours: Sequence[Spent],
        limits: Sequence[Spent],
        *,
        limit_is: str,
        goal: float | None = None,
    ) -> Figure:
        values = [one.value for one in ours]
        figure = Figure(
            name,
            unit,
            statistics.median(values),
            min(values),
            max(values),
            statistics.median(one.value for one in limits),
            limit_is,
            _cpu(ours),
            _cpu(limits),
            goal,
        )
        self.found.append(figure)
        print(told(figure), flush=True)
        return figure

    def miss(self, what: str) -> None:
        self.missing.append(what)
        print(f"not measured: {what}", flush=True)


def _cpu(turns: Sequence[Spent]) -> float | None:
    found = [one.cpu_us for one in turns if one.cpu_us is not None]
    return statistics.median(found) if found else None


def told(figure: Figure) -> str:
    cpu = f", {figure.cpu_us:,.0f} µs CPU" if figure.cpu_us is not None else ""
    return (
        f"{figure.name}: {figure.value:,.4g} {figure.unit} ({figure.least:,.4g}–{figure.most:,.4g}){cpu}; "
        f"{figure.ratio:.3g} of {figure.limit:,.4g} ({figure.limit_is})"
    )


def _short(value: float) -> float:
    return float(f"{value:.5g}")
