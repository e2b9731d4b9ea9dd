"""Licenses: a page of them, one, and its history."""

from datetime import date

from service.api.shape import Shape, ThingPage, aside_views, events_of, inferred_views, slug
from service.api.things import router_for
from service.domain.dates import Period
from service.domain.license.changes import transitions
from service.domain.license.events import Conditions
from service.domain.license.timeline import LicenseTimeline
from service.domain.parties import Party
from service.domain.quantities import Count
from service.domain.resolve import distinct
from service.domain.sources import Tier
from service.domain.truth import Certainty
from service.projections import licenses
from service.register.explain import line_views, next_change, said_by
from service.register.shapes import LineView, SaidBy, SetAsideView, TransitionView


class LicensePartyRead(Shape):
    """A party in its role, and the tier of the claim that says so."""

    role: str
    party: Party
    tier: Tier


class LicenseRead(Shape):
    """A license on a day, or a statement that licenses exist. `destinations` has several where sources disagree.

    `renewed_as`: the licenses that it was renewed as by then; it stands as it is all the same.
    """

    id: str
    type: str | None
    issuer: str
    destinations: list[str]
    parties: list[LicensePartyRead]
    lines: list[LineView]
    validity: Period | None
    conditions: list[Conditions]
    count: Count | None
    renewed_as: list[str]
    state: str
    granted: Certainty
    active: Certainty
    tier: Tier
    said_by: list[SaidBy]
    set_aside: list[SetAsideView]
    conflicts: list[SetAsideView]
    inferred: list[TransitionView]
    next_change: TransitionView | None
    events: list[str]
    position: int


class LicensePage(ThingPage):
    licenses: list[LicenseRead]


def license_read(found: LicenseTimeline, on: date) -> LicenseRead:
    on_day, dated = found.on(on), transitions(found)
    counts = [count for _, count in found.counts]
    return LicenseRead(
        id=slug(found.stream),
        type=on_day.type,
        issuer=found.issuer,
        destinations=list(on_day.destinations),
        parties=distinct(
            LicensePartyRead(role=one.role, party=one.party, tier=one.claim.tier) for one in on_day.parties
        ),
        lines=line_views(on_day),
        validity=on_day.validity,
        conditions=list(on_day.conditions),
        count=max(counts, key=lambda count: count.min) if counts else None,
        renewed_as=[slug(stream) for stream in on_day.renewed_as],
        state=on_day.state.word,
        granted=on_day.state.granted.word,
        active=on_day.state.active.word,
        tier=found.tier,
        said_by=said_by(found.claims),
        set_aside=aside_views(found.stream, found.set_aside),
        conflicts=aside_views(found.stream, found.set_aside, conflicting=True),
        inferred=inferred_views(dated, on),
        next_change=next_change(dated, on),
        events=[*events_of(found.claims), *(event for use in found.uses for event in use.events)],
        position=found.position,
    )


router = router_for(licenses.MODEL, "licenses", license_read, LicenseRead, LicensePage)
