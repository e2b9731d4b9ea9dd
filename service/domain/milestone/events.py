"""Events of diplomacy. Milestones never change a legal status: they are context."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from service.domain.base import Line, Passage
from service.domain.countries import Country
from service.domain.event_type import EventData

MilestoneKind = Literal[
    "meeting",
    "agreement",
    "assurance",
    "representation",
    "demanded_condition",
    "statement",
    "non_confirmation",
    "rupture",
    "mechanism_resumed",
]
Link = Annotated[str, Field(pattern=r"^(restriction|license|milestone)/[a-z0-9-]{1,100}$")]


class MilestoneEvent(EventData):
    noun: ClassVar[str] = "milestone"


class MilestoneRecorded(MilestoneEvent):
    """Something happened, or was said to happen, between countries, on `effective`.

    `claimed_by` names the side that says so. A milestone that only one side claims stays a claim until the other
    confirms it. `about` links the restrictions and licenses that it speaks of; it moves none of them.
    """

    event_type: ClassVar[str] = "milestone.recorded"
    begins: ClassVar[bool] = True

    kind: MilestoneKind
    parties: Annotated[list[Country], Field(min_length=1, max_length=300)]
    title: Line
    summary: Passage | None = None
    claimed_by: Country | None = None
    about: Annotated[list[Link], Field(max_length=100)] = []


class MilestoneConfirmed(MilestoneEvent):
    """Another side confirmed the milestone, on `effective`."""

    event_type: ClassVar[str] = "milestone.confirmed"

    by: Country


class MilestoneNotConfirmed(MilestoneEvent):
    """Another side was asked, and neither confirmed nor denied the milestone, on `effective`."""

    event_type: ClassVar[str] = "milestone.not_confirmed"

    by: Country


class MilestoneContradicted(MilestoneEvent):
    """Another side said that it was not so, on `effective`. Both words stand."""

    event_type: ClassVar[str] = "milestone.contradicted"

    by: Country


class MilestoneFulfilled(MilestoneEvent):
    """What was agreed or assured came about, on `effective`, by the restriction or license that `by_event_in` names."""

    event_type: ClassVar[str] = "milestone.fulfilled"

    by_event_in: Link


EVENTS: tuple[type[EventData], ...] = (
    MilestoneRecorded,
    MilestoneConfirmed,
    MilestoneNotConfirmed,
    MilestoneContradicted,
    MilestoneFulfilled,
)
