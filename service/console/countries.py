"""The pages of a country and of a company: their status as the API gives it, in rows."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from service.api.companies import company_read
from service.api.http.paging import cursor, place_after
from service.api.http.parameters import commodity_of, country_of
from service.api.http.register import Here
from service.console import told
from service.console.addresses import address
from service.console.moments import Field, Moments, reading
from service.console.pages import PageRoute, page
from service.console.things import Slug, thing_of
from service.domain.company.timeline import name_on
from service.domain.countries import name_of
from service.projections import companies
from service.projections.read_model import things
from service.register import company_status as of_company
from service.register import country_status as of_country

router = APIRouter(route_class=PageRoute, include_in_schema=False)
MOST_ROWS, MOST_BYTES = 100, 1_000_000
"""Of a page; a row of it is much shorter than one of the API, which bounds the bytes too."""
MOST_COMPANIES = 40
Code = Annotated[str, Path(pattern=r"^[A-Z]{2}$")]


class OfCountry(Moments):
    role: Literal["destination", "controller"] = "destination"
    goods: Field = None
    controller: Field = None
    after: Field = None


@router.get("/country/{code}")
def country(request: Request, register: Here, code: Code, asked: Annotated[OfCountry, Query()]) -> Response:
    known_code, commodity = country_of(code), commodity_of(asked.goods)
    controller = country_of(asked.controller, "controller") if asked.controller else None
    with reading(register, asked) as reader:
        wanted = of_country.Wanted(known_code, asked.role, commodity, controller, "brief", MOST_BYTES)
        found = of_country.country_status(wanted, reader.known, reader.on, place_after(asked.after), MOST_ROWS)
        filters = {"role": asked.role, "commodity": asked.goods, "controller": asked.controller, "after": asked.after}
        here = {name: value for name, value in asked.model_dump(exclude={"after"}).items() if value}
        at_home = things(
            reader.connection, companies.MODEL, reader.at.seen, country=known_code, limit=MOST_COMPANIES + 1
        )
        return page(
            request,
            "country.html",
            code=known_code,
            name=name_of(known_code),
            found=found,
            lines=told.lines_of(found.controls, reader, asked.given()),
            role=asked.role,
            given=here,
            following=address(request.url.path, here, after=cursor(found.next)) if found.next else None,
            companies=[(one.stream, name_on(one, reader.on)) for one in at_home[:MOST_COMPANIES]],
            more_companies=len(at_home) > MOST_COMPANIES,
            reader=reader,
            moments=asked.given(),
            api=address(f"/v1/countries/{known_code}/status", {**filters, **asked.as_the_api_takes_them()}),
        )


class OfCompany(Moments):
    goods: Field = None
    after: Field = None


@router.get("/company/{slug}")
def company(request: Request, register: Here, slug: Slug, asked: Annotated[OfCompany, Query()]) -> Response:
    commodity = commodity_of(asked.goods)
    with reading(register, asked) as reader:
        one = thing_of(reader, companies.MODEL, slug)
        wanted = of_company.Wanted(one, commodity, "brief", place_after(asked.after), MOST_ROWS, MOST_BYTES)
        found = of_company.company_status(wanted, reader.known, reader.on)
        events, earlier = told.events_of(one.stream, reader)
        here = {name: value for name, value in asked.model_dump(exclude={"after"}).items() if value}
        read = company_read(one, reader.on)
        more: dict[str, Any] = {"events": events, "earlier": earlier, "found": found, "read": read}
        return page(
            request,
            "company.html",
            stream=one.stream,
            lines=told.lines_of(found.standings, reader, {"for": one.stream, **asked.given()}),
            owners=[(each, told.party_called(each.owner, reader)) for each in read.owners],
            relations=[(each, reader.sentences.named(each.company)) for each in read.relations],
            sources=told.quoted(one.claims),
            given=here,
            following=address(request.url.path, here, after=cursor(found.next)) if found.next else None,
            reader=reader,
            moments=asked.given(),
            api=address(f"/v1/companies/{slug}/status", {"commodity": asked.goods, **asked.as_the_api_takes_them()}),
            **more,
        )
