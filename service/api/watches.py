"""Watches: standing questions, and what changed of their answers."""

import json
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field, ValidationError, model_validator
from pydantic.json_schema import SkipJsonSchema
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import State

from service.api.events import Position
from service.api.http.bodies import json_body
from service.api.http.parameters import Limit, Nothing, Strict, Text
from service.api.http.register import Here, Register
from service.api.http.rendering import rendered
from service.api.watch_shapes import ChangePage, Exposure, WatchMade, WatchPage, WatchRead, watch_made, watch_read
from service.domain.base import Frozen
from service.domain.invalid import field_errors
from service.errors import FieldError, InvalidRequest, Refused
from service.feeds import exposure, store, watching
from service.feeds.signing import new_secret
from service.feeds.watching import WatchPosted
from service.log.database import writing
from service.log.instants import now
from service.register.post import pointing_into, posted_of

router = APIRouter(prefix="/v1/watches", tags=["watches"])
WatchId = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,100}$", description="The id of the watch.")]
Body = TypeVar("Body", bound=BaseModel)


class WatchPatch(Frozen):
    """What is changed of a watch."""

    paused: Annotated[bool, Field(description="Whether deliveries wait. Changes are listed all the same.")]


class Supposition(Frozen):
    """What is supposed: exactly one of these."""

    as_of: Annotated[str | None, Field(description="A calendar day to come, YYYY-MM-DD.")] = None
    event: Annotated[dict[str, Any] | None, Field(description="An event as it would be posted.")] = None
    events: Annotated[list[dict[str, Any]] | None, Field(description="Events as they would be posted together.")] = None
    after: Annotated[str | None, Field(description="Only watches behind this id.")] = None
    limit: Annotated[int, Field(ge=1, le=1_000, description="How many watches are looked at, at most.")] = 100

    @model_validator(mode="after")
    def _supposes_one_thing(self) -> "Supposition":
        if sum(one is not None for one in (self.as_of, self.event, self.events)) != 1:
            raise ValueError("give one of as_of, event, events")
        return self


class WatchListing(Strict):
    after: Annotated[Text | SkipJsonSchema[None], Field(description="The id that the page begins after.")] = None
    limit: Limit = 100


class ChangeListing(Strict):
    after: Annotated[Position, Field(description="Only changes of a higher number.")] = 0
    limit: Limit = 100


async def body_of(request: Request, register: Register, model: type[Body]) -> Body:
    """Raises InvalidRequest."""
    posted = await json_body(request, register.max_body_bytes, register.most)
    try:
        return model.model_validate(posted)
    except ValidationError as invalid:
        raise InvalidRequest("The request cannot be read.", field_errors(invalid, posted, "")) from invalid


@router.post("", operation_id="createWatch", status_code=201, response_model=WatchMade, summary="Watch an answer")
async def create(request: Request, register: Here, _: Annotated[Nothing, Query()]) -> Response:
    """Watches the answer to a question: you are told when it changes, by an event, by a correction or by a day.

    Without a `webhook`, read `/v1/watches/{id}/changes`. With an `id` of your own the request is safe to repeat. The
    answer as it is now is in the response; the secret is shown here alone, and once: where the request is repeated,
    `secrets` is empty.
    """
    posted = await body_of(request, register, WatchPosted)
    if posted.webhook and (refused := request.app.state.sender.refusal(posted.webhook.url)):
        raise InvalidRequest("The webhook cannot be used.", [FieldError("/webhook/url", refused)])
    made = await run_in_threadpool(_made, register, posted, request.state.actor, request.app.state)
    return rendered(register, made, 201, {"Location": f"/v1/watches/{made.id}"})


def _made(register: Register, posted: WatchPosted, actor: str, state: State) -> WatchMade:
    secrets = [new_secret()] if posted.webhook else []
    sealed = state.seal.closed(secrets) if secrets else None
    with register.reading() as connection:
        watch = watching.made(connection, posted, actor, register.today(), now())
    with writing(register.engine) as connection:
        if found := watching.repeated(connection, posted):
            return watch_made(found, [])
        watching.add(connection, watch, sealed, state.max_watches)
    return watch_made(watch, [one.text for one in secrets])


@router.get("", operation_id="listWatches", response_model=WatchPage, summary="List watches")
def page(register: Here, listing: Annotated[WatchListing, Query()]) -> Response:
    """In the order of their ids."""
    with register.reading() as connection:
        found = store.page(connection, listing.after or "", listing.limit + 1)
    shown = found[: listing.limit]
    next_after = shown[-1].id if len(found) > listing.limit else None
    body = WatchPage(watches=[watch_read(one_) for one_ in shown], next_after=next_after)
    return rendered(register, body, following={"after": next_after} if next_after else None)


@router.get("/{id}", operation_id="getWatch", response_model=WatchRead, summary="Get a watch")
def one(register: Here, id: WatchId, _: Annotated[Nothing, Query()]) -> Response:  # noqa: A002  the path's own name
    """A watch with its answer."""
    with register.reading() as connection:
        return rendered(register, watch_read(watching.existing(connection, id)))


@router.patch("/{id}", operation_id="changeWatch", response_model=WatchRead, summary="Pause or resume a watch")
async def change(
    request: Request,
    register: Here,
    id: WatchId,  # noqa: A002  the path's own name
    _: Annotated[Nothing, Query()],
) -> Response:
    """While a watch is paused its deliveries wait; changes are found and listed all the same."""
    wanted = await body_of(request, register, WatchPatch)
    return rendered(register, await run_in_threadpool(_paused, register, id, wanted.paused))


def _paused(register: Register, watch: str, paused: bool) -> WatchRead:
    with writing(register.engine) as connection:
        store.pause(connection, watch, paused)
        return watch_read(watching.existing(connection, watch))


@router.delete("/{id}", operation_id="removeWatch", status_code=204, summary="Remove a watch")
def remove(register: Here, id: WatchId, _: Annotated[Nothing, Query()]) -> Response:  # noqa: A002  the path's own name
    """Removes a watch with all that was told of it, also what is not delivered yet."""
    with writing(register.engine) as connection:
        watching.existing(connection, id)
        store.remove(connection, id)
    return Response(status_code=204)


@router.get("/{id}/changes", operation_id="listChanges", response_model=ChangePage, summary="List what changed")
def changes(
    register: Here,
    id: WatchId,  # noqa: A002  the path's own name
    listing: Annotated[ChangeListing, Query()],
) -> Response:
    """What was told of a watch, oldest first. The last 1,000 are kept. New ones come at the end: poll with `after`."""
    with register.reading() as connection:
        watching.existing(connection, id)
        found = store.changes_of(connection, id, listing.after, listing.limit + 1)
    shown = found[: listing.limit]
    next_after = shown[-1].number if len(found) > listing.limit else None
    body = ChangePage.model_validate({"changes": [json.loads(row.told) for row in shown], "next_after": next_after})
    return rendered(register, body, following={"after": next_after} if next_after else None)


@router.post("/exposure", operation_id="askExposure", response_model=Exposure, summary="Ask which answers would change")
async def expose(request: Request, register: Here, _: Annotated[Nothing, Query()]) -> Response:
    """Which watched answers would change, and how: by a day to come (`as_of`), or if an event were recorded (`event`,
    or `events` together). Nothing is recorded.

    While supposed events are looked at, nobody can record, so that takes three seconds; a day is looked at for five.
    Where more watches may change than there was time for, `next_after` says where to ask on from.
    """
    supposed = await body_of(request, register, Supposition)
    if supposed.as_of is not None:
        return rendered(register, await run_in_threadpool(_by_day, register, supposed))
    found = await run_in_threadpool(_by_events, register, supposed, request.state.actor, request.app.state.database_url)
    return rendered(register, found)


def _by_day(register: Register, supposed: Supposition) -> Exposure:
    until = register.day_of(supposed.as_of, "/as_of")
    if until < register.today():
        raise InvalidRequest("The day is past.", [FieldError("/as_of", "a day to come")])
    with register.reading() as connection:
        window = (supposed.after or "", supposed.limit)
        found = exposure.by_day(connection, until, register.head.position, window, now)
    return Exposure.model_validate({"changes": found.told, "next_after": found.next_after})


def _by_events(register: Register, supposed: Supposition, actor: str, url: str) -> Exposure:
    one = supposed.event is not None
    try:
        posted = posted_of({"events": [supposed.event] if one else supposed.events}, register.max_events)
        with pointing_into(posted):
            found = exposure.by_events(url, posted.events, actor, now, (supposed.after or "", supposed.limit))
    except Refused as refusal:
        if one:
            where = ((fault, fault.pointer.replace("/events/0", "/event", 1)) for fault in refusal.errors)
            refusal.errors = tuple(FieldError(pointer, fault.detail) for fault, pointer in where)
        raise
    return Exposure.model_validate({"changes": found.told, "next_after": found.next_after})
