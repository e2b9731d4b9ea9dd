"""From a posted body to events for the log: the one path, for clients and for the seeds."""

from typing import Any

from pydantic import ValidationError

from service.domain import catalogue
from service.domain.event import ProposedEvent
from service.domain.invalid import field_errors
from service.errors import FieldError, InvalidRequest


def proposals(body: Any, most: int) -> list[ProposedEvent]:
    """The events of a body: one event, or `{"events": [...]}`. Raises InvalidRequest with a pointer to each fault."""
    if isinstance(body, dict) and "events" in body:
        return _batch(body, most)
    return [_event(body, "")]


def _batch(body: dict[str, Any], most: int) -> list[ProposedEvent]:
    others = [FieldError(f"/{name}", "there is no such field beside events") for name in body if name != "events"]
    events = body["events"]
    if others:
        raise InvalidRequest("A batch has one field: events.", others[:20])
    if not isinstance(events, list) or not 1 <= len(events) <= most:
        raise InvalidRequest("A batch holds events.", [FieldError("/events", f"a list of 1 to {most} events")])
    return [_event(event, f"/events/{index}") for index, event in enumerate(events)]


def _event(posted: Any, pointer: str) -> ProposedEvent:
    if not isinstance(posted, dict):
        raise InvalidRequest("An event is a JSON object.", [FieldError(pointer, "this is no object")])
    try:
        return catalogue.propose(posted)
    except ValidationError as invalid:
        raise InvalidRequest(
            "The event does not fit the catalogue.", field_errors(invalid, posted, pointer)
        ) from invalid
