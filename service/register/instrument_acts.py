"""One act on a legal instrument, as the events that it is: one for each provision of it on record (rule 18)."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID, uuid5

from pydantic import Field, ValidationError, model_validator

from service.domain.base import Frozen, Line
from service.domain.countries import Country
from service.domain.invalid import field_errors
from service.domain.restriction.events import EVENTS, Instrument
from service.domain.restriction.same_instrument import number_of
from service.domain.restriction.timeline import RestrictionTimeline
from service.errors import FieldError, InvalidRequest, NothingToActOn

ACTS = tuple(model.event_type for model in EVENTS if not model.begins)
BEGINNINGS = [model.event_type for model in EVENTS if model.begins]
APART = ("stream", "expected_version")
"""What is said of one stream, and cannot be said of a whole instrument."""


class InstrumentActedOn(Frozen):
    """The instrument, by the country that controls and by its number or id."""

    controller: Country
    number: Annotated[Line | None, Field(description="As written: 18/2025 and No. 18 of 2025 are one number.")] = None
    id: Line | None = None

    @model_validator(mode="after")
    def _named(self) -> "InstrumentActedOn":
        if (self.number is None) == (self.id is None):
            raise ValueError("give the number or the id of the instrument, not both")
        return self

    def is_that_of(self, found: RestrictionTimeline) -> bool:
        return found.controller == self.controller and any(
            named(instrument, self.number or self.id or "") for instrument in found.every_instrument
        )


def named(instrument: Instrument, text: str) -> bool:
    """Whether an instrument is named by a text: by its id, or by its number in any spelling."""
    return instrument.id == text or number_of(Instrument(number=text)) == number_of(instrument)


def acts_on_an_instrument(body: Any) -> bool:
    return isinstance(body, dict) and "instrument" in body and "events" not in body


def instrument_of(body: dict[str, Any]) -> InstrumentActedOn:
    """Raises InvalidRequest where the body is no act on an instrument."""
    faults = [FieldError(f"/{name}", "not together with instrument") for name in APART if name in body]
    if body.get("type") not in ACTS:
        faults.append(FieldError("/type", f"one of {', '.join(ACTS)}"))
    if faults:
        raise InvalidRequest("An act on an instrument is one of the acts on restrictions.", faults)
    try:
        return InstrumentActedOn.model_validate(body["instrument"])
    except ValidationError as invalid:
        faults = field_errors(invalid, body["instrument"], "/instrument")
        raise InvalidRequest("The instrument cannot be read.", faults) from invalid


def batch_of(
    body: dict[str, Any], provisions: Sequence[RestrictionTimeline], position: int, most: int
) -> dict[str, Any]:
    """The same as a batch: the act once for each provision of the instrument, recorded together or not at all.

    It is refused where a provision of that country was recorded after `position`, so that none is missed. An id of the
    client's own gives each event one that follows from it.
    """
    instrument = instrument_of(body)
    streams = [found.stream for found in provisions if instrument.is_that_of(found)]
    if not streams:
        fault = FieldError("/instrument", "an instrument of which a provision is recorded")
        raise NothingToActOn("No restriction on record is of this instrument.", [fault])
    if len(streams) > most:
        fault = FieldError("/instrument", f"an instrument of at most {most} provisions; this one has {len(streams)}")
        raise InvalidRequest("The act is more events than a batch may hold.", [fault])
    act = {name: value for name, value in body.items() if name not in ("instrument", "id")}
    events = [{**act, "stream": stream, **_id(body.get("id"), stream)} for stream in streams]
    condition = {"after": position, "types": BEGINNINGS, "country": instrument.controller}
    return {"events": events, "condition": condition}


def _id(given: Any, stream: str) -> dict[str, str]:
    try:
        return {"id": str(uuid5(UUID(given), stream))} if isinstance(given, str) else {}
    except ValueError as unread:
        raise InvalidRequest("The id cannot be read.", [FieldError("/id", "a UUID")]) from unread
