"""The feed: events as they are recorded, by server-sent events."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

import structlog
from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema
from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import AppStatus, SendTimeoutError
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from service.api.event_shapes import event_read
from service.api.events import EventFilters, Position, wanted_by
from service.api.http import problems
from service.api.http.access import still_admitted
from service.api.http.register import Here, Register
from service.errors import FieldError, PositionAhead, TooManyRequests, Unavailable
from service.feeds.following import BATCH, Batch, EventFilter, batch_after
from service.feeds.growth import Growth
from service.feeds.open_feeds import OpenFeeds

router = APIRouter(prefix="/v1/feed", tags=["events"])
log = structlog.get_logger()

RETRY_MS = 2_000
"""How long a client waits before it connects again."""
HEARTBEAT_S = 15.0
SEND_TIMEOUT_S = 20.0
"""How long a reader may take for one event, once the buffers between are full."""

# It would cancel every feed of a process for good once any server in it was stopped; feeds end by Growth.stop.
AppStatus.enable_automatic_graceful_drain = False


class FeedAsked(EventFilters):
    after: Annotated[Position, Field(description="Begin with the first event after this log position.")] = 0


LastEventId = Annotated[Position, Field(description="The id of the last event read. It goes before `after`.")]


@dataclass(frozen=True)
class Feed:
    """What one reader asked for, and what it is answered from."""

    register: Register
    growth: Growth
    feeds: OpenFeeds
    wanted: EventFilter
    after: int

    def batch(self, after: int) -> Batch:
        with self.register.reading() as connection:
            return batch_after(connection, after, self.wanted)


class FeedResponse(EventSourceResponse):
    """A feed while it is open. One whose reader does not take it in time is ended: it resumes where it was."""

    def __init__(self, feed: Feed, scope: Scope) -> None:
        ping = ServerSentEvent(comment="alive")
        super().__init__(
            sent(feed, scope),
            ping=HEARTBEAT_S,
            ping_message_factory=lambda: ping,
            send_timeout=SEND_TIMEOUT_S,
        )
        self._feeds = feed.feeds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with self._feeds.one_more():
                await super().__call__(scope, receive, send)
        except TooManyRequests as full:
            await problems.of(full)(scope, receive, send)
        except SendTimeoutError:
            self._feeds.dropped += 1
            log.info("feed_dropped", reason="the reader did not take what was sent")


@router.get(
    "",
    operation_id="followEvents",
    response_class=EventSourceResponse,
    summary="Follow events",
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def feed(
    request: Request,
    register: Here,
    asked: Annotated[FeedAsked, Query()],
    last_event_id: Annotated[
        LastEventId | SkipJsonSchema[None], Header(description="The id of the last event read; before `after`.")
    ] = None,
) -> Response:
    """Server-sent events, from a log position on and then as events are recorded, until you close the connection.

    Each has the position as its `id`, and the event as its `data`, as `GET /v1/events/{id}` has it. None is skipped or
    repeated, and the order is that of the log. After a break, connect again with `Last-Event-ID`: browsers do that by
    themselves. A comment every 15 seconds shows that the connection is alive. Filters are those of `GET /v1/events`.
    """
    after = asked.after if last_event_id is None else last_event_id
    state = request.app.state
    wanted = Feed(register, state.growth, state.feeds, wanted_by(asked), after)
    await run_in_threadpool(_check, register, after)
    return FeedResponse(wanted, request.scope)


def _check(register: Register, after: int) -> None:
    """Raises PositionAhead: to wait for a position that was another log's would skip what this one records."""
    with register.reading():
        end = register.head.position
    if after > end:
        raise PositionAhead(
            f"The log ends at position {end}.", [FieldError("after", f"a log position from 0 to {end}")]
        )


async def sent(feed: Feed, scope: Scope) -> AsyncIterator[ServerSentEvent]:
    """What a reader is sent. It ends where the service stops, where the key ends, and where the database is away: a
    client connects again, and resumes."""
    yield ServerSentEvent(comment="Lodestone", retry=RETRY_MS)
    after = feed.after
    try:
        while not feed.growth.stopping and await still_admitted(scope):
            found = await run_in_threadpool(feed.batch, after)
            for event in found.events:
                yield ServerSentEvent(data=event_read(event).model_dump_json(by_alias=True), id=str(event.position))
                feed.feeds.events_sent += 1
            if len(found.events) < BATCH:
                await feed.growth.beyond(found.through, HEARTBEAT_S)
            after = found.through
    except Unavailable:
        return
