"""Countries: which are on record, and every control that bears on one."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from service.api.http import media
from service.api.http.parameters import CountryCode, Detailed, Text, Times, commodity_of, country_of
from service.api.http.register import Here
from service.api.http.rendering import rendered
from service.api.milestones import MilestoneRead, milestone_read
from service.api.notes import NoteRead, note_read
from service.api.shape import Shape
from service.api.things import asking
from service.domain.commodity.match import Commodity
from service.domain.countries import names
from service.domain.milestone.timeline import happened_by
from service.domain.truth import Truth
from service.projections import milestones, notes
from service.projections.read_model import things
from service.register.ask import detailed, own, row, towards
from service.register.known import Known
from service.register.parts import Row
from service.register.shapes import NOTICE, KnownAt, Question


class CountryStatus(Shape):
    """Each control that bears on a country, with its reasons; the milestones and notes beside it move nothing."""

    country: str
    as_of: date
    known_at: KnownAt
    controls: list[Row]
    milestones: list[MilestoneRead]
    notes: list[NoteRead]
    notice: str = NOTICE


class CountryRead(Shape):
    """A country of the register. `controls`: it restricts or licenses something on record."""

    code: str
    name: str
    controls: bool


class CountryList(Shape):
    known_at: KnownAt
    countries: list[CountryRead]


router = APIRouter(prefix="/v1/countries", tags=["countries"])


class StatusOf(Detailed):
    commodity: Annotated[
        Text | SkipJsonSchema[None], Field(description="Digits are a customs code (HS), anything else a name.")
    ] = None
    controller: Annotated[Text | SkipJsonSchema[None], Field(description="Only this country's control.")] = None
    role: Annotated[
        Literal["destination", "controller"],
        Field(description="The controls of others towards this country, or this country's own towards others."),
    ] = "destination"


@router.get(
    "", operation_id="listCountries", response_model=CountryList, summary="List countries", responses=media.LISTING
)
def page(register: Here, times: Annotated[Times, Query()]) -> Response:
    """Every country that a question can name, and whether any control of its own is on record."""
    with asking(register, times) as asked:
        controlling = Known(asked.connection, asked.at).controllers
        listed = [CountryRead(code=c, name=name, controls=c in controlling) for c, name in sorted(names().items())]
        return rendered(register, CountryList(known_at=asked.at, countries=listed))


@router.get("/{code}/status", operation_id="getCountryStatus", response_model=CountryStatus, summary="Get its status")
def status(register: Here, code: CountryCode, asked_for: Annotated[StatusOf, Query()]) -> Response:
    """Every controlling country's control towards a country (or its own towards others), by commodity.

    With `commodity`, one row for each country that controls anything on record: `no_data` where nothing is recorded of
    this commodity, which is no clearance. Without it, a row for every commodity that their controls and licenses name.
    """
    country, commodity = country_of(code), commodity_of(asked_for.commodity)
    controller = country_of(asked_for.controller, "controller") if asked_for.controller else None
    with asking(register, asked_for) as asked:
        known = Known(asked.connection, asked.at)
        questions = _questions(country, commodity, controller, asked_for.role, known)
        rows = [row(detailed(question, asked_for.detail), known, asked.on) for question in questions]
        body = CountryStatus(
            country=country,
            as_of=asked.on,
            known_at=asked.at,
            controls=rows,
            milestones=[
                milestone_read(one, asked.on)
                for one in things(asked.connection, milestones.MODEL, asked.at.seen, country=country)
                if happened_by(one, asked.on) is not Truth.NO
            ],
            notes=[
                note_read(one, asked.on)
                for one in things(asked.connection, notes.MODEL, asked.at.seen, country=country)
            ],
        )
        return rendered(register, body)


def _questions(
    country: str, commodity: Commodity | None, controller: str | None, role: str, known: Known
) -> list[Question]:
    if role == "controller":
        wanted = [commodity] if commodity else own(country, known)
        return [Question(controller=country, commodity=one) for one in wanted]
    others = [controller] if controller else [other for other in known.controllers if other != country]
    asked = []
    controllers: list[str | None] = [*others] or [None]
    for other in controllers:
        wanted = [commodity] if commodity else towards(country, other, known) if other else []
        asked += [Question(controller=other, destination=country, commodity=one) for one in wanted]
    return asked
