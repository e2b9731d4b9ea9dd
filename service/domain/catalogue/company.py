"""Events of a company."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from stdnum import lei
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as InvalidNumber
from stdnum.in_ import gstin

from service.domain.base import Line, Sparse
from service.domain.catalogue.base import EventData
from service.domain.countries import Country

CHECKED = {"lei": lei.validate, "uscc": uscc.validate, "gstin": gstin.validate}


class Identifier(Sparse):
    """A number that a registry gave. Those of a scheme that has check digits are checked by them."""

    scheme: Literal["lei", "uscc", "gstin", "cin", "other"]
    value: Line
    registry: Annotated[Line | None, Field(description="Who keeps the number, where the scheme is `other`.")] = None

    @model_validator(mode="after")
    def _check_digits(self) -> "Identifier":
        if self.scheme in CHECKED:
            try:
                CHECKED[self.scheme](self.value)
            except InvalidNumber as invalid:
                raise ValueError(f"this is no valid {self.scheme.upper()}: {invalid}") from invalid
        return self


Identifiers = Annotated[list[Identifier], Field(max_length=50)]


class CompanyEvent(EventData):
    noun: ClassVar[str] = "company"


class CompanyRegistered(CompanyEvent):
    """A company entered the register: its name, its country, and what else it is called and numbered."""

    event_type: ClassVar[str] = "company.registered"
    begins: ClassVar[bool] = True

    name: Line
    country: Country
    aliases: Annotated[list[Line], Field(max_length=100)] = []
    identifiers: Identifiers = []


class CompanyIdentified(CompanyEvent):
    """More names or numbers of a registered company became known. They add to those recorded before."""

    event_type: ClassVar[str] = "company.identified"

    aliases: Annotated[list[Line], Field(max_length=100)] = []
    identifiers: Identifiers = []


EVENTS: tuple[type[EventData], ...] = (CompanyRegistered, CompanyIdentified)
