"""The OpenAPI document: FastAPI's, with the bodies that this service reads itself, and one Problem for every error."""

from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from service import __version__
from service.api.document import asyncapi, contents, examples, links, members, shapes, words
from service.api.document.shapes import ref
from service.api.http import lifecycle, media
from service.api.http.access import open_to_all, scope_needed
from service.api.http.problems import MEDIA_TYPE
from service.api.http.sheet_rows import MEDIA_TYPE as CSV

FRAMEWORKS_OWN = "Successful Response"
OF_BODIES = ("400", "413", "415")


def install(app: FastAPI) -> None:
    """Puts the document in the place of FastAPI's own. It is made when it is first asked for, and once in a process for
    all applications that have the same routes."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            told = [route for route in app.routes if getattr(route, "include_in_schema", True)]
            if _LAST.routes != told:
                _LAST.routes, _LAST.document = told, _document(app)
            app.openapi_schema = _LAST.document
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


@dataclass
class _Last:
    """The document made last, and the routes that it is about."""

    routes: list[BaseRoute] = field(default_factory=list)
    document: dict[str, Any] = field(default_factory=dict)


_LAST = _Last()


def _document(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title=words.TITLE,
        version=__version__,
        summary=words.SUMMARY,
        description=words.DESCRIPTION,
        contact=words.CONTACT,
        license_info=words.LICENSE,
        servers=words.SERVERS,
        routes=app.routes,
    )
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
            _secure(method, path, operation)
    links.add(made["paths"])
    examples.add(made["paths"])
    made["webhooks"] = asyncapi.webhooks()
    made["tags"] = [{"name": name, "description": words.TAGS[name]} for name in _tags(made)]
    made["components"] = {
        "schemas": shapes.complete(made.get("components", {}).get("schemas", {})),
        "responses": {name: _refusal(said) for name, said in words.PROBLEMS.values()},
        "headers": {
            "Position": {"description": words.POSITION, "schema": {"type": "integer", "minimum": 0}},
            "ETag": {"description": words.ETAG, "schema": {"type": "string"}},
            "Link": {"description": words.LINK, "schema": {"type": "string"}},
        },
        "securitySchemes": words.SECURITY_SCHEMES,
    }
    operations = [operation for path in made["paths"].values() for operation in path.values()]
    contents.describe(operations, made["components"]["schemas"])
    _say_answers(made)
    members.describe(made)
    used = shapes.reached(made)
    made["components"]["schemas"] = {
        name: schema for name, schema in made["components"]["schemas"].items() if name in used
    }
    return made


def _say_answers(made: dict[str, Any]) -> None:
    """An answer is what its shape is; one without a shape is what the operation is for."""
    for operation in (one for path in made["paths"].values() for one in path.values()):
        for response in operation["responses"].values():
            if response.get("description") == FRAMEWORKS_OWN:
                schema = response.get("content", {}).get("application/json", {}).get("schema", {})
                shape = made["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], {})
                said = shape.get("description", "").partition("\n\n")[0]
                response["description"] = said or f"{operation['summary']}: what was asked for."


def _refusal(said: str) -> dict[str, Any]:
    return {"description": said, "content": {MEDIA_TYPE: {"schema": ref("Problem")}}}


def _tags(made: dict[str, Any]) -> list[str]:
    """The tags in use, in the order of their words. One without words is left to the linters to name."""
    paths = [*made["paths"].values(), *made["webhooks"].values()]
    used = {tag for path in paths for operation in path.values() for tag in operation.get("tags", ())}
    return [name for name in words.TAGS if name in used]


BODIES = {
    "postEvents": ("PostedEvent", "PostedEvents"),
    "determine": ("Question", "QuestionList"),
    "getEvidence": ("Question",),
    "createWatch": ("WatchPosted",),
    "changeWatch": ("WatchPatch",),
    "askExposure": ("Supposition",),
    "replayDeliveries": ("Replay",),
}


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """Adds what the routes read and refuse by themselves."""
    name = operation["operationId"]
    if name in BODIES:
        forms = [ref(model) for model in BODIES[name]]
        content: dict[str, Any] = {"application/json": {"schema": {"anyOf": forms} if forms[1:] else forms[0]}}
        if name == "determine":
            content[CSV] = {"schema": {"type": "string"}}
        if name == "postEvents":
            content[media.CLOUD_EVENT] = {"schema": ref("CloudEvent")}
            content[media.CLOUD_EVENTS] = {"schema": {"type": "array", "minItems": 1, "items": ref("CloudEvent")}}
        operation["requestBody"] = {"required": True, "content": content}
    operation["responses"].pop("422", None)
    _say_headers(operation, tagged=method == "get" and not path.startswith("/health/"))
    for status in _refusals(path, name):
        operation["responses"][status] = {"$ref": f"#/components/responses/{words.PROBLEMS[status][0]}"}


def _say_headers(operation: dict[str, Any], *, tagged: bool) -> None:
    """The headers of an answer, and that a GET may be answered 304."""
    paged = any(one["name"] == "after" for one in operation.get("parameters", ()))
    names = ["Position", *(["ETag"] if tagged else []), *(["Link"] if paged else [])]
    said: dict[str, Any] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    for name, value in operation.get(lifecycle.MARK, {}).items():
        said[name] = {"description": words.DEPRECATED, "schema": {"type": "string"}, "example": value}
    for response in operation["responses"].values():
        response["headers"] = dict(said)
    if tagged:
        operation["responses"]["304"] = {"description": words.NOT_MODIFIED}


def _secure(method: str, path: str, operation: dict[str, Any]) -> None:
    """A key with the scope that `access` asks for; or none, as long as a register on loopback has no keys.

    Only OAuth has a place for scopes that every linter takes, so the scope stands beside, in words and as a member.
    """
    if open_to_all(path):
        operation["security"] = []
        return
    scope = scope_needed(method.upper(), path).word
    operation |= {"security": [{words.ACCESS_KEY: []}, {}], "x-required-scope": scope}
    operation["description"] += f"\n\nScope: `{scope}`."


def _refusals(path: str, name: str) -> list[str]:
    # Any address may be too long, and any query name a parameter twice.
    found = ["406", "414", "422", "431"]
    if path != "/health/live":
        found += ["412", "503"]
    if not open_to_all(path):
        found += ["401", "403", "429"]
    if name in BODIES:
        found += OF_BODIES
    if name in ("postEvents", "createWatch", "askExposure"):
        found.append("409")
    if "{" in path and path != "/v1/countries/{code}/status":
        found.append("404")
    return sorted(found)
