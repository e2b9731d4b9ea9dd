"""Errors as problem details (RFC 9457): every one of them, from whatever layer it comes."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from service.domain.invalid import WORDS
from service.errors import (
    FieldError,
    InvalidRequest,
    LodestoneError,
    MalformedRequest,
    MethodNotAllowed,
    NotFound,
    Refused,
)

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


def of(error: LodestoneError) -> JSONResponse:
    headers = {"Retry-After": "1"} if error.status == 503 else {}
    headers |= {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    return problem(type(error), error.status, error.detail, error.errors, headers)


def install(app: FastAPI) -> None:
    """Every error that a request can end in leaves as a problem."""
    app.add_exception_handler(LodestoneError, _lodestone)
    app.add_exception_handler(RequestValidationError, _parameters)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unforeseen)


async def _lodestone(_request: Request, error: Exception) -> JSONResponse:
    return of(error) if isinstance(error, LodestoneError) else await _unforeseen(_request, error)


async def _parameters(_request: Request, error: Exception) -> JSONResponse:
    """What FastAPI finds wrong with a path or a query. It must not repeat what was sent."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    fields = [FieldError(_parameter(one["loc"]), _said(one)) for one in found]
    named = ", ".join(dict.fromkeys(field.pointer for field in fields))
    return of(InvalidRequest(f"A parameter cannot be read: {named}.", fields[:20]))


def _parameter(loc: Sequence[Any]) -> str:
    return "/".join(str(part) for part in loc[1:]) or str(loc[0])


def _said(error: Mapping[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        return "there is no such parameter"
    return WORDS.get(error["type"], str(error["msg"]).removeprefix("Value error, "))


async def _http(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        return await _unforeseen(_request, error)
    kind = HTTP_ERRORS.get(error.status_code, Refused)
    return problem(kind, error.status_code, f"{kind.title}.", headers=error.headers)


async def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    log.error(
        "request_failed", path=request.url.path, method=request.method, error=type(error).__name__, exc_info=error
    )
    return of(LodestoneError("The register failed to answer. It was logged."))
