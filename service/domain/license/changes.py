"""The changes of a license that dates bring by themselves, and the acts on it, in the order of its story."""

from collections.abc import Iterator
from datetime import date

from service.domain.claims import Claim
from service.domain.dates import Bounds, bounds
from service.domain.license.acts import GONE, REFUSED
from service.domain.license.events import LicenseRenewed, LicenseReported
from service.domain.license.timeline import LicenseTimeline
from service.domain.transitions import Transition, day_after
from service.domain.truth import Truth

ACTS_IN_WORDS = {
    "suspended": "is suspended",
    "reinstated": "is reinstated",
    "amended": "is amended",
    "partially_revoked": "is revoked in part",
    "revoked": "is revoked",
    "surrendered": "is surrendered",
}


def transitions(timeline: LicenseTimeline) -> list[Transition]:
    """The validity's start and end, acts, the lapse of a suspension."""
    return timeline.dated.once(
        lambda: [
            Transition(timeline.stream, what, day, confirmed=_confirmed(timeline, day))
            for what, day in _dated(timeline)
        ]
    )


def _dated(timeline: LicenseTimeline) -> Iterator[tuple[str, Bounds]]:
    """What an act made impossible is not told (rule 15)."""
    world = timeline.worlds_on(date.max)[0]
    if world.issued and world.terms.starts and _begins(timeline, world.terms.starts):
        yield "becomes valid", world.terms.starts
    for step in timeline.steps:
        if step.act in ACTS_IN_WORDS and not step.report:
            yield ACTS_IN_WORDS[step.act], step.day
        period = getattr(step.claim.data, "period", None)
        if period and period.last and _lapses(timeline, period.last):
            yield "may be used again because its suspension ends", day_after(period.last)
    for claim in timeline.claims:
        if isinstance(claim.data, LicenseRenewed) and claim.data.renewed_as:
            yield f"is renewed as {claim.data.renewed_as}", claim.day
    if world.terms.ends and not world.outlived and world.phase not in (*REFUSED, *GONE):
        yield "expires", day_after(world.terms.ends)


def _begins(timeline: LicenseTimeline, starts: Bounds) -> bool:
    """Whether nothing has certainly taken it away, or suspended it, by the day on which it would become valid."""
    if starts.latest is None:
        return True
    held = (world.held(starts.latest) for world in timeline.worlds_on(starts.latest))
    return any(one is not Truth.NO for one in held)


def _lapses(timeline: LicenseTimeline, last: Bounds) -> bool:
    """Whether a suspension is still what keeps it from use on its last day, and the license lasts longer."""
    first_day_after = day_after(last).latest
    if first_day_after is None:
        return True
    return any(
        world.phase == "suspended"
        and world.suspended_through == last
        and world.expired(first_day_after) is not Truth.YES
        for world in timeline.worlds_on(first_day_after)
    )


def _confirmed(timeline: LicenseTimeline, day: Bounds) -> bool:
    """Whether a claim speaks of the license on or after that day: its source's day, or the day of its report."""
    latest = day.latest
    return latest is not None and any(_said_through(claim) >= latest for claim in timeline.claims)


def _said_through(claim: Claim) -> date:
    if isinstance(claim.data, LicenseReported):
        return bounds(claim.data.on).latest or date.min
    return claim.speaks_through
