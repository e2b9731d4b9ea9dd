"""Provisions: a page of them, one, and its history."""

from datetime import date
from typing import Annotated

from pydantic import Field

from service.api.shape import Shape, ThingPage, aside_views, events_of, inferred_views, slug
from service.api.things import router_for
from service.domain.dates import Period
from service.domain.restriction.changes import transitions
from service.domain.restriction.events import Instrument
from service.domain.restriction.schedule import PHASES
from service.domain.restriction.timeline import RestrictionTimeline
from service.domain.scope import Scope
from service.domain.sources import Tier
from service.domain.truth import Certainty
from service.projections import restrictions
from service.register.explain import next_change, quota_part, said_by
from service.register.parts import QuotaPart
from service.register.shapes import SaidBy, SetAsideView, TransitionView


class RestrictionRead(Shape):
    """A provision on a day. `state` is the phase that is certain, or `undetermined`; `phases` tells of each phase."""

    id: str
    instrument: Instrument | None
    provision: str | None
    controller: str
    kind: str
    kinds: Annotated[list[str], Field(description="Several where sources of equal tier disagree.")]
    scope: Scope
    in_force: Period | None
    since: Annotated[str | None, Field(description="A day on which it applied, or is to start.")] = None
    superseded_by: Annotated[str | None, Field(description="The restriction that replaced it by that day.")] = None
    state: str
    quota: Annotated[QuotaPart | None, Field(description="What is left of it, where it is a quota.")] = None
    bars_license_types: Annotated[
        list[str] | None, Field(description="Licenses of these types cannot be used for the parties it names.")
    ] = None
    phases: dict[str, Certainty]
    disputed: bool
    tier: Tier
    said_by: list[SaidBy]
    set_aside: list[SetAsideView]
    conflicts: list[SetAsideView]
    inferred: list[TransitionView]
    next_change: TransitionView | None
    events: list[str]
    position: int


class RestrictionPage(ThingPage):
    restrictions: list[RestrictionRead]


def restriction_read(timeline: RestrictionTimeline, on: date) -> RestrictionRead:
    found, dated = timeline.on(on), transitions(timeline)
    return RestrictionRead(
        id=slug(found.stream),
        instrument=found.instrument,
        provision=found.label,
        controller=found.controller,
        kind=found.kind,
        kinds=list(found.kinds),
        scope=found.scope,
        in_force=found.in_force,
        since=found.since,
        superseded_by=found.successor,
        state=found.state.word,
        quota=quota_part(found),
        bars_license_types=list(found.bars_license_types) or None,
        phases={phase: getattr(found.state, phase).word for phase in PHASES},
        disputed=found.disputed,
        tier=found.tier,
        said_by=said_by(found.claims),
        set_aside=aside_views(found.stream, found.set_aside),
        conflicts=aside_views(found.stream, found.set_aside, conflicting=True),
        inferred=inferred_views(dated, on),
        next_change=next_change(dated, on),
        events=events_of(found.claims),
        position=found.position,
    )


router = router_for(restrictions.MODEL, "restrictions", restriction_read, RestrictionRead, RestrictionPage)
