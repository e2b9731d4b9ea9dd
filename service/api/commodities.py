"""Commodity definitions: a page of them, one, and its history."""

from datetime import date

from service.api.shape import Shape, ThingPage, aside_views, events_of, slug
from service.api.things import router_for
from service.domain.commodity.definition import Definition
from service.domain.commodity.match import Parameters, ScopedCommodity
from service.projections import commodities
from service.register.explain import said_by
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


router = router_for(commodities.MODEL, "commodities", commodity_read, CommodityRead, CommodityPage)
