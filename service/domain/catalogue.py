"""The catalogue: every event type that the register takes, by its stored name.

`propose` turns what a client posted into an event for the log; `read` turns what the log holds into the current model,
through the upcasters where an older schema version was stored. An event type is added in its noun's file.
"""

from collections.abc import Callable, Mapping
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, TypeAdapter, create_model

from service.domain.base import EventId, Frozen, Line, Whole, stream_of
from service.domain.commodity import events as commodity
from service.domain.company import events as company
from service.domain.dates import Day
from service.domain.event import ProposedEvent
from service.domain.event_type import ANY_NOUN, EventData
from service.domain.group import events as group
from service.domain.license import events as license_
from service.domain.milestone import events as milestone
from service.domain.note import events as note
from service.domain.record import events as record
from service.domain.restriction import events as restriction
from service.domain.sources import Source

MODULES = (restriction, license_, milestone, company, commodity, group, note, record)
TYPES: dict[str, type[EventData]] = {model.event_type: model for module in MODULES for model in module.EVENTS}
NOUNS = tuple(dict.fromkeys(model.noun for model in TYPES.values() if model.noun != ANY_NOUN))
ABOUT_RECORDS = frozenset(name for name, model in TYPES.items() if model.noun == ANY_NOUN)
"""The types that speak of an earlier event of their own stream."""

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTERS: dict[tuple[str, int], Upcaster] = {}
"""(type, version) → the step that turns data of this version into data of the next one. None is needed yet."""

MetadataKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
Remarks = Annotated[
    dict[MetadataKey, Line | Whole | bool | None], Field(max_length=50, description="The client's own remarks.")
]


class PostedEvent(Frozen):
    """An event as a client posts it."""

    id: Annotated[EventId | None, Field(description="A UUID of the client's own; it makes a retry safe.")] = None
    stream: str
    type: str
    schema_version: Annotated[int | None, Field(description="The version of the type that `data` follows.")] = None
    effective: Annotated[Day | None, Field(description="When it took effect in the world; null: not stated.")] = None
    data: EventData
    source: Source
    metadata: Remarks = {}
    expected_version: Annotated[
        Whole | None, Field(description="How many events the stream must hold before this one.")
    ] = None


def _posted(model: type[EventData]) -> type[PostedEvent]:
    nouns = "|".join(NOUNS) if model.noun == ANY_NOUN else model.noun
    fields: dict[str, Any] = {
        "type": (Literal[model.event_type], ...),
        "stream": (Annotated[str, StringConstraints(pattern=stream_of(f"({nouns})"))], ...),
        "schema_version": (Annotated[int, Field(ge=model.schema_version, le=model.schema_version)] | None, None),
        "data": (model, ...),
    }
    return create_model(f"{model.__name__}Event", __base__=PostedEvent, __doc__=model.__doc__, **fields)


POSTED: dict[str, type[PostedEvent]] = {name: _posted(model) for name, model in TYPES.items() if model.posted}
AnyPostedEvent: Any = Annotated[reduce(or_, POSTED.values()), Field(discriminator="type")]
_READER: TypeAdapter[PostedEvent] = TypeAdapter(AnyPostedEvent)


def propose(posted: Mapping[str, Any]) -> ProposedEvent:
    """An event for the log, from JSON values as a client posted them. Raises pydantic.ValidationError.

    What the client wrote is kept as it wrote it: defaults are filled in by the reader, never in the record.
    """
    event = _READER.validate_python(posted)
    return ProposedEvent(
        id=event.id,
        stream=event.stream,
        type=event.type,
        schema_version=event.data.schema_version,
        effective=event.effective,
        data=posted["data"],
        source=posted["source"],
        metadata=posted.get("metadata") or {},
        expected_version=event.expected_version,
        refers_to=getattr(event.data, "event", None),
    )


def read(
    type_: str,
    schema_version: int,
    data: Mapping[str, Any],
    upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS,
    types: Mapping[str, type[EventData]] = TYPES,
) -> EventData:
    """The current model of what was recorded, whatever version it was recorded in."""
    model, current = types[type_], dict(data)
    for version in range(schema_version, model.schema_version):
        current = upcasters[type_, version](current)
    return model.model_validate(current)
