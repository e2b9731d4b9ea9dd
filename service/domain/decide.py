"""Whether an event makes sense as a record: decided purely, from what its stream holds and the event it refers to.

What merely contradicts other claims is no reason to refuse: it is recorded, and shown as a conflict.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from service.domain import catalogue
from service.domain.claims import Ledger, record_of
from service.domain.event import JSON, ProposedEvent, RecordedRef, StreamSoFar
from service.domain.event_type import ANY_NOUN
from service.domain.invalid import field_errors
from service.domain.ledger import ledger
from service.domain.license.timeline import STATES_LINES, may_have_line
from service.domain.restriction.extensions import DESCRIBE, SUSPEND, extends_its_period, extends_its_suspension
from service.errors import (
    AlreadyRegistered,
    Conflict,
    FieldError,
    InvalidRequest,
    NoSuchLine,
    NothingToActOn,
    UnknownEvent,
)

DESCRIBING = {"restriction": ("kind", "controller", "scope"), "license": ("issuer",)}
"""What the report that begins a stream must say, so that a question can find it."""


def decide(event: ProposedEvent, so_far: StreamSoFar) -> None:
    """Raises Conflict where the event cannot be a record here, InvalidRequest where its data does not fit."""
    model = catalogue.TYPES[event.type]
    if model.noun == ANY_NOUN:
        _about_a_record(event, so_far)
    elif event.type == "record.checked":
        _of_its_country(event)
    elif so_far.version == 0 and not model.begins:
        fault = FieldError("/stream", "a stream that something is recorded in")
        raise NothingToActOn(f"Nothing is recorded of what this {event.type} acts on.", [fault])
    elif so_far.version == 0 and event.type.endswith(".reported"):
        _describes(event)
    elif so_far.version > 0 and event.type in HELD_AGAINST:
        held = HELD_AGAINST[event.type]
        held.check(event, standing(event.stream, so_far, held.types))


def _of_its_country(event: ProposedEvent) -> None:
    own = f"country/{event.data['controller'].lower()}"
    if event.stream != own:
        raise InvalidRequest(
            "A check of a country's sources stands in the country's own stream.", [FieldError("/stream", own)]
        )


def standing(stream: str, so_far: StreamSoFar, types: Collection[str]) -> Ledger:
    """The claims of some types that stand in the stream so far: corrected where they were, without the retracted.

    Only events of these types and what speaks of them are read, so name the few that a decision turns on.
    """
    found, kept = [], set[str]()
    for event in so_far.earlier({*types, *catalogue.ABOUT_RECORDS}):
        if event.type in types or event.data.get("event") in kept:
            kept.add(event.id)
            found.append(record_of(event))
    return ledger(stream, found)


def _registers_once(_event: ProposedEvent, said: Ledger) -> None:
    """A registration that was retracted is none: the company may be registered again."""
    if said.claims:
        fault = FieldError("/stream", "a company that is not registered yet")
        raise AlreadyRegistered("The company is registered; add names and numbers with company.identified.", [fault])


def _draws_on_a_line(event: ProposedEvent, said: Ledger) -> None:
    """A use of a line that the license does not have makes no sense (rule 25)."""
    number = event.data.get("line", 1)
    if not may_have_line(said, number):
        fault = FieldError("/data/line", "the number of a line that the license has, counted from 1")
        raise NoSuchLine("The license has no line of that number. Use one that it has, or amend it first.", [fault])


@dataclass(frozen=True, slots=True)
class HeldAgainst:
    """What an event is held against before it is taken: the claims of these types that stand in its stream.

    `check` raises a Conflict where the event makes no sense beside them.
    """

    types: tuple[str, ...]
    check: Callable[[ProposedEvent, Ledger], None]


HELD_AGAINST: Mapping[str, HeldAgainst] = {
    "company.registered": HeldAgainst(("company.registered",), _registers_once),
    "license.used": HeldAgainst(STATES_LINES, _draws_on_a_line),
    "restriction.extended": HeldAgainst((*DESCRIBE, "restriction.extended"), extends_its_period),
    "restriction.suspension_extended": HeldAgainst((*DESCRIBE, *SUSPEND), extends_its_suspension),
}
"""By the type of the event that is decided. A type that is not here is taken whatever its stream holds."""


def _about_a_record(event: ProposedEvent, so_far: StreamSoFar) -> None:
    referred = so_far.referred
    if referred is None or referred.stream != event.stream:
        fault = FieldError("/data/event", "the id of an event of the same stream")
        raise UnknownEvent(f"The event that this {event.type} speaks of is not in its stream.", [fault])
    if event.redacts and referred.type == event.type:
        raise Conflict("A redaction says who removed what and why; it is not redacted itself.")
    if event.type == "record.corrected" and event.data.get("data") is not None:
        _fits(_corrected_type(referred, so_far), event.data["data"], event.data.get("data_version", 1))


def _corrected_type(referred: RecordedRef, so_far: StreamSoFar) -> str:
    """The type of what is corrected in the end: a correction of a correction, or of a repeat, is one of what that
    speaks of. A retraction says nothing that could be put right."""
    if referred.type not in catalogue.ABOUT_RECORDS:
        return referred.type
    earlier = {one.id: one for one in so_far.earlier(catalogue.TYPES)}
    spoken_of = earlier.get(referred.id)
    while spoken_of is not None and spoken_of.type in ("record.corrected", "record.repeated"):
        spoken_of = earlier.get(spoken_of.data.get("event", ""))
    if spoken_of is None or spoken_of.type in catalogue.ABOUT_RECORDS:
        fault = FieldError("/data/event", "an event that claims something, or a correction or a repeat of one")
        raise InvalidRequest("There is no data here to correct; a retraction is retracted itself.", [fault])
    return spoken_of.type


def _fits(type_: str, data: JSON, version: int) -> None:
    """The corrected data is data of the corrected event's own type, in a version that there is."""
    newest = catalogue.TYPES[type_].schema_version
    if version > newest:
        fault = FieldError("/data/data_version", f"{newest} at most")
        raise InvalidRequest(f"There is no such version of {type_}.", [fault])
    try:
        catalogue.read(type_, version, data)
    except ValidationError as invalid:
        errors = field_errors(invalid, data, prefix="/data/data")
        raise InvalidRequest(f"the corrected data is not valid data of {type_}", errors) from invalid


def _describes(event: ProposedEvent) -> None:
    noun = catalogue.TYPES[event.type].noun
    missing = [name for name in DESCRIBING[noun] if event.data.get(name) is None]
    if missing:
        raise InvalidRequest(
            f"This {event.type} begins its stream, so its data must say {', '.join(missing)}: nothing else does",
            [FieldError(f"/data/{name}", "a report that begins a stream says this") for name in missing],
        )
