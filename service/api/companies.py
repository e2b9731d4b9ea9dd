"""Companies: a page of them, one, its history, and its standing under every control on record."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from service.api import views
from service.api.answering import Known, questions_of_company, row
from service.api.parameters import Slug, Text, Times, commodity_of
from service.api.register import Here
from service.api.schemas import CompanyPage, CompanyRead, CompanyStatus
from service.api.things import asking, one, rendered, router_for
from service.projections import companies

router = router_for(companies.MODEL, "companies", views.company, CompanyRead, CompanyPage)


class StatusOf(Times):
    commodity: Annotated[
        Text | SkipJsonSchema[None], Field(description="Digits are a customs code (HS), anything else a name.")
    ] = None


@router.get("/{id}/status", operation_id="getCompanyStatus", response_model=CompanyStatus, summary="Get its standing")
def status(register: Here, id: Slug, asked_for: Annotated[StatusOf, Query()]) -> Response:  # noqa: A002  the path's name
    """A company's standing per controlling country and commodity.

    It is asked for as an end user under the controls of other countries, and as an exporter under its own country's.
    Without `commodity`, for every commodity that those controls name.
    """
    commodity = commodity_of(asked_for.commodity)
    with asking(register, asked_for) as asked:
        company = one(asked, companies.MODEL, id)
        known = Known(asked.connection, asked.at)
        rows = [row(question, known, asked.on) for question in questions_of_company(company, commodity, known)]
        body = CompanyStatus(company=company.stream, as_of=asked.on, known_at=asked.at, standings=rows)
        return rendered(body, asked.at)
