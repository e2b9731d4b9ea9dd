"""What dates do to a provision by themselves: it starts, ends, is suspended, applies again.

A change that an act pre-empted is not told (rule 15): one is told only where the provision's state moves on its day.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from service.domain.claims import Claim
from service.domain.dates import ONE_DAY, Bounds
from service.domain.restriction.courses import is_agreed
from service.domain.restriction.schedule import ENDINGS, RestrictionState, day_of, suspensions
from service.domain.restriction.timeline import Acts, RestrictionTimeline
from service.domain.transitions import Transition, day_after

IS_AMENDED = "is amended"
WORDS = {
    "restriction.repealed": "is repealed",
    "restriction.withdrawn": "is withdrawn",
    "restriction.amended": IS_AMENDED,
}
OF_A_QUOTA = {
    "restriction.quota_exhausted": "is used up",
    "restriction.quota_blocked": "is blocked",
    "restriction.quota_reopened": "is reopened",
}
Dated = tuple[str, Bounds, str]
"""A change in words, the bounds of its first day, and the phase that begins there."""


def transitions(timeline: RestrictionTimeline) -> list[Transition]:
    """The changes on record, in no order. Those that follow from agreed acts alone are marked (rule 13)."""
    return timeline.dated.once(lambda: _transitions(timeline))


def _transitions(timeline: RestrictionTimeline) -> list[Transition]:
    plain, *others = ([*_of_course(timeline, acts)] for acts in timeline.courses(date.max))
    found = list(plain)
    for course in others:
        found += [replace(one, agreed=True) for one in course if one not in plain]
    return list(dict.fromkeys(found))


def _of_course(timeline: RestrictionTimeline, acts: Acts) -> Iterator[Transition]:
    changes = [(what, day) for what, day, phase in _dated(timeline, acts) if _moves(timeline, acts, day, phase)]
    told = {"restriction.amended": IS_AMENDED, **OF_A_QUOTA}
    amended = [(told[act.type], act.day) for act in acts if act.type in told]
    changes += [(what, day) for what, day in amended if not _over(timeline, acts, day)]
    if timeline.only_proposed:
        changes += [(WORDS[act.type], act.day) for act in timeline.acts_on_draft if act.type in WORDS]
    for what, day in dict.fromkeys(changes):
        yield Transition(timeline.stream, what, day, confirmed=_confirmed(timeline, day))


def _dated(timeline: RestrictionTimeline, acts: Acts) -> Iterator[Dated]:
    schedule = timeline.schedule(acts)
    endings = [act for act in acts if act.type in ENDINGS]
    if timeline.announced and schedule.starts:
        yield "enters into force", schedule.starts, "in_force"
    if timeline.announced and schedule.ends and day_after(schedule.ends) not in [act.day for act in endings]:
        yield "expires", day_after(schedule.ends), "ended"
    for one in suspensions(acts):
        yield "is suspended", one.first, "suspended"
        if one.lifted:
            yield "applies again", one.lifted, "in_force"
        if one.last and day_after(one.last) != one.lifted:
            yield "applies again because its suspension ends", day_after(one.last), "in_force"
    for act in endings:
        yield WORDS[act.type], act.day, "ended"


def _moves(timeline: RestrictionTimeline, acts: Acts, day: Bounds, phase: str) -> bool:
    before, after = _around(timeline, acts, day)
    return bool(getattr(after, phase) > getattr(before, phase))


def _over(timeline: RestrictionTimeline, acts: Acts, day: Bounds) -> bool:
    """Whether the provision had ended before a day, so that nothing is left to change."""
    before, _ = _around(timeline, acts, day)
    return before.word == "ended"


def _around(timeline: RestrictionTimeline, acts: Acts, day: Bounds) -> tuple[RestrictionState, RestrictionState]:
    """The state before the first day on which a change may come, and on the last."""
    first, last = day.earliest or day.latest or date.max, day.latest or day.earliest or date.max
    return timeline.state_in(acts, max(first, date.min + ONE_DAY) - ONE_DAY), timeline.state_in(acts, last)


def _confirmed(timeline: RestrictionTimeline, day: Bounds) -> bool:
    """Whether a claim speaks of the provision on or after that day: its source's day, or the day of its report."""
    if day.latest is None:
        return False
    return any(_speaks_through(claim) >= day.latest for claim in timeline.claims)


def _speaks_through(claim: Claim) -> date:
    """What is only agreed on is no word about the day for which it is meant."""
    if is_agreed(claim):
        return claim.speaks_through
    return max(claim.speaks_through, day_of(claim).latest or date.min)
