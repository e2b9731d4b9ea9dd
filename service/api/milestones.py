"""Milestones: a page of them, one, and its history."""

from datetime import date
from typing import Annotated

from pydantic import Field

from service.api.shape import Shape, ThingPage, aside_views, events_of, slug
from service.api.things import router_for
from service.domain.milestone.timeline import Milestone, happened_by
from service.domain.truth import Certainty
from service.projections import milestones
from service.register.reasons import said_by
from service.register.shapes import SaidBy, SetAsideView


class MilestoneRead(Shape):
    """A milestone. It moves no status.

    `state` is `recorded`, `claimed` by one side, or what another side said: `confirmed`, `not_confirmed`,
    `contradicted`; or `fulfilled`, by what came of it.
    """

    id: str
    kind: str
    title: str
    summary: str | None
    parties: list[str]
    state: str
    claimed_by: str | None
    confirmed_by: list[str]
    contradicted_by: list[str]
    fulfilled_by: list[str]
    earliest: date | None
    latest: date | None
    happened: Annotated[Certainty, Field(description="Whether it had happened by `as_of`.")]
    about: list[str]
    set_aside: list[SetAsideView]
    conflicts: list[SetAsideView]
    said_by: list[SaidBy]
    events: list[str]
    position: int


class MilestonePage(ThingPage):
    """Milestones, a page of them."""

    milestones: list[MilestoneRead]


def milestone_read(found: Milestone, on: date) -> MilestoneRead:
    return MilestoneRead(
        id=slug(found.stream),
        kind=found.kind,
        title=found.title,
        summary=found.summary,
        parties=list(found.parties),
        state=found.word,
        claimed_by=found.claimed_by,
        confirmed_by=[by for by, word in found.answers if word == "confirmed"],
        contradicted_by=[by for by, word in found.answers if word == "contradicted"],
        fulfilled_by=list(found.fulfilled_by),
        earliest=found.day.earliest,
        latest=found.day.latest,
        happened=happened_by(found, on).word,
        about=list(found.about),
        set_aside=aside_views(found.stream, found.set_aside),
        conflicts=aside_views(found.stream, found.set_aside, conflicting=True),
        said_by=said_by(found.claims),
        events=events_of(found.claims),
        position=found.position,
    )


router = router_for(milestones.MODEL, "milestones", milestone_read, MilestoneRead, MilestonePage)
