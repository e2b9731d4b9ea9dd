"""The deliveries of a watch: what became of each, sent again, tried out; and the secret that they are signed with."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema
from starlette.concurrency import run_in_threadpool

from service.api.events import Position
from service.api.http.parameters import Limit, Nothing, Strict
from service.api.http.register import Here, Register
from service.api.http.rendering import rendered
from service.api.shape import Shape
from service.api.watch_shapes import WatchMade, watch_made
from service.api.watches import WatchId, body_of
from service.domain.base import Frozen
from service.feeds import deliveries, store, watching
from service.feeds.deliveries import Tried
from service.feeds.sending import Sender
from service.feeds.watch import Watch, written
from service.log.database import writing
from service.log.instants import instant_of, instant_text, microseconds, now

router = APIRouter(prefix="/v1/watches/{id}", tags=["watches"])
State = Literal["pending", "delivered", "dead"]


class TryRead(Shape):
    """What became of one try."""

    at: Annotated[datetime, Field(description="When it ended.")]
    status: Annotated[int | None, Field(description="The status that the receiver answered; null: none.")]
    problem: Annotated[str | None, Field(description="What went wrong; null: it was delivered.")]
    took_ms: Annotated[int, Field(description="How long it took, in milliseconds.")]


class DeliveryRead(Shape):
    """A message to the receiver, and its last 20 tries, the newest first."""

    number: Annotated[int, Field(description="The number of the change that it tells.")]
    state: Annotated[State, Field(description="Whether it is delivered.")]
    attempts: Annotated[int, Field(description="How often it was tried since it was last asked for.")]
    due_at: Annotated[datetime | None, Field(description="When it is tried next; null: it is not.")]
    tries: Annotated[list[TryRead], Field(description="Its last tries.")]


class DeliveryPage(Shape):
    """Messages to the receiver of a watch, in their order."""

    deliveries: Annotated[list[DeliveryRead], Field(description="The messages of this page.")]
    pings: Annotated[list[TryRead], Field(description="The last pings, the newest first.")]
    next_after: Annotated[int | None, Field(description="The number to ask on from, as `after`; null: these are all.")]


class Replay(Frozen):
    """What is sent again."""

    numbers: Annotated[
        list[int] | None,
        Field(min_length=1, max_length=1_000, description="The messages of these numbers; left out: all dead ones."),
    ] = None


class Replayed(Shape):
    """How many messages are sent again."""

    messages: Annotated[int, Field(description="How many.")]


class DeliveryListing(Strict):
    state: Annotated[State | SkipJsonSchema[None], Field(description="Only messages in this state.")] = None
    after: Annotated[Position, Field(description="Only messages of a higher number.")] = 0
    limit: Limit = 100


@router.get("/deliveries", operation_id="listDeliveries", response_model=DeliveryPage, summary="List deliveries")
def page(register: Here, id: WatchId, listing: Annotated[DeliveryListing, Query()]) -> Response:  # noqa: A002  the path's
    """What became of each message to the receiver of a watch, with the last tries of each. `dead` are those that were
    tried twelve times, over some four days."""
    with register.reading() as connection:
        watching.existing(connection, id)
        found = deliveries.listed(connection, id, listing.state, listing.after, listing.limit + 1)
        shown = [_read(row, deliveries.tries_of(connection, id, row.number)) for row in found[: listing.limit]]
        pings = [_try_read(row) for row in deliveries.tries_of(connection, id, 0)]
    next_after = shown[-1].number if len(found) > listing.limit else None
    body = DeliveryPage(deliveries=shown, pings=pings, next_after=next_after)
    return rendered(register, body, following={"after": next_after} if next_after else None)


def _read(row: Any, tries: list[Any]) -> DeliveryRead:
    due_at = instant_of(row.due_at) if row.state == "pending" else None
    told = [_try_read(one) for one in tries]
    return DeliveryRead(number=row.number, state=row.state, attempts=row.attempts, due_at=due_at, tries=told)


def _try_read(row: Any) -> TryRead:
    return TryRead(at=instant_of(row.at), status=row.status, problem=row.problem, took_ms=row.took_ms)


@router.post("/replay", operation_id="replayDeliveries", response_model=Replayed, summary="Send messages again")
async def replay(request: Request, register: Here, id: WatchId, _: Annotated[Nothing, Query()]) -> Response:  # noqa: A002
    """Sends messages once more, in their order: those of `numbers`, or all that are dead."""
    wanted = await body_of(request, register, Replay)
    return rendered(register, Replayed(messages=await run_in_threadpool(_again, register, id, wanted.numbers)))


def _again(register: Register, watch: str, numbers: list[int] | None) -> int:
    with writing(register.engine) as connection:
        watching.receiver_of(watching.existing(connection, watch))
        return deliveries.again(connection, watch, numbers, now())


@router.post("/ping", operation_id="pingReceiver", response_model=TryRead, summary="Try the receiver out")
async def ping(request: Request, register: Here, id: WatchId, _: Annotated[Nothing, Query()]) -> Response:  # noqa: A002
    """Sends a message of the type `ping`, signed like all others, and tells what became of it."""
    watch, secrets = await run_in_threadpool(_held, register, id)
    sender: Sender = request.app.state.sender
    at = now()
    body = written({"type": "ping", "timestamp": instant_text(at), "data": {"watch": watch.id}})
    tried = await sender.send(watching.receiver_of(watch), secrets, f"{watch.id}-ping-{microseconds(at)}", body)
    await run_in_threadpool(_log_ping, register, watch, tried)
    return rendered(register, TryRead(at=at, status=tried.status, problem=tried.problem, took_ms=tried.took_ms))


def _held(register: Register, name: str) -> tuple[Watch, str]:
    with register.reading() as connection:
        watch = watching.existing(connection, name)
        watching.receiver_of(watch)
        return watch, store.secrets_of(connection, name)


def _log_ping(register: Register, watch: Watch, tried: Tried) -> None:
    with writing(register.engine) as connection:
        if deliveries.still_there(connection, watch.id, microseconds(watch.made_at)):
            deliveries.log_try(connection, watch.id, 0, tried, now())


@router.post("/secret", operation_id="rotateSecret", response_model=WatchMade, summary="Replace the secret")
def rotate(request: Request, register: Here, id: WatchId, _: Annotated[Nothing, Query()]) -> Response:  # noqa: A002
    """A new secret. For a day messages are signed with it and with the one before, so that no message is refused."""
    with writing(register.engine) as connection:
        watch = watching.existing(connection, id)
        made = watch_made(watch, [watching.rotate(connection, watch, now(), request.app.state.seal).text])
    return rendered(register, made)
