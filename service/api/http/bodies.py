"""Reads a request's body: its media type, its size while it arrives, its JSON."""

from collections.abc import Sequence
from typing import Any

from fastapi import Request

from service.api.http import media
from service.errors import BodyTooLarge, UnsupportedMediaType
from service.register import strict_json


async def json_body(request: Request, limit_bytes: int, most: strict_json.Most) -> Any:
    """The parsed body. Raises UnsupportedMediaType, BodyTooLarge, MalformedRequest."""
    return strict_json.loads(await raw_body(request, limit_bytes), most)


def media_type_of(request: Request) -> str:
    """The Content-Type without its parameters, in small letters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def raw_body(request: Request, limit_bytes: int, media_types: Sequence[str] = (media.JSON,)) -> bytes:
    """The body's bytes. Raises UnsupportedMediaType, BodyTooLarge."""
    if media_type_of(request) not in media_types:
        names = " or ".join(name for name in media_types if name)
        raise UnsupportedMediaType(f"Send the body as {names} (curl: -H 'Content-Type: {media_types[0]}').")
    too_large = BodyTooLarge(f"The body is over the limit of {limit_bytes} bytes.")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit_bytes:
        raise too_large
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit_bytes:
            raise too_large
        parts.append(part)
    return b"".join(parts)
