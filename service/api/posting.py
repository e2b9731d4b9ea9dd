"""From a posted body to events for the log: the one path, for clients and for the seeds."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import Field, StringConstraints, ValidationError, model_validator

from service.api import cloudevents, media
from service.domain import catalogue
from service.domain.base import Frozen, Whole
from service.domain.countries import Country
from service.domain.event import ProposedEvent
from service.domain.invalid import field_errors, pointer_of
from service.domain.parties import CompanyStream
from service.errors import FieldError, InvalidRequest, Refused
from service.log.conditions import Condition

BESIDE = ("events", "condition")
VERSION = re.compile(r'"(0|[1-9][0-9]{0,15})"')


class AppendCondition(Frozen):
    """No event after the position `after` may match: of these types (none: of any), in this stream, about this."""

    after: Annotated[Whole, Field(description="The log position that the client has read up to.")]
    types: Annotated[list[Annotated[str, StringConstraints(max_length=100)]], Field(max_length=100)] = []
    stream: Annotated[str | None, Field(max_length=200)] = None
    company: CompanyStream | None = None
    country: Country | None = None

    @model_validator(mode="after")
    def _can_be_held_against_the_log(self) -> "AppendCondition":
        unknown = [name for name in self.types if name not in catalogue.TYPES]
        if unknown:
            raise ValueError("a type is not in the catalogue")
        if self.company and self.country:
            raise ValueError("a condition names a company or a country, not both")
        return self

    def of_the_log(self) -> Condition:
        return Condition(self.after, frozenset(self.types), self.stream, self.company or self.country)


@dataclass(frozen=True, slots=True)
class PostedBody:
    """`pointer`: where in the body stands what a pointer means in the event of a number, counted from 0."""

    events: list[ProposedEvent]
    condition: Condition | None
    pointer: Callable[[int, str], str]


def sent_as(media_type: str, attributes: Mapping[str, str], body: Any, most: int, home: cloudevents.Home) -> PostedBody:
    """What a request asks for, in the media type of its body; `attributes` are those of a CloudEvent in binary mode.

    Raises InvalidRequest with a pointer to each fault.
    """
    if media_type == media.CLOUD_EVENTS:
        _check_count(body, most, "")
        events = [cloudevents.proposed(one, home, f"/{index}") for index, one in enumerate(body)]
        return PostedBody(events, None, lambda index, pointer: f"/{index}{cloudevents.pointer_to(pointer)}")
    if media_type == media.CLOUD_EVENT:
        event = cloudevents.proposed(body, home)
        return PostedBody([event], None, lambda _, pointer: cloudevents.pointer_to(pointer))
    if attributes:
        try:
            event = cloudevents.proposed({**attributes, "data": body}, home)
        except InvalidRequest as refusal:
            faults = [FieldError(cloudevents.header_of(fault.pointer), fault.detail) for fault in refusal.errors]
            raise InvalidRequest(refusal.detail, faults) from refusal
        return PostedBody([event], None, lambda _, at: cloudevents.header_of(cloudevents.pointer_to(at)))
    return posted_of(body, most)


def posted_of(body: Any, most: int) -> PostedBody:
    """What a body of plain JSON asks for: one event, or `{"events": [...]}` with an append condition or without.

    Raises InvalidRequest with a pointer to each fault.
    """
    if not (isinstance(body, dict) and "events" in body):
        return PostedBody([_event(body, "")], None, lambda _, pointer: pointer)
    others = [
        FieldError(pointer_of([name]), "there is no such field beside events") for name in body if name not in BESIDE
    ]
    if others:
        raise InvalidRequest("A batch has events, and may have a condition.", others[:20])
    events = body["events"]
    _check_count(events, most, "/events")
    proposed = [_event(event, f"/events/{index}") for index, event in enumerate(events)]
    condition = _condition(body["condition"]) if body.get("condition") is not None else None
    return PostedBody(proposed, condition, lambda index, pointer: f"/events/{index}{pointer}")


def _check_count(events: Any, most: int, pointer: str) -> None:
    if not isinstance(events, list) or not 1 <= len(events) <= most:
        raise InvalidRequest("A batch holds events.", [FieldError(pointer, f"a list of 1 to {most} events")])


@contextmanager
def pointing_into(body: PostedBody) -> Iterator[None]:
    """The log points into the event at fault; a client's pointer begins at the body that it sent."""
    try:
        yield
    except Refused as refusal:
        if refusal.at is not None:
            at = refusal.at
            refusal.errors = tuple(FieldError(body.pointer(at, one.pointer), one.detail) for one in refusal.errors)
        raise


def _event(posted: Any, pointer: str) -> ProposedEvent:
    if not isinstance(posted, dict):
        raise InvalidRequest("An event is a JSON object.", [FieldError(pointer, "this is no object")])
    try:
        return catalogue.propose(posted)
    except ValidationError as invalid:
        raise InvalidRequest(
            "The event does not fit the catalogue.", field_errors(invalid, posted, pointer)
        ) from invalid


def _condition(posted: Any) -> Condition:
    try:
        return AppendCondition.model_validate(posted).of_the_log()
    except ValidationError as invalid:
        faults = field_errors(invalid, posted, "/condition")
        raise InvalidRequest("The append condition cannot be read.", faults) from invalid


def traced(events: Sequence[ProposedEvent], traceparent: str | None) -> list[ProposedEvent]:
    """The events, each with the trace that it came of, where it does not bear one of its own."""
    if traceparent is None:
        return list(events)
    return [replace(event, metadata={"traceparent": traceparent, **event.metadata}) for event in events]


def expecting(
    events: Sequence[ProposedEvent], if_match: str | None, if_none_match: str | None
) -> tuple[list[ProposedEvent], bool]:
    """The events, the first with the version that a header expects of their one stream; and whether one does.

    Raises InvalidRequest for a header that cannot be read, or that is sent with events of several streams.
    """
    if if_match is None and if_none_match is None:
        return list(events), False
    if if_match is not None and if_none_match is not None:
        raise InvalidRequest(
            "Send one of the two headers.", [FieldError("if-none-match", "not together with if-match")]
        )
    if len({event.stream for event in events}) > 1:
        name = "if-match" if if_match is not None else "if-none-match"
        raise InvalidRequest("A header speaks of one stream.", [FieldError(name, "the events are of several streams")])
    return [replace(events[0], expected_version=_version(if_match, if_none_match)), *events[1:]], True


def _version(if_match: str | None, if_none_match: str | None) -> int:
    if if_match is None:
        if if_none_match != "*":
            raise InvalidRequest("If-None-Match cannot be read.", [FieldError("if-none-match", "only * is read here")])
        return 0
    found = VERSION.fullmatch(if_match.strip())
    if found is None:
        fault = FieldError("if-match", 'the stream\'s version in quotes: "3"')
        raise InvalidRequest("If-Match cannot be read.", [fault])
    return int(found[1])
