"""Answers in the media type that was asked for: JSON; a listing as lines of JSON (NDJSON) or as a sheet (CSV) too."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import Response
from pydantic import BaseModel

from service.api.event_shapes import EventPage, EventRead
from service.api.http import cloudevents, media
from service.api.http.exchange import Exchange
from service.api.http.register import Register
from service.api.http.sheet_rows import harmless
from service.api.http.spreadsheet import MEDIA_TYPE_OF_ANSWERS


def rendered(
    register: Register,
    body: BaseModel,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    following: Mapping[str, object] | None = None,
) -> Response:
    """The response. `following` are the parameters that the next page is asked for with, where there is one."""
    all_headers = dict(headers or {})
    if following:
        all_headers["Link"] = f'<{_next(register.exchange, following)}>; rel="next"'
    content, media_type = _written(body, register.exchange.media_type, register.public_url)
    return Response(content, status, all_headers, media_type)


def _next(exchange: Exchange, following: Mapping[str, object]) -> str:
    """The same query with other parameters, relative to the service."""
    query = dict(parse_qsl(exchange.query, keep_blank_values=True)) | {name: str(v) for name, v in following.items()}
    return f"{quote(exchange.path)}?{urlencode(query)}"


def _written(body: BaseModel, media_type: str, public_url: str) -> tuple[str, str]:
    if isinstance(body, EventRead) and media_type == media.CLOUD_EVENT:
        return _json(cloudevents.written(body, public_url)), media_type
    if isinstance(body, EventPage) and media_type == media.CLOUD_EVENTS:
        return _json([cloudevents.written(event, public_url) for event in body.events]), media_type
    if media_type == media.NDJSON:
        return "".join(f"{item.model_dump_json(by_alias=True)}\n" for item in _items(body)[1]), media.NDJSON
    if media_type == media.CSV:
        return sheet(*_items(body)), MEDIA_TYPE_OF_ANSWERS
    return body.model_dump_json(by_alias=True), media.JSON


def _items(body: BaseModel) -> tuple[type[BaseModel], list[BaseModel]]:
    """What a page lists: its one field that is a list, and the model that this is a list of."""
    (name,) = (name for name, field in type(body).model_fields.items() if get_origin(field.annotation) is list)
    return get_args(type(body).model_fields[name].annotation)[0], getattr(body, name)


def sheet(model: type[BaseModel], items: list[BaseModel]) -> str:
    """One line for each item, one column for each of its fields. What is no text or number is written as JSON."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([field.alias or name for name, field in model.model_fields.items()])
    writer.writerows(list(_cells(item)) for item in items)
    return written.getvalue()


def _cells(item: BaseModel) -> Iterator[str]:
    for value in item.model_dump(mode="json", by_alias=True).values():
        yield harmless(_cell(value))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
