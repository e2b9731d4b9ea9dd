"""One country's control of some goods towards every other: a map, and beside it the same in words.

The map is drawn here, so that it needs no script. Each control has a pattern and a sign beside its colour; nothing is
told by the map alone.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from service.api.http.register import Here, day_of
from service.console.addresses import address
from service.console.asked import country_of, goods_in
from service.console.moments import Field, Moments, Reading, reading
from service.console.pages import PageRoute, page
from service.domain.answer import Control
from service.domain.commodity.match import Commodity
from service.domain.countries import name_of, names
from service.domain.determine import CONTROLS, Knowledge, control_for
from service.register import titles
from service.register.ask import subject_of
from service.register.shapes import Question

router = APIRouter(route_class=PageRoute, include_in_schema=False)
FIRST_CONTROLLER, FIRST_GOODS = "CN", "heavy rare earth magnets"
GROUPS = ("EU",)
"""Codes that are no country of a map."""
CODE = re.compile(r'"([A-Z]{2})"')
ALL_OTHERS = ""


class OfMap(Moments):
    controller: Field = None
    goods: Field = None
    then: Field = None


@dataclass(frozen=True)
class Place:
    """A country with the control towards it, and what that was on another day if it was otherwise."""

    code: str
    name: str
    control: Control
    was: Control | None
    link: str


@cache
def outline() -> Any:
    """The shapes of countries; those of Natural Earth, see static/vendor."""
    folder = files("service.console") / "static" / "vendor"
    return json.loads((folder / "world-atlas-2.0.2.json").read_text(encoding="utf-8"))


@router.get("/map")
def world_map(request: Request, register: Here, asked: Annotated[OfMap, Query()]) -> Response:
    with reading(register, asked) as reader:
        controllers = reader.known.controllers
        controller = country_of(asked.controller or FIRST_CONTROLLER, "controller")
        goods = Commodity.model_validate(goods_in(asked.goods or FIRST_GOODS, reader.known))
        then = day_of(asked.then, reader.on, "then") if asked.then else None
        places = _places(goods, controller, reader, then, asked)
        given = {"controller": controller, "goods": asked.goods or FIRST_GOODS, **asked.given(), "then": asked.then}
        return page(
            request,
            "map.html",
            controller=controller,
            controllers=[(code, name_of(code)) for code in sorted({*controllers, controller}, key=name_of)],
            title=titles.goods(goods, reader.known),
            places={place.code: place for place in places},
            by_control=_by_control(places),
            outline=outline(),
            given={name: value for name, value in given.items() if value},
            then=then,
            reader=reader,
            moments=asked.given(),
            api=address(
                f"/v1/countries/{controller}/status",
                {"role": "controller", "commodity": goods.name or goods.hs, **asked.as_the_api_takes_them()},
            ),
        )


def _by_control(places: Sequence[Place]) -> list[tuple[Control, list[Place]]]:
    """The controls that there are, the strictest first, each with its countries."""
    grouped = [(control, [one for one in places if one.control == control]) for control in CONTROLS]
    return [(control, found) for control, found in grouped if found]


def _places(goods: Commodity, controller: str, reader: Reading, then: date | None, asked: OfMap) -> list[Place]:
    """Every country but the controlling one, in the order of their names."""
    now = controls(goods, controller, reader, reader.on)
    was: Mapping[str, Control] = controls(goods, controller, reader, then) if then else now
    question = {"goods": goods.name or goods.hs, "code": goods.control_code, "from": controller, **asked.given()}
    return [
        Place(code, name_of(code), control, was[code] if was[code] != control else None, link)
        for code, control in now.items()
        for link in (address("/answer", question, to=code),)
    ]


def controls(goods: Commodity, controller: str, reader: Reading, on: date) -> dict[str, Control]:
    """The control towards every country, in the order of their names.

    What may restrict the goods is read once. Countries that no rule tells apart from others have one answer.
    """
    subject = subject_of(Question(controller=controller, commodity=goods), reader.known, on)
    known = reader.known.restricting([controller], subject)[0]
    apart, found = _told_apart(known), dict[str, Control]()
    places = {code: code if code in apart else ALL_OTHERS for code in sorted(names(), key=name_of)}
    for code in (controller, *GROUPS):
        del places[code]
    for code, alike in places.items():
        if alike not in found:
            found[alike] = control_for(replace(subject, destination=code), known, on)
    return {code: found[alike] for code, alike in places.items()}


def _told_apart(known: Knowledge) -> set[str]:
    """The countries that a rule names, wherever in its records, and the members of all groups."""
    recorded = (claim.data.model_dump_json() for one in known.provisions for claim in one.claims)
    named = {code for text in recorded for code in CODE.findall(text)}
    return named | {country for group in known.groups.values() for country in group.countries}
