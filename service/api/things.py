"""What the routers of all nouns share: one thing, a page of them, the history of one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel
from sqlalchemy import Connection

from service.api.event_shapes import EventRead, event_read
from service.api.http import media
from service.api.http.parameters import Listing, Slug, Times, country_of
from service.api.http.register import Here, Register
from service.api.http.rendering import rendered
from service.api.shape import Shape, slug
from service.errors import NotFound
from service.log import read
from service.projections.read_model import ReadModel, exists, thing, things
from service.register.shapes import KnownAt


class HistoryEntry(Shape):
    """One event of a thing's stream, and the thing's state on `as_of` as known right after it (null: none stands)."""

    position: int
    state: str | None
    event: EventRead


class ThingHistory(Shape):
    """All that was recorded of a thing up to `known_at`, oldest first."""

    id: str
    as_of: date
    known_at: KnownAt
    history: list[HistoryEntry]


Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Asked:
    """An open reader with the two times of a question."""

    connection: Connection
    on: date
    at: KnownAt


@contextmanager
def asking(register: Register, times: Times) -> Iterator[Asked]:
    on = register.day_of(times.as_of)
    with register.reading() as connection:
        yield Asked(connection, on, register.known_at(connection, times.known_at))


def one(asked: Asked, model: ReadModel[Thing], slug: str) -> Thing:
    """Raises NotFound."""
    found = thing(asked.connection, model, asked.at.position, f"{model.noun}/{slug}")
    if found is None:
        raise NotFound(_missing(asked, model, slug))
    return found


def _missing(asked: Asked, model: ReadModel[Any], slug: str) -> str:
    where = f"this {model.noun} up to log position {asked.at.position}"
    if exists(asked.connection, asked.at.position, f"{model.noun}/{slug}"):
        return f"All that was recorded of {where} was retracted. Its history shows it."
    return f"Nothing is recorded of {where}."


def some(asked: Asked, model: ReadModel[Any], listing: Listing) -> tuple[list[Any], str | None]:
    """A page of things in order of their ids, and the id to go on from."""
    found = things(
        asked.connection,
        model,
        asked.at.position,
        country=country_of(listing.country, "country") if listing.country else None,
        after=f"{model.noun}/{listing.after or ''}",
        limit=listing.limit + 1,
    )
    shown = found[: listing.limit]
    return shown, slug(shown[-1].stream) if len(found) > listing.limit else None


def following(asked: Asked, next_after: str | None) -> dict[str, object] | None:
    """What the next page is asked for with: the same day and the same knowledge, so that no entry can slip away."""
    if next_after is None:
        return None
    return {"as_of": asked.on, "known_at": asked.at.position, "after": next_after}


def history(asked: Asked, model: ReadModel[Any], view: Callable[[Any, date], BaseModel], slug: str) -> ThingHistory:
    """Each event of a thing's stream, with the state that was known right after it. Raises NotFound."""
    stream, at = f"{model.noun}/{slug}", asked.at.position
    recorded = [event for event in read.stream_events(asked.connection, stream) if event.position <= at]
    if not recorded:
        raise NotFound(_missing(asked, model, slug))
    states = [thing(asked.connection, model, event.position, stream) for event in recorded]
    entries = [
        HistoryEntry(
            position=event.position,
            state=getattr(view(state, asked.on), "state", "recorded") if state is not None else None,
            event=event_read(event),
        )
        for event, state in zip(recorded, states, strict=True)
    ]
    return ThingHistory(id=slug, as_of=asked.on, known_at=asked.at, history=entries)


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
    )
    def past(register: Here, id: Slug, times: Annotated[Times, Query()]) -> Response:  # noqa: A002  the path's name
        """All that was recorded of it, and the state that was known after each event."""
        with asking(register, times) as asked:
            return rendered(register, history(asked, model, view, id))

    return router
