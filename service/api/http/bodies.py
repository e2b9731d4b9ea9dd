"""Reads a request's body: its media type, its size while it arrives, its JSON."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from service.api.http import media
from service.api.http.exchange import exchange_of
from service.errors import BodyTooLarge, UnsupportedMediaType
from service.register import strict_json

READ_AT_ONCE_BYTES = 16_000
"""A body up to this size is read where it arrives, in a millisecond or two: another thread would cost as much. What
comes of a larger one is worked out beside the event loop, which serves everybody else meanwhile."""
CHARSETS = ("utf-8", "utf8", "us-ascii")

Found = TypeVar("Found")


async def beside(size_bytes: int, work: Callable[..., Found], *given: Any) -> Found:
    """What some work gives; in a thread where it is for more than a few bytes."""
    return work(*given) if size_bytes <= READ_AT_ONCE_BYTES else await run_in_threadpool(work, *given)


async def json_body(request: Request, limit_bytes: int, most: strict_json.Most) -> Any:
    """The parsed body. Raises UnsupportedMediaType, BodyTooLarge, MalformedRequest."""
    raw = await raw_body(request, limit_bytes)
    return await beside(len(raw), strict_json.loads, raw, most)


def media_type_of(request: Request) -> str:
    """The Content-Type without its parameters, in small letters."""
    return _first(request, b"content-type").partition(";")[0].strip().lower()


def _first(request: Request, name: bytes) -> str:
    return exchange_of(request).sent.first(name).decode("latin-1")


async def raw_body(request: Request, limit_bytes: int, media_types: Sequence[str] = (media.JSON,)) -> bytes:
    """The body's bytes. Raises UnsupportedMediaType, BodyTooLarge."""
    if media_type_of(request) not in media_types:
        names = " or ".join(name for name in media_types if name)
        raise UnsupportedMediaType(f"Send the body as {names} (curl: -H 'Content-Type: {media_types[0]}').")
    _refuse_encodings(request)
    too_large = f"The body is over the limit of {limit_bytes} bytes."
    declared = _first(request, b"content-length")
    if declared.isdecimal() and int(declared) > limit_bytes:
        raise BodyTooLarge(too_large)
    parts, size, more = [], 0, True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit_bytes:
            raise BodyTooLarge(too_large)
        more = message.get("more_body", False)
    return b"".join(parts)


def _refuse_encodings(request: Request) -> None:
    """Raises UnsupportedMediaType: bytes that were packed, or written in another alphabet, would be read as others."""
    codings = exchange_of(request).sent.every(b"content-encoding")
    if any(coding.strip().lower() not in ("", "identity") for coding in codings):
        raise UnsupportedMediaType("Send the body as it is, without a Content-Encoding.")
    _, *parameters = _first(request, b"content-type").split(";")
    for name, _, value in (parameter.partition("=") for parameter in parameters):
        if name.strip().lower() == "charset" and value.strip(' \t"').lower() not in CHARSETS:
            raise UnsupportedMediaType("Send the body in UTF-8.")
