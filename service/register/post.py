"""From a posted body to events for the log: the one path, for clients, the command line and the seeds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any

from pydantic import Field, StringConstraints, ValidationError, model_validator

from service.domain import catalogue
from service.domain.base import Frozen, Whole
from service.domain.countries import Country
from service.domain.event import ProposedEvent
from service.domain.invalid import MOST_ERRORS, field_errors, pointer_of
from service.domain.parties import CompanyStream
from service.errors import FieldError, InvalidRequest, Refused
from service.log.conditions import Condition

BESIDE = ("events", "condition")


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
            raise ValueError("give company or country, not both")
        return self

    def of_the_log(self) -> Condition:
        return Condition(self.after, frozenset(self.types), self.stream, self.company or self.country)


@dataclass(frozen=True, slots=True)
class PostedBody:
    """`pointer`: where in the body stands what a pointer means in the event of a number, counted from 0."""

    events: list[ProposedEvent]
    condition: Condition | None
    pointer: Callable[[int, str], str]


def posted_of(body: Any, most: int) -> PostedBody:
    """What a body of plain JSON asks for: one event, or `{"events": [...]}` with an append condition or without.

    Raises InvalidRequest with a pointer to each fault.
    """
    if not (isinstance(body, dict) and "events" in body):
        return PostedBody([_event(body, "")], None, lambda _, pointer: pointer)
    others = (FieldError(pointer_of([name]), "unknown field next to events") for name in body if name not in BESIDE)
    if faults := list(islice(others, MOST_ERRORS)):
        raise InvalidRequest("A batch has events, and may have a condition.", faults)
    events = body["events"]
    check_count(events, most, "/events")
    proposed = [_event(event, f"/events/{index}") for index, event in enumerate(events)]
    condition = _condition(body["condition"]) if body.get("condition") is not None else None
    return PostedBody(proposed, condition, lambda index, pointer: f"/events/{index}{pointer}")


def check_count(events: Any, most: int, pointer: str) -> None:
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
        raise InvalidRequest("An event is a JSON object.", [FieldError(pointer, "must be an object")])
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
