"""Events: post them, read them."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from service.api import views
from service.api.bodies import json_body
from service.api.parameters import Limit, Strict, Text
from service.api.posting import proposals
from service.api.register import Here
from service.api.schemas import EventPage, EventRead, Posted
from service.api.things import rendered
from service.domain.catalogue import TYPES
from service.errors import FieldError, InvalidRequest, NotFound
from service.log import read

router = APIRouter(prefix="/v1/events", tags=["events"])

EventId = Annotated[str, Path(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", description="A UUID.")]


class EventListing(Strict):
    after: Annotated[int, Field(ge=0, le=2**53 - 1, description="Only events of a later log position.")] = 0
    limit: Limit = 100
    stream: Annotated[Text | SkipJsonSchema[None], Field(description="Only this stream: `license/some-slug`.")] = None
    type: Annotated[Text | SkipJsonSchema[None], Field(description="Only events of this type.")] = None


@router.post("", operation_id="postEvents", status_code=201, response_model=Posted, summary="Post events")
async def post(request: Request, register: Here) -> Response:
    """Records one event, or all or none of `{"events": [...]}`.

    An `id` of your own makes a retry safe: the same id with the same content gives the first outcome again.
    """
    body = await json_body(request, register.max_body_bytes)
    appended = await asyncio.shield(
        asyncio.wrap_future(register.log.submit(proposals(body, register.max_events), request.state.actor))
    )
    posted = Posted(events=[views.event(event) for event in appended.events], position=appended.position)
    return rendered(posted, appended.position, 201)


@router.get("", operation_id="listEvents", response_model=EventPage, summary="Read events")
def page(register: Here, listing: Annotated[EventListing, Query()]) -> Response:
    """Events in the order of the log. New ones come at the end, so a page once read stays as it is."""
    if listing.type is not None and listing.type not in TYPES:
        raise InvalidRequest("The type is not known.", [FieldError("type", f"one of {', '.join(sorted(TYPES))}")])
    types = [listing.type] if listing.type else None
    with register.reading() as connection:
        found = read.page(connection, listing.after, listing.limit, stream=listing.stream, types=types)
        head = read.read_head(connection)
    body = EventPage(
        events=[views.event(one) for one in found], next_after=found[-1].position if found else listing.after
    )
    return rendered(body, head.position)


@router.get("/{id}", operation_id="getEvent", response_model=EventRead, summary="Get an event")
def one(register: Here, id: EventId) -> Response:  # noqa: A002  the path's own name
    """An event by its id."""
    with register.reading() as connection:
        found = read.by_id(connection, id)
        head = read.read_head(connection)
    if found is None:
        raise NotFound("No event has this id.")
    return rendered(views.event(found), head.position)
