"""Events: post them, read them."""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import BeforeValidator, Field
from pydantic.json_schema import SkipJsonSchema
from starlette.concurrency import run_in_threadpool

from service.api.event_shapes import EventPage, EventRead, Posted, event_read
from service.api.http import cloudevents, media
from service.api.http.bodies import beside, media_type_of, raw_body
from service.api.http.direct import Direct
from service.api.http.parameters import Limit, Nothing, Strict, Text, country_of, digits
from service.api.http.posting import expecting, sent_as, traced
from service.api.http.register import Here, Register
from service.api.http.rendering import rendered
from service.domain.catalogue import TYPES
from service.domain.subjects import STREAM
from service.errors import FieldError, InvalidRequest, NotFound, PreconditionFailed, VersionConflict
from service.feeds.following import EventFilter
from service.log import read
from service.log.append import Appended
from service.log.conditions import positions_about
from service.log.requests import RequestKey
from service.projections import restrictions
from service.projections.read_model import things
from service.register import strict_json
from service.register.instrument_acts import acts_on_an_instrument, batch_of, instrument_of
from service.register.post import PostedBody, pointing_into, posted_of

router = APIRouter(prefix="/v1/events", tags=["events"], route_class=Direct)

TAKEN = (media.JSON, media.CLOUD_EVENT, media.CLOUD_EVENTS)

IdempotencyKey = Annotated[
    str,
    Field(min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$", description="The client's name for this request."),
]
LARGEST_PAGE = 1_000
EventId = Annotated[str, Path(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", description="A UUID.")]


class EventFilters(Strict):
    """Of several filters all hold."""

    stream: Annotated[Text | SkipJsonSchema[None], Field(description="Only this stream: `license/some-slug`.")] = None
    type: Annotated[Text | SkipJsonSchema[None], Field(description="Only events of this type.")] = None
    country: Annotated[Text | SkipJsonSchema[None], Field(description="Only events about this country.")] = None
    company: Annotated[
        Text | SkipJsonSchema[None], Field(description="Only events about this company: its stream or its id.")
    ] = None
    about: Annotated[
        Text | SkipJsonSchema[None],
        Field(description="Only events about this thing: those of its stream, and those of others that name it."),
    ] = None


Position = Annotated[int, Field(ge=0, le=2**53 - 1), BeforeValidator(digits)]


class EventListing(EventFilters):
    after: Annotated[Position, Field(description="Only events of a later log position.")] = 0
    limit: Limit = 100


@router.post("", operation_id="postEvents", status_code=201, response_model=Posted, summary="Post events")
async def post(
    request: Request,
    register: Here,
    _: Annotated[Nothing, Query()],
    idempotency_key: Annotated[
        IdempotencyKey | SkipJsonSchema[None], Header(description="Names this request, so that it is safe to repeat.")
    ] = None,
    if_match: Annotated[str | SkipJsonSchema[None], Header(description='The stream\'s version: "3".')] = None,
    if_none_match: Annotated[str | SkipJsonSchema[None], Header(description="Only *: the stream is new.")] = None,
) -> Response:
    """Records one event, or all or none of `{"events": [...]}`.

    An `id` of your own makes a retry safe: the same id with the same content gives the first outcome again. So does an
    `Idempotency-Key` for the whole request, conflicts included. `If-Match: "3"` asks that the one stream of the request
    holds three events, `If-None-Match: *` that it holds none. A batch may bear a `condition`: no event of these
    `types`, in this `stream`, about this `company` or `country`, `after` a position.

    An act on a restriction may name an `instrument` in place of its `stream`, by `controller` and `number` or `id`. It
    is recorded as one event for each provision of that instrument on record, all or none.
    """
    raw, sent = await _read(request, register)
    events, by_header = expecting(sent.events, if_match, if_none_match)
    events = traced(events, register.exchange.traceparent)
    key = _key(request, idempotency_key, raw)
    with register.running.of(key) as running, pointing_into(sent):
        asked = await beside(len(raw), register.log.prepared, events, request.state.actor, sent.condition, key)
        running.until(asked.answer)
        try:
            appended = await register.recorder.record(asked)
        except VersionConflict as conflict:
            raise (PreconditionFailed(conflict.detail) if by_header else conflict) from conflict
    register.wrote(appended.position)
    return await beside(len(raw), _told, register, appended)


def _told(register: Register, appended: Appended) -> Response:
    posted = Posted(events=[event_read(event) for event in appended.events], position=appended.position)
    replayed = {"Idempotency-Replayed": "true"} if appended.repeated else {}
    return rendered(register, posted, 201, replayed | {"Location": _location(posted)})


def _location(posted: Posted) -> str:
    """Where the event stands; of several, the page of them: a batch has positions without a gap."""
    first = posted.events[0]
    if len(posted.events) == 1:
        return f"/v1/events/{first.id}"
    return f"/v1/events?after={first.position - 1}&limit={min(len(posted.events), LARGEST_PAGE)}"


async def _read(request: Request, register: Register) -> tuple[bytes, PostedBody]:
    """The body's bytes, and what they ask for. Without a Content-Type only the data of a CloudEvent is read."""
    attributes = cloudevents.in_headers(request.scope["headers"])
    untyped = ("",) if attributes else ()
    raw = await raw_body(request, register.max_body_bytes, (*TAKEN, *untyped))
    body = await beside(len(raw), strict_json.loads, raw, register.most)
    media_type = media_type_of(request)
    if media_type == media.JSON and not attributes and not acts_on_an_instrument(body):
        return raw, await beside(len(raw), posted_of, body, register.max_events)
    if media_type == media.JSON and acts_on_an_instrument(body):
        whole = await run_in_threadpool(_of_an_instrument, register, body)
        sent = await beside(len(raw), posted_of, whole, register.max_events)
        return raw, PostedBody(sent.events, sent.condition, lambda _, pointer: pointer)
    ids = cloudevents.claimed(body if media_type in (media.CLOUD_EVENT, media.CLOUD_EVENTS) else attributes)
    hashes = await run_in_threadpool(_hashes, register, ids) if ids else {}
    home = cloudevents.Home(register.public_url, hashes)
    return raw, await beside(len(raw), sent_as, media_type, attributes, body, register.max_events, home)


def _of_an_instrument(register: Register, body: dict[str, Any]) -> dict[str, Any]:
    """The act once for each provision of its instrument, as far as the log reaches now."""
    controller = instrument_of(body).controller
    with register.reading() as connection:
        at = register.known_at(connection, None)
        provisions = things(connection, restrictions.MODEL, at.seen, country=controller)
    return batch_of(body, provisions, at.position, register.max_events)


def _hashes(register: Register, ids: Sequence[str]) -> dict[str, str]:
    with register.reading() as connection:
        return {id_: entry.event.hash for id_, entry in read.entries_by_id(connection, ids).items()}


def _key(request: Request, sent: str | None, raw: bytes) -> RequestKey | None:
    """The request's key, with a digest of all that the request asks for."""
    if sent is None:
        return None
    asked = [request.headers.get(name, "") for name in ("if-match", "if-none-match")]
    asked += [f"{name}: {value}" for name, value in sorted(request.headers.items()) if name.startswith("ce-")]
    digest = hashlib.sha256("\n".join(asked).encode() + b"\n\n" + raw).digest()
    return RequestKey(request.state.actor, sent, digest)


@router.get(
    "",
    operation_id="listEvents",
    response_model=EventPage,
    summary="Read events",
    responses=media.also(
        ndjson=media.TEXT, csv=media.TEXT, cloud_events={"type": "array", "items": cloudevents.SCHEMA}
    ),
)
def page(register: Here, listing: Annotated[EventListing, Query()]) -> Response:
    """Events in the order of the log. New ones come at the end, so a page once read stays as it is.

    An event is about what it names, and about all that was named in its stream before: a suspension is about the
    country of the measure that it suspends. Of several filters all hold.
    """
    wanted = wanted_by(listing)
    with register.reading() as connection:
        positions = positions_about(*wanted.about, after=listing.after) if wanted.about else None
        found = read.page(
            connection,
            listing.after,
            listing.limit + 1,
            stream=wanted.stream,
            types=wanted.types,
            positions=positions,
        )
    shown = [event_read(one) for one in found[: listing.limit]]
    next_after = shown[-1].position if shown else listing.after
    following = {"after": next_after} if len(found) > listing.limit else None
    body = EventPage(events=shown, next_after=next_after)
    return rendered(register, body, following=following)


def wanted_by(listing: EventFilters) -> EventFilter:
    """Raises InvalidRequest."""
    if listing.type is not None and listing.type not in TYPES:
        raise InvalidRequest("The type is not known.", [FieldError("type", f"one of {', '.join(sorted(TYPES))}")])
    types = [listing.type] if listing.type else None
    return EventFilter(listing.stream, types, tuple(_subjects(listing)))


def _subjects(listing: EventFilters) -> list[str]:
    """What the events asked for are about. Raises InvalidRequest."""
    found = [country_of(listing.country, "country")] if listing.country else []
    found += [f"company/{listing.company.removeprefix('company/')}"] if listing.company else []
    if listing.about and not STREAM.fullmatch(listing.about):
        raise InvalidRequest(
            "The thing is not named.", [FieldError("about", "a stream, such as restriction/some-slug")]
        )
    return [*found, listing.about] if listing.about else found


@router.get(
    "/{id}",
    operation_id="getEvent",
    response_model=EventRead,
    summary="Get an event",
    responses=media.also(cloud_event=cloudevents.SCHEMA),
)
def one(register: Here, id: EventId, _: Annotated[Nothing, Query()]) -> Response:  # noqa: A002  the path's own name
    """An event by its id."""
    with register.reading() as connection:
        found = read.by_id(connection, id)
    if found is None:
        raise NotFound("No event has this id.")
    return rendered(register, event_read(found))
