"""What can be watched: one question, in one of four forms."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from service.domain import catalogue
from service.domain.base import Frozen
from service.domain.commodity.match import Commodity
from service.domain.countries import Country
from service.domain.parties import CompanyStream
from service.domain.subjects import STREAM
from service.feeds.following import EventFilter
from service.register.shapes import Question, as_typed

TIMES = ("as_of", "known_at", "public_by")
Goods = Annotated[Commodity | None, BeforeValidator(as_typed), Field(description="Only of these goods.")]
Stream = Annotated[str, StringConstraints(max_length=200, pattern=STREAM.pattern)]


class CountryAsked(Frozen):
    """A country's status."""

    country: Annotated[Country, Field(description="The country, ISO 3166-1 alpha-2.")]
    role: Annotated[
        Literal["destination", "controller"],
        Field(description="The controls of others towards this country, or this country's own towards others."),
    ] = "destination"
    commodity: Goods = None
    controller: Annotated[Country | None, Field(description="Only this country's control.")] = None


class CompanyAsked(Frozen):
    """A company's status."""

    company: Annotated[CompanyStream, Field(description="The company's stream, `company/some-slug`.")]
    commodity: Goods = None


class EventsAsked(Frozen):
    """Which events are told, as they are recorded. Of several filters all hold."""

    stream: Annotated[Stream | None, Field(description="Only this stream.")] = None
    type: Annotated[
        Annotated[str, StringConstraints(max_length=100)] | None, Field(description="Only events of this type.")
    ] = None
    country: Annotated[Country | None, Field(description="Only events about this country.")] = None
    company: Annotated[CompanyStream | None, Field(description="Only events about this company.")] = None
    about: Annotated[Stream | None, Field(description="Only events about this thing.")] = None

    @model_validator(mode="after")
    def _of_a_known_type(self) -> "EventsAsked":
        if self.type is not None and self.type not in catalogue.TYPES:
            raise ValueError("the type is not in the catalogue")
        return self

    @property
    def filter(self) -> EventFilter:
        about = tuple(one for one in (self.country, self.company, self.about) if one)
        return EventFilter(self.stream, [self.type] if self.type else None, about)


class Ask(Frozen):
    """A standing question: exactly one of these. It is asked about today, and as the log stands."""

    determination: Annotated[Question | None, Field(description="A question, without times of its own.")] = None
    country_status: Annotated[CountryAsked | None, Field(description="A country's status.")] = None
    company_status: Annotated[CompanyAsked | None, Field(description="A company's status.")] = None
    events: Annotated[EventsAsked | None, Field(description="Events as they are recorded.")] = None

    @model_validator(mode="after")
    def _asks_one_thing(self) -> "Ask":
        if len(self.model_fields_set) != 1 or None in (getattr(self, name) for name in self.model_fields_set):
            raise ValueError("give exactly one of determination, country_status, company_status, events")
        given = [name for name in TIMES if self.determination and getattr(self.determination, name) is not None]
        if given:
            raise ValueError(f"a watch is about today; leave out {given[0]}")
        return self

    @property
    def controller(self) -> str | None:
        """The one controlling country that is asked; None where it may be any."""
        if self.country_status:
            asked = self.country_status
            return asked.country if asked.role == "controller" else asked.controller
        return self.determination.controller if self.determination else None
