"""Technical parameters: values and bounds as intervals, and how stated ones meet those that are listed (rule 8)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from service.domain.truth import Truth, all_of

BOUNDS = ("at_least", "at_most", "more_than", "less_than")


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers from `least` through `most`; None: no limit. An open end is not itself among them."""

    least: Decimal | None = None
    most: Decimal | None = None
    above: bool = False
    """Whether `least` itself is left out."""
    below: bool = False
    """Whether `most` itself is left out."""

    @property
    def empty(self) -> bool:
        if self.least is None or self.most is None:
            return False
        return self.least > self.most or (self.least == self.most and (self.above or self.below))

    def both(self, other: "Interval") -> "Interval":
        """The numbers that are in both."""
        least, above = max((self._low, other._low))
        most, negative = min((self._high, other._high))
        return Interval(
            None if least == -Decimal("Infinity") else least,
            None if most == Decimal("Infinity") else most,
            above,
            not negative,
        )

    def within(self, other: "Interval") -> bool:
        return self._low >= other._low and self._high <= other._high

    @property
    def _low(self) -> tuple[Decimal, bool]:
        return (-Decimal("Infinity"), False) if self.least is None else (self.least, self.above)

    @property
    def _high(self) -> tuple[Decimal, bool]:
        return (Decimal("Infinity"), True) if self.most is None else (self.most, not self.below)


def named(stated: str) -> tuple[str, str | None]:
    """A stated parameter's own name, and which bound it is; None where it is bare."""
    for bound in BOUNDS:
        name = stated.removesuffix(f"_{bound}")
        if name not in (stated, ""):
            return name, bound
    return stated, None


def _interval(bound: str | None, limit: Decimal) -> Interval:
    if bound in ("at_least", "more_than"):
        return Interval(least=limit, above=bound == "more_than")
    if bound in ("at_most", "less_than"):
        return Interval(most=limit, below=bound == "less_than")
    return Interval(limit, limit)


def asked_intervals(parameters: Mapping[str, str]) -> dict[str, Interval]:
    """What goods asked about state: a bare parameter is their value, a bound is a bound."""
    return _intervals((named(stated), Decimal(limit)) for stated, limit in parameters.items())


def listed_intervals(parameters: Mapping[str, str]) -> dict[str, Interval]:
    """What a rule lists: a bare parameter is the least value that it reaches."""
    return _intervals(
        ((name, bound or "at_least"), Decimal(limit))
        for (name, bound), limit in ((named(stated), limit) for stated, limit in parameters.items())
    )


def _intervals(bounds: Iterable[tuple[tuple[str, str | None], Decimal]]) -> dict[str, Interval]:
    found: dict[str, Interval] = {}
    for (name, bound), limit in bounds:
        found[name] = found.get(name, Interval()).both(_interval(bound, limit))
    return found


def meets(asked: Interval | None, listed: Interval) -> Truth:
    """Whether what is stated lies in what is listed: all of it, a part of it, none of it. Unstated, it may.

    Bounds that contradict each other say nothing.
    """
    if asked is None or asked.empty or listed.empty:
        return Truth.POSSIBLE
    if asked.within(listed):
        return Truth.YES
    return Truth.NO if asked.both(listed).empty else Truth.POSSIBLE


@dataclass(frozen=True, slots=True)
class ParametersMatch:
    """How stated parameters meet listed ones: the weakest decides. `open`: the names of those that leave it open."""

    truth: Truth
    because: str
    open: tuple[str, ...] = ()


def met(stated: Mapping[str, Interval], listed: Mapping[str, str]) -> ParametersMatch:
    """All listed parameters have to be met by what is stated. Of none, all are met."""
    found = {name: meets(stated.get(name), limits) for name, limits in listed_intervals(listed).items()}
    truth = all_of(found.values())
    decisive = tuple(name for name, one in found.items() if one is truth)
    words = ", ".join(decisive)
    if truth is Truth.NO:
        return ParametersMatch(truth, f"its {words} is not what is listed")
    if truth is Truth.POSSIBLE:
        unstated = [name for name in decisive if name not in stated]
        what = "is not stated" if unstated else "may or may not be what is listed"
        return ParametersMatch(truth, f"its {', '.join(unstated) or words} {what}", decisive)
    return ParametersMatch(truth, "its parameters are those listed")


def outside(listed: Mapping[str, str], name: str) -> dict[str, str]:
    """Bounds of one listed parameter turned around: what goods state that it does not reach.

    A parameter with two bounds has two sides; the one below it is given.
    """
    limits = listed_intervals(listed)[name]
    if limits.least is not None:
        return {f"{name}_{'at_most' if limits.above else 'less_than'}": f"{limits.least:f}"}
    return {f"{name}_{'at_least' if limits.below else 'more_than'}": f"{limits.most:f}"}


def inside(listed: Mapping[str, str], name: str) -> dict[str, str]:
    """The bounds of one listed parameter, as goods state them that it reaches."""
    limits, found = listed_intervals(listed)[name], {}
    if limits.least is not None:
        found[f"{name}_{'more_than' if limits.above else 'at_least'}"] = f"{limits.least:f}"
    if limits.most is not None:
        found[f"{name}_{'less_than' if limits.below else 'at_most'}"] = f"{limits.most:f}"
    return found
