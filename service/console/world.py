"""The world of one controlling country: its goods against destinations, each cell with a sign, a colour and a word."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from service.api.http.parameters import country_of
from service.api.http.register import Here, day_of
from service.console.addresses import address
from service.console.moments import Field, Moments, Reading, reading
from service.console.pages import PageRoute, page
from service.console.told import goods_link
from service.domain.answer import Control
from service.domain.commodity.match import Commodity
from service.domain.countries import name_of
from service.domain.determine import control_for
from service.domain.scope import AllButCountries, IncludingCountries, OnlyCountries
from service.errors import FieldError, InvalidRequest
from service.register import titles
from service.register.ask import subject_of
from service.register.goods import own
from service.register.known import Known
from service.register.shapes import Question

router = APIRouter(route_class=PageRoute, include_in_schema=False)
FIRST = "CN"
GOODS_ON_A_PAGE = 16
DESTINATIONS = 6
"""How many destinations are shown where none is chosen."""
MOST_DESTINATIONS = 12
OFTEN_ASKED = ("IN", "US", "JP", "DE", "KR", "TW", "VN", "RU")


class OfWorld(Moments):
    controller: Field = None
    to: Field = None
    then: Field = None
    page: Annotated[int, Query(ge=1, le=1_000)] = 1


@dataclass(frozen=True)
class Cell:
    destination: str
    control: Control
    was: Control | None
    link: str


@dataclass(frozen=True)
class Goods:
    title: str
    link: str
    cells: list[Cell]


@router.get("/world")
def world(request: Request, register: Here, asked: Annotated[OfWorld, Query()]) -> Response:
    chosen = _chosen(asked.to)
    with reading(register, asked) as reader:
        controllers = reader.known.controllers
        first = FIRST if FIRST in controllers else next(iter(controllers), FIRST)
        controller = country_of(asked.controller.upper(), "controller") if asked.controller else first
        goods = sorted(own(controller, reader.known), key=lambda one: titles.goods(one, reader.known).casefold())
        shown = goods[(asked.page - 1) * GOODS_ON_A_PAGE : asked.page * GOODS_ON_A_PAGE]
        places = chosen or _places(controller, reader.known)
        given = {name: str(value) for name, value in asked.model_dump(exclude={"page"}).items() if value}
        last = (len(goods) + GOODS_ON_A_PAGE - 1) // GOODS_ON_A_PAGE
        return page(
            request,
            "world.html",
            controller=controller,
            controllers=[(code, name_of(code)) for code in sorted(controllers, key=name_of)],
            places=[(code, name_of(code)) for code in places],
            rows=[_row(one, controller, places, reader, asked) for one in shown],
            numbers=(asked.page, last),
            given=given,
            then=day_of(asked.then, reader.on, "then") if asked.then else None,
            reader=reader,
            moments=asked.given(),
            api=address(f"/v1/countries/{controller}/status", {"role": "controller", **asked.as_the_api_takes_them()}),
        )


def _chosen(text: str | None) -> list[str]:
    """Raises InvalidRequest."""
    named = [one.strip() for one in (text or "").split(",") if one.strip()]
    if len(named) > MOST_DESTINATIONS:
        fault = FieldError("to", f"at most {MOST_DESTINATIONS} countries")
        raise InvalidRequest("There are too many destinations for one page.", [fault])
    return list(dict.fromkeys(country_of(one.upper(), "to") for one in named))


def _places(controller: str, known: Known) -> list[str]:
    """The destinations that this country's rules name most often, then those that are often asked about."""
    scopes = (scope.destinations for one in known.about(controller).provisions for scope in one.every_scope)
    named = Counter(place for to in scopes for place in _named(to) if "/" not in place and place != controller)
    often = [place for place, _ in named.most_common(DESTINATIONS)]
    return list(dict.fromkeys([*often, *(one for one in OFTEN_ASKED if one != controller)]))[:DESTINATIONS]


def _named(to: object) -> Sequence[str]:
    if isinstance(to, OnlyCountries):
        return to.only
    if isinstance(to, IncludingCountries):
        return to.including
    return to.except_ if isinstance(to, AllButCountries) else ()


def _row(goods: Commodity, controller: str, places: Sequence[str], reader: Reading, asked: OfWorld) -> Goods:
    named = goods.name or goods.hs or goods.description
    question = {"goods": named, "code": goods.control_code, "from": controller, **asked.given()}
    now = _controls(goods, controller, places, reader, reader.on)
    then = _controls(goods, controller, places, reader, day_of(asked.then, reader.on, "then")) if asked.then else now
    cells = [
        Cell(place, control, was if was != control else None, address("/answer", question, to=place))
        for place, control, was in zip(places, now, then, strict=True)
    ]
    return Goods(titles.goods(goods, reader.known), goods_link(goods), cells)


def _controls(goods: Commodity, controller: str, places: Sequence[str], reader: Reading, on: date) -> list[Control]:
    """What may restrict the goods is read once for all places."""
    subject = subject_of(Question(controller=controller, commodity=goods), reader.known, on)
    known = reader.known.restricting([controller], subject)[0]
    return [control_for(replace(subject, destination=place), known, on) for place in places]
