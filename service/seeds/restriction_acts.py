"""Rules about a provision's acts: each is possible on its day, after the acts before it."""

from collections.abc import Callable, Iterator, Sequence

from service.domain.claims import Claim
from service.domain.dates import Bounds, bounds
from service.domain.restriction.events import (
    RestrictionAnnounced,
    RestrictionExtended,
    RestrictionSuspended,
    RestrictionSuspensionExtended,
)
from service.domain.restriction.fold import restriction_timeline
from service.domain.restriction.schedule import ENDINGS, RestrictionState, day_of, suspensions
from service.domain.restriction.timeline import RestrictionTimeline
from service.domain.truth import Truth
from service.seeds.files import Seed
from service.seeds.findings import Finding, shown
from service.seeds.lives import lives

ON_A_PROPOSAL = ("restriction.amended", "restriction.withdrawn")
Impossible = Iterator[tuple[str, str]]


def possible_acts(seeds: Sequence[Seed]) -> Iterator[Finding]:
    for life in lives(_once(seeds), "restriction"):
        provision = restriction_timeline(life.ledger)
        for index, act in enumerate(provision.every_act if provision else ()):
            before = restriction_timeline(life.without(*provision.every_act[index:])) if provision else None
            if before:
                for asked, true in _impossible(before, act):
                    yield life.finding(act, asked, true)


def _once(seeds: Sequence[Seed]) -> list[Seed]:
    """Each act once: without those that an older line tells from a later page, and what speaks of them."""
    again = {seed.event.id for seed in seeds if seed.told_earlier}
    return [seed for seed in seeds if not {seed.event.id, seed.event.refers_to} & again or seed.event.id is None]


def _impossible(before: RestrictionTimeline, act: Claim) -> Impossible:
    """What keeps an act from being possible on a provision, as the acts before it left it."""
    day = day_of(act)
    yield from _on_a_proposal(before, act)
    yield from _before_its_announcement(before, act, day)
    if _state(before, day).ended is Truth.YES:
        ends = [f"{shown(day_of(one))} ({one.type})" for one in before.every_act if one.type in ENDINGS]
        ended = ends[-1] if ends else shown(before.last_day)
        yield f"{act.type} needs a provision that has not ended", f"of {shown(day)}, it comes after {ended}"
    elif act.type in RULES:
        yield from RULES[act.type](before, act, day)


def _state(before: RestrictionTimeline, day: Bounds) -> RestrictionState:
    """How it stood on the first day that the act may be of; where none is stated, on the last."""
    on = day.earliest or day.latest
    return before.on(on).state if on else RestrictionState()


def _on_a_proposal(before: RestrictionTimeline, act: Claim) -> Impossible:
    if before.only_proposed and act.type not in ON_A_PROPOSAL:
        yield f"{act.type} needs a provision that was announced", "this one was only proposed"


def _before_its_announcement(before: RestrictionTimeline, act: Claim, day: Bounds) -> Impossible:
    made = _announced(before)
    if made and made.earliest and day.latest and day.latest < made.earliest:
        yield f"{act.type} comes after the announcement", f"it is of {shown(day)}, the announcement of {shown(made)}"


def _announced(before: RestrictionTimeline) -> Bounds | None:
    claim = before.announced
    if claim is None or not isinstance(claim.data, RestrictionAnnounced):
        return None
    return bounds(claim.data.announced_on) if claim.data.announced_on else claim.day


def _withdrawn(before: RestrictionTimeline, _act: Claim, day: Bounds) -> Impossible:
    if _state(before, day).in_force is Truth.YES:
        asked = "a provision is withdrawn before it takes effect, and repealed afterwards"
        yield asked, f"it is in force from {shown(before.starts)}, and withdrawn on {shown(day)}"


def _reinstated(before: RestrictionTimeline, _act: Claim, day: Bounds) -> Impossible:
    found = suspensions(before.acts)
    vague = bool(found) and day.earliest is None
    if not vague and _state(before, day).suspended is Truth.NO:
        last = f"; the last suspension lasted through {shown(found[-1].last)}" if found else ""
        yield "what is reinstated is suspended on that day", f"on {shown(day)} it is not{last}"


def _suspended(before: RestrictionTimeline, act: Claim, day: Bounds) -> Impossible:
    if not (isinstance(act.data, RestrictionSuspended) and _state(before, day).suspended is Truth.YES):
        return
    asked = "what is suspended was not so before; a suspension that goes on is restriction.suspension_extended"
    yield asked, f"on {shown(day)} it is suspended already"


def _suspension_extended(before: RestrictionTimeline, act: Claim, _day: Bounds) -> Impossible:
    found = suspensions(before.acts)
    if not isinstance(act.data, RestrictionSuspensionExtended):
        return
    if not found and not any(override.phase == "suspended" for override in before.overrides):
        yield "a suspension that is extended is recorded before", "none is"
    elif found and not act.data.period.from_ and not _later(act.data.period.last, found[-1].last):
        asked = "an extended suspension ends later than before"
        yield asked, f"it ends on {shown(act.data.period.last)}, and before on {shown(found[-1].last)}"


def _extended(before: RestrictionTimeline, act: Claim, _day: Bounds) -> Impossible:
    if isinstance(act.data, RestrictionExtended) and not _later(act.data.in_force.last, before.last_day):
        asked = "an extended provision ends later than before"
        yield asked, f"it ends on {shown(act.data.in_force.last)}, and before on {shown(before.last_day)}"


def _later(last: Bounds | None, before: Bounds | None) -> bool:
    """Whether an end may lie after the one before. An end that is open, or that nobody stated, may."""
    if last is None or before is None or last.latest is None or before.earliest is None:
        return True
    return last.latest > before.earliest


RULES: dict[str, Callable[[RestrictionTimeline, Claim, Bounds], Impossible]] = {
    "restriction.withdrawn": _withdrawn,
    "restriction.reinstated": _reinstated,
    "restriction.suspended": _suspended,
    "restriction.suspension_extended": _suspension_extended,
    "restriction.extended": _extended,
}
