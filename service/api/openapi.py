"""The OpenAPI document: FastAPI's, with the bodies that this service reads itself, and one Problem for every error."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from service import __version__
from service.api.posting import AppendCondition
from service.api.problems import MEDIA_TYPE, Problem
from service.api.spreadsheet import MEDIA_TYPE as CSV
from service.domain.answer import Question
from service.domain.catalogue import POSTED, AnyPostedEvent

REF = "#/components/schemas/{model}"
DESCRIPTION = """\
A register of export restrictions, trade licenses and the diplomacy around them. Events go in; the status of a country
or a company comes out, for a day (`as_of`) and a state of knowledge (`known_at`), with its reasons. Absence of data is
never a clearance.
"""
PROBLEMS = {
    "400": "The request cannot be read",
    "401": "An access key is needed",
    "403": "The access key does not open this",
    "404": "There is nothing here",
    "409": "The request contradicts what is recorded",
    "412": "The stream is not as the request's header says",
    "413": "The body is over the limit",
    "414": "The address asked for is over the limit",
    "415": "The body's media type is not one that is read here",
    "422": "A field or parameter cannot be read",
    "429": "There were too many requests",
    "431": "The headers are over the limit",
    "503": "The register cannot answer at the moment",
}
OF_BODIES = ("400", "413", "415")


def install(app: FastAPI) -> None:
    """Puts the document in the place of FastAPI's own. It is made once, when it is first asked for."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title="Lodestone",
        version=__version__,
        summary="What may go where, for whom, on which day, as far as was known, and why.",
        description=DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        routes=app.routes,
    )
    schemas: dict[str, Any] = made.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas |= _bodies()
    made["components"]["securitySchemes"] = {"accessKey": {"type": "http", "scheme": "bearer"}}
    made["servers"] = [{"url": "/"}]
    for path, operations in made["paths"].items():
        for operation in operations.values():
            _complete(path, operation)
    return made


def _bodies() -> dict[str, Any]:
    """The schemas of what clients send, and of problems."""
    models: list[type[BaseModel]] = [*POSTED.values(), AppendCondition, Question]
    _, sent = models_json_schema([(model, "validation") for model in models], ref_template=REF, by_alias=True)
    made = dict(sent["$defs"])
    event = TypeAdapter(AnyPostedEvent).json_schema(ref_template=REF)
    event.pop("$defs", None)
    made["PostedEvent"] = event | {"title": "PostedEvent"}
    together = _list_of("events", "PostedEvent", "Events to be recorded together, all or none.")
    together["properties"]["condition"] = {"$ref": REF.format(model="AppendCondition")}
    made["PostedEvents"] = together
    made["Questions"] = _list_of("questions", "Question", "Questions to be answered from one state of the log.")
    return made | {"Problem": _problem()}


def _list_of(name: str, member: str, description: str) -> dict[str, Any]:
    items = {"type": "array", "minItems": 1, "items": {"$ref": REF.format(model=member)}}
    return {
        "title": name.capitalize(),
        "description": description,
        "type": "object",
        "properties": {name: items},
        "required": [name],
        "additionalProperties": False,
    }


def _problem() -> dict[str, Any]:
    made = Problem.model_json_schema(ref_template=REF)
    fields = made.pop("$defs")["ProblemField"]
    made["properties"]["errors"]["items"] = fields
    return made


BODIES = {"/v1/events": ("PostedEvent", "PostedEvents"), "/v1/determinations": ("Question", "Questions")}


def _complete(path: str, operation: dict[str, Any]) -> None:
    """Adds what the routes read and refuse by themselves."""
    reads_body = operation["operationId"] in ("postEvents", "determine")
    if reads_body:
        forms = [{"$ref": REF.format(model=model)} for model in BODIES[path]]
        content: dict[str, Any] = {"application/json": {"schema": {"anyOf": forms}}}
        if operation["operationId"] == "determine":
            content[CSV] = {"schema": {"type": "string"}}
            operation["responses"]["200"]["content"][CSV] = {"schema": {"type": "string"}}
        operation["requestBody"] = {"required": True, "content": content}
    for status in _refusals(path, operation, reads_body=reads_body):
        operation["responses"][status] = {
            "description": PROBLEMS[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": REF.format(model="Problem")}}},
        }
    if path.startswith("/v1/"):
        operation["security"] = [{"accessKey": []}, {}]
        for response in operation["responses"].values():
            if MEDIA_TYPE not in response.get("content", {}):
                response["headers"] = {
                    "Position": {"description": "The log position answered from.", "schema": {"type": "integer"}}
                }


def _refusals(path: str, operation: dict[str, Any], *, reads_body: bool) -> list[str]:
    operation["responses"].pop("422", None)
    if path == "/health/live":
        return []
    if path == "/health/ready":
        return ["503"]
    found = ["401", "403", "414", "422", "429", "431", "503"]
    if reads_body:
        found += OF_BODIES
    if operation["operationId"] == "postEvents":
        found += ["409", "412"]
    if operation["operationId"] == "getTile":
        return ["401", "403", "404", "414", "429", "431", "503"]
    if "{" in path and path != "/v1/countries/{code}/status":
        found.append("404")
    return sorted(found)
