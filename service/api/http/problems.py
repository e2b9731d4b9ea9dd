"""Errors as problem details (RFC 9457): every one of them, from whatever layer it comes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.types import Scope

from service.domain.invalid import MOST_ERRORS, plain, said
from service.errors import (
    FieldError,
    Forbidden,
    InvalidRequest,
    LodestoneError,
    MalformedRequest,
    MethodNotAllowed,
    NotFound,
    Refused,
    Unauthorized,
    Unavailable,
)
from service.logs import lines_of

MEDIA_TYPE = "application/problem+json"
log = structlog.get_logger()

HTTP_ERRORS: dict[int, type[LodestoneError]] = {400: MalformedRequest, 404: NotFound, 405: MethodNotAllowed}
"""What the framework refuses by itself, in this service's terms."""


class ProblemField(BaseModel):
    """One field at fault. `pointer` is a JSON pointer into the body (`/events/0/data/kind`), or a parameter's name."""

    model_config = ConfigDict(extra="forbid")
    pointer: str
    detail: str


class Problem(BaseModel):
    """What went wrong (RFC 9457). `type` is a page of this service that explains it."""

    model_config = ConfigDict(extra="forbid")
    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemField]


def problem(
    kind: type[LodestoneError],
    status: int,
    detail: str,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The response for a kind of error."""
    body = Problem(
        type=f"/problems/{kind.problem}",
        title=kind.title,
        status=status,
        detail=detail,
        errors=[ProblemField(pointer=error.pointer, detail=error.detail) for error in errors],
    )
    return JSONResponse(body.model_dump(), status, headers, MEDIA_TYPE)


def told(scope: Scope, error: LodestoneError) -> JSONResponse:
    """The response to a request. What an Unavailable came of stands in the log, under an id that the response names."""
    if not (isinstance(error, Unavailable) and error.cause):
        return of(error)
    if scope["app"].state.for_commands:
        return of(error, str(error))
    request_id = scope.get("state", {}).get("request_id")
    log.error("unavailable", request_id=request_id, detail=error.detail, cause=error.cause)
    return of(error, f"{error.detail} The service's log says more under {request_id}.")


def of(error: LodestoneError, detail: str | None = None) -> JSONResponse:
    headers = {"Retry-After": str(error.retry_after_s)} if error.retry_after_s is not None else {}
    return problem(type(error), error.status, detail or error.detail, error.errors, headers | _challenge(error))


def _challenge(error: LodestoneError) -> dict[str, str]:
    """What a client lacks (RFC 6750): no error code where it sent nothing, since nothing was wrong with it."""
    said = 'Bearer realm="lodestone"'
    if isinstance(error, Unauthorized):
        said += ', error="invalid_token"' if error.sent else ""
    elif isinstance(error, Forbidden):
        said += f', error="insufficient_scope", scope="{error.scope}"'
    else:
        return {}
    return {"WWW-Authenticate": said}


def install(app: FastAPI) -> None:
    """Every error that a route ends in leaves as a problem."""
    app.add_exception_handler(LodestoneError, _lodestone)
    app.add_exception_handler(RequestValidationError, _parameters)
    app.add_exception_handler(HTTPException, _http)


def unforeseen(scope: Scope, error: Exception) -> JSONResponse:
    """What nobody foresaw is logged once, in one line. A traceback without the values of its variables: they may be
    secrets, or somebody's data."""
    request_id = scope.get("state", {}).get("request_id")
    log.error("request_failed", request_id=request_id, traceback=lines_of(error))
    return of(LodestoneError(f"The register failed to answer. It was logged under {request_id}."))


def refusal_of(query: bytes) -> InvalidRequest | None:
    """A query that names a parameter twice means two things, and is refused."""
    twice = _twice(query)
    return InvalidRequest("A parameter was sent twice.", twice) if twice else None


def _twice(query: bytes) -> list[FieldError]:
    if _plainly_once(query):
        return []
    names = Counter(name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    twice = (FieldError(_named(name), "sent twice") for name, count in names.items() if count > 1)
    return list(islice(twice, MOST_ERRORS))


def _plainly_once(query: bytes) -> bool:
    """Whether no name stands in a query twice, seen without decoding it. False: it has to be read."""
    if b"&" not in query:
        return True
    names = [pair.partition(b"=")[0] for pair in query.split(b"&")]
    if len(set(names)) < len(names):
        return False
    written_plainly = b"%" not in query and b"+" not in query
    return written_plainly or not any(b"%" in name or b"+" in name for name in names)


async def _lodestone(request: Request, error: Exception) -> JSONResponse:
    known = error if isinstance(error, LodestoneError) else LodestoneError("The register failed to answer.")
    return told(request.scope, known)


async def _parameters(_request: Request, error: Exception) -> JSONResponse:
    """What FastAPI finds wrong with a path or a query. It must not repeat what was sent."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    # That a parameter may be left out is no help to somebody who sent it.
    found = [one for one in found if one["type"] != "none_required"]
    fields = [FieldError(_parameter(one["loc"]), _said(one)) for one in found[:MOST_ERRORS]]
    return of(InvalidRequest("A parameter cannot be read.", fields))


def _named(name: str) -> str:
    return name if plain(name) else "query"


def _parameter(loc: Sequence[Any]) -> str:
    """The parameter's own name: what follows it names a branch of its type."""
    return _named(loc[1]) if len(loc) > 1 else str(loc[0])


def _said(error: Mapping[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        return "there is no such parameter"
    return said(error)


async def _http(request: Request, error: Exception) -> Response:
    """What the framework refuses by itself; OPTIONS, which no route has, is answered with what a resource takes."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    kind = HTTP_ERRORS.get(status, Refused)
    headers = dict(getattr(error, "headers", None) or {})
    if status == 405:
        headers["Allow"] = ", ".join(_allowed(request))
        if request.scope["method"] == "OPTIONS":
            return Response(status_code=204, headers=headers)
    return problem(kind, status, f"{kind.title}.", headers=headers)


def _allowed(request: Request) -> list[str]:
    """The methods of all routes of a path, with those that every route has: the framework names those of the first.

    What is not in the list of routes is a folder of files."""
    found: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        if route.methods and route.path_regex.fullmatch(request.scope["path"]):
            found |= route.methods
    found = found or {"GET"}
    return sorted(found | {"OPTIONS"} | ({"HEAD"} if "GET" in found else set()))
