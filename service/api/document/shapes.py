"""The schemas of what clients send, of events as recorded, and of problems."""

from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from service.api.document import fields
from service.api.event_shapes import EventRead
from service.api.http import cloudevents
from service.api.http.problems import Problem
from service.api.watches import Supposition, WatchPatch
from service.api.webhooks import Replay
from service.domain.catalogue import POSTED, TYPES, AnyPostedEvent
from service.domain.event_type import EventData
from service.feeds.watching import WatchPosted
from service.register.post import AppendCondition
from service.register.shapes import Question

WATCHES = (WatchPosted, WatchPatch, Supposition, Replay)
REF = "#/components/schemas/{model}"
REDACTED = "Redacted"
Schemas = dict[str, Any]


def ref(model: str) -> dict[str, str]:
    return {"$ref": REF.format(model=model)}


def complete(schemas: Schemas) -> Schemas:
    """The schemas that FastAPI found, and those of the bodies that this service reads itself; no others."""
    made = {name: schema for name, schema in schemas.items() if name not in ("HTTPValidationError", "ValidationError")}
    made |= _bodies() | {"Problem": _problem(), "CloudEvent": cloudevents.COMPONENT}
    made |= _recorded_events(made.get("EventRead"))
    for schema in made.values():
        _without_objects_as_defaults(schema)
        _without_constants_in_unions(schema)
    fields.describe(made)
    return made


def _bodies() -> Schemas:
    models: list[type[BaseModel]] = [*POSTED.values(), *TYPES.values(), AppendCondition, Question, *WATCHES]
    _, sent = models_json_schema([(model, "validation") for model in models], ref_template=REF, by_alias=True)
    made = dict(sent["$defs"])
    event = TypeAdapter(AnyPostedEvent).json_schema(ref_template=REF)
    event.pop("$defs", None)
    made["PostedEvent"] = event | {
        "title": "PostedEvent",
        "description": "An event to be recorded, told by its `type`.",
    }
    together = _list_of("PostedEvents", "events", "PostedEvent", "Events to be recorded together, all or none.")
    together["properties"]["condition"] = ref("AppendCondition")
    made["PostedEvents"] = together
    made["QuestionList"] = _list_of(
        "QuestionList", "questions", "Question", "To be answered from one state of the log."
    )
    return made


def _list_of(title: str, name: str, member: str, description: str) -> Schemas:
    return {
        "title": title,
        "description": description,
        "type": "object",
        "properties": {name: {"type": "array", "minItems": 1, "items": ref(member)}},
        "required": [name],
        "additionalProperties": False,
    }


def _problem() -> Schemas:
    made = Problem.model_json_schema(ref_template=REF)
    field = made.pop("$defs")["ProblemField"]
    fields.describe({"ProblemField": field})
    made["properties"]["errors"]["items"] = field
    return made


def _recorded_events(envelope: Schemas | None) -> Schemas:
    """`EventRead` as what it is: one of the catalogue's types, told by `type`, each with its own data."""
    if envelope is None:
        return {}
    made = {f"{model.__name__}Recorded": _recorded(envelope, model) for model in TYPES.values()}
    mapping = {type_: REF.format(model=f"{model.__name__}Recorded") for type_, model in TYPES.items()}
    made["EventRead"] = {
        "title": "EventRead",
        "description": EventRead.__doc__,
        "oneOf": [ref(name) for name in made],
        "discriminator": {"propertyName": "type", "mapping": mapping},
    }
    made[REDACTED] = {
        "title": REDACTED,
        "description": "Stands where a payload was removed by an administrator. The proofs still hold.",
        "type": "object",
        "properties": {"redacted": {"type": "boolean", "const": True}},
        "required": ["redacted"],
        "additionalProperties": False,
    }
    return made


def _recorded(envelope: Schemas, model: type[EventData]) -> Schemas:
    properties = dict(envelope["properties"])
    properties |= {
        "type": {"type": "string", "const": model.event_type},
        "data": {"oneOf": [ref(model.__name__), ref(REDACTED)]},
        "source": {"oneOf": [ref("Source"), ref(REDACTED)]},
    }
    said = {"title": f"{model.__name__}Recorded", "description": f"`{model.event_type}`, as recorded."}
    return envelope | said | {"properties": properties}


def _without_objects_as_defaults(schema: Any) -> None:
    """Generators of clients cannot write an object where a field is left out, and leave out the whole schema."""
    if isinstance(schema, dict):
        if isinstance(schema.get("default"), dict) and "type" not in schema:
            del schema["default"]
        for part in schema.values():
            _without_objects_as_defaults(part)
    elif isinstance(schema, list):
        for part in schema:
            _without_objects_as_defaults(part)


def _without_constants_in_unions(schema: Any) -> None:
    """Generators of clients raise on a constant that is one form among several; a list of one word is the same."""
    if isinstance(schema, dict):
        for form in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
            if "const" in form:
                form["enum"] = [form.pop("const")]
        for part in schema.values():
            _without_constants_in_unions(part)
    elif isinstance(schema, list):
        for part in schema:
            _without_constants_in_unions(part)


def reached(document: dict[str, Any]) -> set[str]:
    """The names of the schemas that an operation leads to."""
    schemas: Schemas = document["components"]["schemas"]
    rest = {name: part for name, part in document["components"].items() if name != "schemas"}
    waiting, found = _named([document["paths"], rest]), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in found and name in schemas:
            found.add(name)
            waiting |= _named(schemas[name])
    return found


def _named(part: Any) -> set[str]:
    prefix = REF.format(model="")
    if isinstance(part, dict):
        mine = {value.removeprefix(prefix) for value in part.values() if isinstance(value, str) and prefix in value}
        return mine.union(*map(_named, part.values()))
    return set[str]().union(*map(_named, part)) if isinstance(part, list) else set()
