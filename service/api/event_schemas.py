"""The schema of what an event of a type carries, for whoever reads events without this register's document."""

import json
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import create_model

from service.api.http.parameters import Nothing
from service.domain.base import Frozen
from service.domain.catalogue import TYPES, Remarks
from service.domain.sources import Source
from service.errors import NotFound

router = APIRouter(prefix="/v1/schemas", tags=["events"])
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class SchemaResponse(Response):
    media_type = "application/schema+json"


TypeName = Annotated[str, Path(max_length=100, description="The event's type.", examples=["license.granted"])]
Version = Annotated[int, Path(ge=1, le=10_000, description="The version of the type.", examples=[1])]


@router.get(
    "/{type}/{version}",
    operation_id="getEventSchema",
    response_class=SchemaResponse,
    responses={200: {"content": {SchemaResponse.media_type: {"schema": {"type": "object"}}}}},
    summary="Get a type's schema",
)
async def schema(type: TypeName, version: Version, _: Annotated[Nothing, Query()]) -> Response:  # noqa: A002
    """The JSON Schema of the data of a CloudEvent of this type: an event's `data`, `source` and `metadata`."""
    if type not in TYPES or TYPES[type].schema_version != version:
        raise NotFound("This event type has no such version.")
    return SchemaResponse(json.dumps(_schema(type)))


@cache
def _schema(name: str) -> dict[str, Any]:
    model = TYPES[name]
    fields: dict[str, Any] = {"data": (model, ...), "source": (Source, ...), "metadata": (Remarks, {})}
    made = create_model(f"{model.__name__}Payload", __base__=Frozen, __doc__=model.__doc__, **fields)
    return {"$schema": DIALECT, **made.model_json_schema()}
