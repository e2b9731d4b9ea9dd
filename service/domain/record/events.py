"""Events about the record itself: about an earlier event, in that event's own stream; about how far it was checked."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from service.domain.base import EventId, Frozen, Line, Passage
from service.domain.countries import Country
from service.domain.dates import Day
from service.domain.event_type import ANY_NOUN, EventData
from service.domain.sources import Url


class RecordEvent(EventData):
    noun: ClassVar[str] = ANY_NOUN

    event: EventId


class RecordCorrected(RecordEvent):
    """An event was wrong from the start: it was always otherwise. Answers for later knowledge change.

    `data` is the whole corrected data and `effective` the corrected day; what is left out stands as it was. A
    correction of a lower tier than what it corrects is kept and set aside.
    """

    event_type: ClassVar[str] = "record.corrected"

    data: dict[str, Any] | None = None
    data_version: Annotated[
        int, Field(ge=1, le=1000, description="The schema version that `data` follows, of the corrected event's type.")
    ] = 1
    effective: Day | None = None
    reason: Passage | None = None


class RecordRetracted(RecordEvent):
    """The claim falls away. Retracting a correction restores what it replaced."""

    event_type: ClassVar[str] = "record.retracted"

    reason: Passage | None = None


class RecordRepeated(RecordEvent):
    """Another source says the same. It adds a source, and raises neither a tier nor a count."""

    event_type: ClassVar[str] = "record.repeated"


class RecordRedacted(RecordEvent):
    """An event's payload, its data and its source, was removed for a legal reason; the actor is who did it.

    The envelope stays, and so does every proof. What the event said is gone for every state of knowledge: it counts as
    if it had not been claimed, and is shown as redacted.
    """

    event_type: ClassVar[str] = "record.redacted"
    posted: ClassVar[bool] = False

    reason: Passage


class CheckedSource(Frozen):
    """An official source that was looked through: a ministry's page of announcements, a gazette."""

    title: Line
    url: Url | None = None


class RecordChecked(EventData):
    """Somebody looked through the official sources of a controlling country, up to the end of the day `through`, and
    recorded what they say.

    It stands in the country's own stream: `country/cn`. Answers about the country say through which day its sources
    were checked, beside the newest source on record. It says nothing of any measure, and moves none.
    """

    event_type: ClassVar[str] = "record.checked"
    noun: ClassVar[str] = "country"
    begins: ClassVar[bool] = True

    controller: Country
    through: Annotated[Day, Field(description="The last day that the sources were looked through for.")]
    sources: Annotated[list[CheckedSource], Field(min_length=1, max_length=100)]


EVENTS: tuple[type[EventData], ...] = (
    RecordCorrected,
    RecordRetracted,
    RecordRepeated,
    RecordRedacted,
    RecordChecked,
)
