"""What is left of a quota on a day, by its volumes and the acts that close and reopen it (rule 19)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from service.domain.claims import Claim
from service.domain.dates import passed, reached
from service.domain.restriction.events import Volume
from service.domain.truth import Truth

QuotaState = Literal["open", "exhausted", "blocked"]
STATES: dict[str, QuotaState] = {
    "restriction.quota_exhausted": "exhausted",
    "restriction.quota_blocked": "blocked",
    "restriction.quota_reopened": "open",
}


@dataclass(frozen=True, slots=True)
class QuotaOnDay:
    """A quota on a day. `states`: several where an act has possibly come. Used up or blocked, nothing is left of it."""

    states: tuple[QuotaState, ...]
    volumes: tuple[Volume, ...]
    """The volumes of the periods that the day lies in, certainly or possibly."""

    @property
    def state(self) -> QuotaState | None:
        """The state that is certain; None where it is open which one holds."""
        return self.states[0] if len(self.states) == 1 else None


def quota_on(volumes: Sequence[Volume], acts: Iterable[Claim], day: date) -> QuotaOnDay:
    states: tuple[QuotaState, ...] = ("open",)
    for act in acts:
        if act.type in STATES:
            states = _after(states, act, volumes, day)
    current = tuple(one for one in volumes if one.period.covers(day) is not Truth.NO)
    return QuotaOnDay(states, current)


def _after(states: tuple[QuotaState, ...], act: Claim, volumes: Sequence[Volume], day: date) -> tuple[QuotaState, ...]:
    """The states with an act that has come by a day; before it where it has not, either where it may have."""
    come = reached(act.day, day)
    if come is Truth.NO:
        return states
    over = _is_of_an_earlier_period(act, volumes, day)
    new = "open" if over is Truth.YES else STATES[act.type]
    before = states if come is Truth.POSSIBLE else ()
    also: tuple[QuotaState, ...] = ("open",) if over is Truth.POSSIBLE else ()
    return tuple(dict.fromkeys((*before, new, *also)))


def _is_of_an_earlier_period(act: Claim, volumes: Sequence[Volume], day: date) -> Truth:
    """Whether the volume that an act says is used up was that of a period which is over by the day."""
    made = act.day.latest
    if act.type != "restriction.quota_exhausted" or made is None:
        return Truth.NO
    of = [one.period for one in volumes if one.period.covers(made) is not Truth.NO]
    ends = [passed(period.last, day) if period.last else Truth.NO for period in of]
    return min(ends, default=Truth.NO)
