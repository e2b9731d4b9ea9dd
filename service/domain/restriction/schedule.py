"""When a provision applies, by its acts and dates alone. In force, expiry and the lapse of a suspension follow from
dates: they are computed, and never recorded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from service.domain.claims import Claim
from service.domain.dates import Bounds, bounds, passed, reached, some_day_of
from service.domain.restriction.events import (
    RestrictionExtended,
    RestrictionReported,
    RestrictionSuspended,
    RestrictionSuspensionExtended,
)
from service.domain.truth import Truth, all_of, any_of

ENDINGS = ("restriction.repealed", "restriction.withdrawn")
PHASES = ("not_yet_in_force", "in_force", "suspended", "ended")
SAYS = {"in_force": "in_force", "still_applies": "in_force", "suspended": "suspended", "lifted": "ended"}
"""The phase that a report speaks of."""


@dataclass(frozen=True, slots=True)
class RestrictionState:
    """A provision on a day. The phases exclude each other: at most one is certain. All NO: not announced yet."""

    not_yet_in_force: Truth = Truth.NO
    in_force: Truth = Truth.NO
    suspended: Truth = Truth.NO
    ended: Truth = Truth.NO

    @property
    def word(self) -> str:
        """The phase that is certain; else `undetermined`, or `not_announced`."""
        certain = [phase for phase in PHASES if getattr(self, phase) is Truth.YES]
        nothing = all(getattr(self, phase) is Truth.NO for phase in PHASES)
        return certain[0] if certain else "not_announced" if nothing else "undetermined"

    def weakened(self, *others: str) -> "RestrictionState":
        """What was certain is only possible, and so are other phases."""
        phases = {phase: min(getattr(self, phase), Truth.POSSIBLE) for phase in PHASES}
        return RestrictionState(**phases | dict.fromkeys(others, Truth.POSSIBLE))


def one_of(states: Sequence[RestrictionState]) -> RestrictionState:
    """Certain is what all of several states have in common; what some have is possible."""
    if len(states) == 1:
        return states[0]
    found = {phase: {getattr(state, phase) for state in states} for phase in PHASES}
    return RestrictionState(**{p: one.pop() if len(one) == 1 else Truth.POSSIBLE for p, one in found.items()})


def day_of(claim: Claim) -> Bounds:
    """The day that a claim speaks of: a report's own, a suspension's first, else the act's."""
    if isinstance(claim.data, RestrictionReported):
        return bounds(claim.data.on)
    if isinstance(claim.data, RestrictionSuspended) and claim.data.period.from_:
        return claim.data.period.first
    return claim.day


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days on which the provision does not apply. `lifted`: the first day on which an act makes it apply again."""

    first: Bounds
    last: Bounds | None
    lifted: Bounds | None = None

    def covers(self, on: date) -> Truth:
        over = any_of((passed(self.last, on) if self.last else Truth.NO, _reached(self.lifted, on)))
        return all_of((reached(self.first, on), over.negated()))


def _reached(day: Bounds | None, on: date) -> Truth:
    return reached(day, on) if day else Truth.NO


def suspensions(acts: Iterable[Claim]) -> list[Suspension]:
    """The suspensions as their extensions and reinstatements leave them, in order."""
    found: list[Suspension] = []
    for act in acts:
        if isinstance(act.data, RestrictionSuspended):
            found.append(Suspension(day_of(act), act.data.period.last))
        elif isinstance(act.data, RestrictionSuspensionExtended):
            period = act.data.period
            if found and not period.from_:
                found[-1] = replace(found[-1], last=period.last)
            else:
                found.append(Suspension(period.first if period.from_ else act.day, period.last))
        elif act.type == "restriction.reinstated":
            found = [one if one.lifted else replace(one, lifted=act.day) for one in found]
    return found


@dataclass(frozen=True, slots=True)
class Schedule:
    """One course of events: when a provision was announced, when it starts and ends, and its acts in order.

    `announced` None: that day is not known, or it never was. `starts` None: no start is known.
    """

    announced: Bounds | None
    starts: Bounds | None
    stated_end: Bounds | None
    acts: tuple[Claim, ...]

    @property
    def ends(self) -> Bounds | None:
        """Its last day: as the last extension says, else as stated at first; None where none is, or it is open."""
        ends = [act.data.in_force.through for act in self.acts if isinstance(act.data, RestrictionExtended)]
        return some_day_of([ends[-1]]) if ends and ends[-1] else self.stated_end

    def suspended(self, on: date) -> Truth:
        return any_of(one.covers(on) for one in suspensions(self.acts))

    def on(self, day: date) -> RestrictionState:
        started = _reached(self.starts, day)
        known = any_of((_reached(self.announced, day), started))
        expired = passed(self.ends, day) if self.ends else Truth.NO
        ended = any_of((expired, *(reached(act.day, day) for act in self.acts if act.type in ENDINGS)))
        suspended = self.suspended(day)
        return RestrictionState(
            not_yet_in_force=all_of((known, started.negated(), suspended.negated(), ended.negated())),
            in_force=all_of((started, suspended.negated(), ended.negated())),
            suspended=all_of((known, suspended, ended.negated())),
            ended=all_of((known, ended)),
        )
