"""Countries: which are on record, and every control that bears on one."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from service.api.http import media
from service.api.http.paging import Cursor, cursor, place_after
from service.api.http.parameters import CountryCode, Detailed, Limit, Text, Times, commodity_of, country_of
from service.api.http.register import Here
from service.api.http.rendering import rendered
from service.api.shape import Shape
from service.api.things import asking
from service.api.things import following as page_after
from service.domain.countries import names
from service.register.country_status import Wanted, country_status
from service.register.known import Known
from service.register.parts import MilestoneBeside, NoteBeside, Row
from service.register.shapes import NOTICE, KnownAt


class CountryStatus(Shape):
    """Each control that has something to say of a country, the strictest first, in pages.

    `nothing_on_record` names the countries that control something on record and nothing of this: that is no clearance.
    The milestones and notes beside it move nothing.
    """

    country: str
    as_of: date
    known_at: KnownAt
    public_by: date | None = None
    headline: str
    controls: list[Row]
    nothing_on_record: list[str]
    milestones: list[MilestoneBeside]
    notes: list[NoteBeside]
    next: Annotated[str | None, Field(description="The cursor to ask on from, as `after`; null: these are all.")]
    notice: str = NOTICE


class CountryRead(Shape):
    """A country of the register. `controls`: it restricts or licenses something on record."""

    code: str
    name: str
    controls: bool


class CountryList(Shape):
    """The countries of the register."""

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
    after: Annotated[Cursor | SkipJsonSchema[None], Field(description="The `next` of the page before.")] = None
    limit: Limit = 100


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

    A row for each controlling country and goods that has something to say on the day: in force, possible, announced,
    suspended, ended with evidence, or licensed. The strictest come first.
    """
    country, commodity = country_of(code), commodity_of(asked_for.commodity)
    controller = country_of(asked_for.controller, "controller") if asked_for.controller else None
    with asking(register, asked_for) as asked:
        known = Known(asked.connection, asked.at)
        wanted = Wanted(country, asked_for.role, commodity, controller, asked_for.detail)
        found = country_status(wanted, known, asked.on, place_after(asked_for.after), asked_for.limit)
        following = cursor(found.next) if found.next else None
        body = CountryStatus(
            country=country,
            as_of=asked.on,
            known_at=asked.at,
            public_by=asked.at.public_by,
            headline=found.headline,
            controls=found.controls,
            nothing_on_record=found.nothing_on_record,
            milestones=found.milestones,
            notes=found.notes,
            next=following,
        )
        return rendered(register, body, following=page_after(asked, following))
