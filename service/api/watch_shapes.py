"""A watch as read, and what is told of it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, field_serializer

from service.api.shape import Shape
from service.feeds.asks import Ask
from service.feeds.watch import Watch


class WatchRead(Shape):
    """A standing question with its answer, as far as it was evaluated."""

    id: str
    title: str | None
    ask: Ask
    webhook: Annotated[str | None, Field(description="Where changes are posted to.")]
    paused: Annotated[bool, Field(description="Whether deliveries wait. Changes are listed all the same.")]
    actor: str
    made_at: Annotated[datetime, Field(description="When the watch was made.")]
    headline: str
    says: Annotated[dict[str, Any], Field(description="What the answer says: what is compared.")]
    as_of: Annotated[date, Field(description="The day that the answer was last looked at for.")]
    next_day: Annotated[
        date | None,
        Field(
            description="The next day on which the answer is looked at again, as what it rests on names that day or "
            "the day before. It need not change then. Null: none is known."
        ),
    ]
    changes: Annotated[int, Field(description="The number of the last change.")]

    @field_serializer("ask")
    def _as_asked(self, ask: Ask) -> dict[str, Any]:
        return ask.model_dump(mode="json", by_alias=True, exclude_unset=True)


class WatchMade(WatchRead):
    """A watch with the secret that its webhook is signed with, which is shown when it is made, and never again."""

    secrets: Annotated[
        list[str], Field(description="What to verify signatures with; empty where nothing was made anew.")
    ]


class WatchPage(Shape):
    """Watches in the order of their ids."""

    watches: Annotated[list[WatchRead], Field(description="The watches of this page.")]
    next_after: Annotated[str | None, Field(description="The id to ask on from, as `after`; null: these are all.")]


class ChangeBecause(Shape):
    """Why an answer was looked at again: events, or a day that came."""

    events: Annotated[list[str] | None, Field(description="The ids of the events.")] = None
    day: Annotated[date | None, Field(description="The day.")] = None


class BeforeAndAfter(Shape):
    """The sentence before and after."""

    before: Annotated[str, Field(description="The headline before.")]
    after: Annotated[str, Field(description="The headline now.")]


class AnswerChanged(Shape):
    """What was answered before and what is answered now. Of a status, only the rows that differ are told."""

    number: Annotated[int, Field(description="The number of the change, from 1, without a gap.")]
    watch: Annotated[str, Field(description="The id of the watch.")]
    title: str | None
    position: Annotated[int, Field(description="The log position that the answer now knows.")]
    as_of: date
    because: ChangeBecause
    headline: BeforeAndAfter
    fields: Annotated[list[str], Field(description="What differs: fields of an answer, or rows of a status.")]
    before: Annotated[dict[str, Any], Field(description="What was said before.")]
    after: Annotated[dict[str, Any], Field(description="What is said now.")]


class EventNamed(Shape):
    """An event in short."""

    id: str
    stream: str
    type: str
    effective: str | None
    recorded_at: datetime


class EventRecorded(Shape):
    """An event that a watch waits for."""

    number: Annotated[int, Field(description="The number of the change, from 1, without a gap.")]
    watch: Annotated[str, Field(description="The id of the watch.")]
    title: str | None
    position: int
    because: ChangeBecause
    event: Annotated[EventNamed, Field(description="The event.")]


class AnswerChangedMessage(Shape):
    """Told when a watched answer changes."""

    type: Annotated[Literal["answer.changed"], Field(description="What is told.")]
    timestamp: Annotated[datetime, Field(description="When the change was found.")]
    data: AnswerChanged


class EventRecordedMessage(Shape):
    """Told when an event is recorded that a watch waits for."""

    type: Annotated[Literal["event.recorded"], Field(description="What is told.")]
    timestamp: Annotated[datetime, Field(description="When the event was found.")]
    data: EventRecorded


Message = Annotated[AnswerChangedMessage | EventRecordedMessage, Field(discriminator="type")]


class ChangePage(Shape):
    """What was told of a watch, oldest first."""

    changes: Annotated[list[Message], Field(description="What was told, as it is told.")]
    next_after: Annotated[int | None, Field(description="The number to ask on from, as `after`; null: these are all.")]


class Exposure(Shape):
    """What would be told if the day had come, or the events were recorded. Nothing was recorded."""

    changes: Annotated[list[Message], Field(description="What would be told.")]
    next_after: Annotated[
        str | None, Field(description="The watch to ask on from, as `after`; null: all were looked at.")
    ]


def watch_read(watch: Watch) -> WatchRead:
    return WatchRead(**_fields(watch))


def watch_made(watch: Watch, secrets: list[str]) -> WatchMade:
    return WatchMade(**_fields(watch), secrets=secrets)


def _fields(watch: Watch) -> dict[str, Any]:
    same = ("id", "title", "ask", "webhook", "paused", "actor", "made_at", "next_day", "changes")
    return {
        **{name: getattr(watch, name) for name in same},
        "headline": watch.answer.headline,
        "says": watch.answer.says,
        "as_of": watch.day,
    }
