"""Commodity definitions: a page of them, one, and its history."""

from datetime import date
from typing import Annotated

from fastapi import Query, Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from service.api.http import media
from service.api.http.parameters import Listing
from service.api.http.register import Here
from service.api.http.rendering import rendered
from service.api.shape import Shape, ThingPage, aside_views, events_of, slug
from service.api.things import Asked, asking, following, router_of_one, some
from service.domain.commodity.definition import Definition
from service.domain.commodity.match import Parameters, ScopedCommodity
from service.domain.commodity.search import LEAST_SCORE, found_by
from service.errors import FieldError, InvalidRequest
from service.projections import commodities
from service.projections.read_model import things
from service.register.reasons import said_by
from service.register.shapes import SaidBy, SetAsideView


class CommodityRead(Shape):
    """The codes that a name of goods stands for, each with its flag, and the names of its parts.

    `complete`: what is not listed here is not meant by the name. `excludes`: goods that it does not mean.
    `parameters_one_of`: of all goods of the name one of these sets of technical parameters is true.
    """

    id: str
    name: str
    title: str | None
    lines: list[ScopedCommodity]
    parts: list[str]
    complete: bool
    excludes: list[str]
    aliases: list[str]
    parameters_one_of: list[Parameters]
    said_by: list[SaidBy]
    set_aside: list[SetAsideView]
    events: list[str]
    position: int


class CommodityPage(ThingPage):
    """Commodities, a page of them."""

    commodities: list[CommodityRead]


def commodity_read(found: Definition, _on: date) -> CommodityRead:
    return CommodityRead(
        id=slug(found.stream),
        name=found.name,
        title=found.title,
        lines=list(found.lines),
        parts=list(found.parts),
        complete=found.complete,
        excludes=list(found.excludes),
        aliases=list(found.aliases),
        parameters_one_of=list(found.parameters_one_of),
        said_by=said_by(found.claims),
        set_aside=aside_views(found.stream, found.set_aside),
        events=events_of(found.claims),
        position=found.position,
    )


router = router_of_one(commodities.MODEL, "commodities", commodity_read, CommodityRead)


class Search(Listing):
    q: Annotated[
        Annotated[str, Field(min_length=1, max_length=500)] | SkipJsonSchema[None],
        Field(
            description="A name, a title, another word, or a code. What it finds is a suggestion, the closest first.",
            examples=["rare earth magnets"],
        ),
    ] = None


@router.get(
    "",
    operation_id="listCommodities",
    response_model=CommodityPage,
    summary="List or find commodities",
    responses=media.LISTING,
)
def page(register: Here, asked_for: Annotated[Search, Query()]) -> Response:
    """In order of their ids, as they stood on a day, as known at a position; or those that go by words like `q`, or
    have it as a code."""
    with asking(register, asked_for) as asked:
        found, next_after = _found(asked, asked_for)
        body = CommodityPage(
            commodities=[commodity_read(one, asked.on) for one in found],
            as_of=asked.on,
            known_at=asked.at,
            next_after=next_after,
        )
        return rendered(register, body, following=following(asked, next_after))


def _found(asked: Asked, wanted: Search) -> tuple[list[Definition], str | None]:
    if wanted.q is None:
        return some(asked, commodities.MODEL, wanted)
    if wanted.after is not None:
        raise InvalidRequest("A search has one page.", [FieldError("after", "it is not taken together with q")])
    scored = [
        (found_by(wanted.q, (one.name, one.title or "", *one.aliases), one.lines), one)
        for one in things(asked.connection, commodities.MODEL, asked.at.seen)
    ]
    near = sorted((pair for pair in scored if pair[0] >= LEAST_SCORE), key=lambda pair: (-pair[0], pair[1].name))
    return [one for _, one in near[: wanted.limit]], None
