"""The courses that events may have taken, where acts were agreed on and not seen (rule 13).

From an agreed act's first day on, what follows with it and what follows without it are both possible, until an enacted
act on the same matter or the authority's own word settles it.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from service.domain.claims import Claim
from service.domain.dates import reached
from service.domain.resolve import distinct
from service.domain.restriction.events import RestrictionAmended, RestrictionReported
from service.domain.restriction.schedule import SAYS, RestrictionState, day_of
from service.domain.truth import Truth

MATTERS = (
    ("restriction.suspended", "restriction.suspension_extended", "restriction.reinstated"),
    ("restriction.amended",),
    ("restriction.extended",),
    ("restriction.repealed", "restriction.withdrawn"),
    ("restriction.quota_exhausted", "restriction.quota_blocked", "restriction.quota_reopened"),
)
"""Acts on one matter: what one of them enacts takes the place of what was agreed on before."""
Acts = tuple[Claim, ...]


def is_agreed(claim: Claim) -> bool:
    """Whether the authority only said that it will do so, and no act was seen."""
    return getattr(claim.data, "certainty", "enacted") == "agreed"


def courses(
    acts: Acts, claims: Sequence[Claim], day: date, state: Callable[[Acts, date], RestrictionState]
) -> list[Acts]:
    """The acts that stand by a day, once for each course: first without what is only agreed on, last with all of it.

    Between these stand each agreed act alone and each left out, not every mixture: their number grows with the acts.
    """
    enacted = tuple(act for act in acts if not is_agreed(act))
    if len(enacted) == len(acts):
        return [acts]
    unsettled = [act for act in acts if is_agreed(act) and not any(_settles(one, act, day) for one in enacted)]
    found = [tuple(act for act in acts if act in enacted or act in chosen) for chosen in _choices(unsettled)]
    for report in sorted(claims, key=lambda claim: day_of(claim).latest or date.max):
        if isinstance(report.data, RestrictionReported) and unsettled and _has_a_say(report, unsettled, day):
            found = _as_reported(found, report, report.data, state)
    return found


def _choices(unsettled: Sequence[Claim]) -> Iterator[list[Claim]]:
    alone = [[act] for act in unsettled]
    left_out = [[act for act in unsettled if act is not one] for one in unsettled]
    yield from distinct([[], *alone, *left_out, list(unsettled)])


def _settles(enacted: Claim, agreed: Claim, day: date) -> bool:
    """Whether an enacted act that has come takes the place of one agreed on: it was published later, on its matter."""
    if reached(enacted.day, day) is not Truth.YES or not _same_matter(enacted, agreed):
        return False
    said, before = enacted.speaks_through, agreed.speaks_through
    return said > before or (said == before and enacted.type == agreed.type)


def _same_matter(one: Claim, other: Claim) -> bool:
    if isinstance(one.data, RestrictionAmended) and isinstance(other.data, RestrictionAmended):
        return bool(one.data.changes & other.data.changes)
    return any(one.type in matter and other.type in matter for matter in MATTERS)


def _has_a_say(report: Claim, unsettled: Sequence[Claim], day: date) -> bool:
    return report.rank >= max(act.rank for act in unsettled) and reached(day_of(report), day) is Truth.YES


def _as_reported(
    found: list[Acts], report: Claim, said: RestrictionReported, state: Callable[[Acts, date], RestrictionState]
) -> list[Acts]:
    """The courses in which things stood as an authority reported; all where they did so in none."""
    on = day_of(report).latest
    if on is None:
        return found
    agreeing = [acts for acts in found if getattr(state(acts, on), SAYS[said.state]) is Truth.YES]
    return agreeing or found
