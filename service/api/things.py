"""What the routers of all nouns share: one thing, a page of them, the history of one."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, BeforeValidator, Field
from pydantic.json_schema import SkipJsonSchema
from sqlalchemy import Connection

from service.api.event_shapes import EventRead, event_read
from service.api.http import media
from service.api.http.parameters import Listing, Slug, Times, country_of, digits
from service.api.http.register import Here, Register
from service.api.http.rendering import rendered
from service.api.shape import Shape, slug
from service.domain.event import RecordedEvent
from service.errors import NotFound
from service.log import read
from service.projections.read_model import AnyOf, ReadModel, as_known_after, exists, thing, things
from service.register.shapes import KnownAt


class HistoryEntry(Shape):
    """One event of a thing's stream, and the thing's state on `as_of` as known right after it (null: none stands)."""

    position: int
    state: str | None
    event: EventRead


class ThingHistory(Shape):
    """What was recorded of a thing up to `known_at`, oldest first, a page at a time."""

    id: str
    as_of: date
    known_at: KnownAt
    history: list[HistoryEntry]
    next_after: Annotated[
        int | None, Field(description="The position to ask on from, as `after`; null: these are all.")
    ]


class HistoryOf(Times):
    """A page of a history. Each state is derived from all that was recorded up to it, so a page is short."""

    after: Annotated[
        Annotated[int, Field(ge=0, le=2**53 - 1)] | SkipJsonSchema[None],
        Field(description="The log position that the page begins after."),
        BeforeValidator(digits),
    ] = 0
    limit: Annotated[
        int,
        Field(ge=1, le=100, description="How many at most. Behind many events a page is shorter."),
        BeforeValidator(digits),
    ] = 20


Thing = TypeVar("Thing")
LEAST_TOGETHER = 100
"""How many things are read at once, at the least, where not all of them are kept."""
MOST_LOOKED_AT = 5_000
"""How many things are looked at for one page at the most."""
MOST_FOLDED = 500
"""From how many records, together, the states of one page of a history are derived; one state takes all before it."""


@dataclass(frozen=True)
class Asked:
    """An open reader with the times of a question."""

    connection: Connection
    on: date
    at: KnownAt


@contextmanager
def asking(register: Register, times: Times) -> Iterator[Asked]:
    on = register.day_of(times.as_of)
    with register.answering(times.known_at) as connection:
        yield Asked(connection, on, register.known_at(connection, times.known_at, public_by=times.public_by))


def one(asked: Asked, model: ReadModel[Thing], slug: str) -> Thing:
    """Raises NotFound."""
    found = thing(asked.connection, model, asked.at.seen, f"{model.noun}/{slug}")
    if found is None:
        raise NotFound(_missing(asked, model, slug))
    return found


def _missing(asked: Asked, model: ReadModel[Any], slug: str) -> str:
    where = f"this {model.noun} up to log position {asked.at.position}"
    if exists(asked.connection, asked.at.seen, f"{model.noun}/{slug}"):
        return f"All that was recorded of {where} was retracted. Its history shows it."
    return f"Nothing is recorded of {where}."


def some(
    asked: Asked,
    model: ReadModel[Any],
    listing: Listing,
    *,
    having: Sequence[AnyOf] = (),
    keep: Callable[[Any], bool] | None = None,
) -> tuple[list[Any], str | None]:
    """A page of things in order of their ids, and the id to go on from.

    They are narrowed to those that may have a key of each of `having`, and to those that are to `keep`. At most
    MOST_LOOKED_AT are looked at for one page: it may hold fewer than its limit, and another one follow.
    """
    country = country_of(listing.country, "country") if listing.country else None
    after, shown, looked_at = f"{model.noun}/{listing.after or ''}", list[Any](), 0
    while True:
        most = max(listing.limit, LEAST_TOGETHER) if keep else listing.limit
        narrowed: dict[str, Any] = {"country": country, "after": after, "limit": most + 1, "having": having}
        found = things(asked.connection, model, asked.at.seen, **narrowed)
        looked_at, more = looked_at + len(found), len(found) > most
        for index, one in enumerate(found[:most]):
            if keep is None or keep(one):
                shown.append(one)
            if len(shown) == listing.limit:
                return shown, slug(one.stream) if index + 1 < len(found) else None
        if not more or looked_at >= MOST_LOOKED_AT:
            return shown, slug(found[most - 1].stream) if more else None
        after = found[most - 1].stream


def following(asked: Asked, next_after: str | int | None) -> dict[str, object] | None:
    """What the next page is asked for with: the same day and the same knowledge, so that no entry can slip away."""
    if next_after is None:
        return None
    return {"as_of": asked.on, "known_at": asked.at.position, "after": next_after}


def history(
    asked: Asked, model: ReadModel[Any], view: Callable[[Any, date], BaseModel], slug: str, wanted: HistoryOf
) -> ThingHistory:
    """A page of the events of a thing's stream, with the state that was known right after each. Raises NotFound."""
    stream, at, after = f"{model.noun}/{slug}", asked.at.seen, wanted.after or 0
    if not exists(asked.connection, at, stream):
        raise NotFound(_missing(asked, model, slug))
    found = read.page(asked.connection, after, wanted.limit + 1, stream=stream, through=at)
    recorded = _within(found[: wanted.limit])
    states = as_known_after(asked.connection, model, stream, [event.position for event in recorded], asked.at.public_by)
    entries = [
        HistoryEntry(
            position=event.position,
            state=getattr(view(state, asked.on), "state", "recorded") if state is not None else None,
            event=event_read(event),
        )
        for event, state in zip(recorded, states, strict=True)
    ]
    next_after = recorded[-1].position if len(found) > len(recorded) else None
    return ThingHistory(id=slug, as_of=asked.on, known_at=asked.at, history=entries, next_after=next_after)


def _within(recorded: Sequence[RecordedEvent]) -> list[RecordedEvent]:
    """The first events, at least one, whose states are derived from so many records."""
    folded = accumulate(event.version for event in recorded)
    return [event for event, so_far in zip(recorded, folded, strict=True) if so_far <= MOST_FOLDED] or [*recorded[:1]]


def router_for(
    model: ReadModel[Any],
    plural: str,
    view: Callable[[Any, date], BaseModel],
    shape: type[BaseModel],
    shapes: type[BaseModel],
) -> APIRouter:
    """A noun's routes: a page of its things, one of them, and that one's history."""
    router = router_of_one(model, plural, view, shape)

    @router.get(
        "",
        operation_id=f"list{plural.capitalize()}",
        response_model=shapes,
        summary=f"List {plural}",
        responses=media.LISTING,
    )
    def page(register: Here, listing: Annotated[Listing, Query()]) -> Response:
        """In order of their ids, as they stood on a day, as known at a position."""
        with asking(register, listing) as asked:
            found, next_after = some(asked, model, listing)
            times = {"as_of": asked.on, "known_at": asked.at, "next_after": next_after}
            body = shapes(**{plural: [view(each, asked.on) for each in found]}, **times)
            return rendered(register, body, following=following(asked, next_after))

    return router


def router_of_one(
    model: ReadModel[Any], plural: str, view: Callable[[Any, date], BaseModel], shape: type[BaseModel]
) -> APIRouter:
    """A noun's routes for one of its things, and that one's history."""
    noun, name = model.noun, model.noun.capitalize()
    router = APIRouter(prefix=f"/v1/{plural}", tags=[plural])

    @router.get("/{id}", operation_id=f"get{name}", response_model=shape, summary=f"Get a {noun}")
    def single(register: Here, id: Slug, times: Annotated[Times, Query()]) -> Response:  # noqa: A002  the path's name
        """On a day, as known at a position."""
        with asking(register, times) as asked:
            return rendered(register, view(one(asked, model, id), asked.on))

    @router.get(
        "/{id}/history",
        operation_id=f"get{name}History",
        response_model=ThingHistory,
        summary=f"Get a {noun}'s history",
        responses=media.LISTING,
    )
    def past(register: Here, id: Slug, wanted: Annotated[HistoryOf, Query()]) -> Response:  # noqa: A002  the path's name
        """What was recorded of it, oldest first, and the state that was known after each event."""
        with asking(register, wanted) as asked:
            body = history(asked, model, view, id, wanted)
            return rendered(register, body, following=following(asked, body.next_after))

    return router
