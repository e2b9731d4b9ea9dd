"""Events of a company."""

import re
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field, model_validator
from stdnum import lei
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as InvalidNumber
from stdnum.in_ import gstin

from service.domain.base import Line, Slug, Sparse
from service.domain.countries import Country
from service.domain.dates import Period
from service.domain.event_type import EventData
from service.domain.parties import CompanyStream, Party
from service.domain.quantities import Percent

CHECKED = {"lei": lei.validate, "uscc": uscc.validate, "gstin": gstin.validate}
# Listed or not, industry, state, year, kind of company, number: the CIN of India's registry has no check digit.
CIN = re.compile(r"[LU]\d{5}[A-Z]{2}\d{4}[A-Z]{3}\d{6}", re.ASCII)


Scheme = Literal["lei", "uscc", "gstin", "cin", "other"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)


class Identifier(Sparse):
    """A number that a registry gave. Those of a scheme that has check digits are checked by them."""

    scheme: Scheme
    value: Line
    registry: Annotated[Line | None, Field(description="Who keeps the number, where the scheme is `other`.")] = None

    @model_validator(mode="after")
    def _check_digits(self) -> "Identifier":
        if self.scheme in CHECKED:
            try:
                CHECKED[self.scheme](self.value)
            except InvalidNumber as invalid:
                raise ValueError(f"not a valid {self.scheme.upper()}: {invalid}") from invalid
        if self.scheme == "cin" and not CIN.fullmatch(self.value.upper()):
            raise ValueError("not a valid CIN: a letter, 5 digits, 2 letters, 4 digits, 3 letters, 6 digits")
        return self

    @property
    def key(self) -> str:
        """What it is looked up by: its scheme, and its letters and digits alone, in capitals."""
        return identifier_key(self.scheme, self.value)


def identifier_key(scheme: str, value: str) -> str:
    return f"{scheme}:{''.join(sign for sign in value if sign.isalnum()).upper()}"


Identifiers = Annotated[list[Identifier], Field(max_length=50)]


class CompanyEvent(EventData):
    noun: ClassVar[str] = "company"


class CompanyRegistered(CompanyEvent):
    """A company entered the register: its name, its country, and what else it is called and numbered."""

    event_type: ClassVar[str] = "company.registered"
    begins: ClassVar[bool] = True
    once: ClassVar[bool] = True

    name: Line
    country: Country
    aliases: Annotated[list[Line], Field(max_length=100)] = []
    identifiers: Identifiers = []


class CompanyIdentified(CompanyEvent):
    """More names or numbers of a registered company became known. They add to those recorded before."""

    event_type: ClassVar[str] = "company.identified"

    aliases: Annotated[list[Line], Field(max_length=100)] = []
    identifiers: Identifiers = []


class CompanyRenamed(CompanyEvent):
    """The company has another name from `effective` on. It is still found, and meant, by those it had before."""

    event_type: ClassVar[str] = "company.renamed"

    name: Line


class CompanyOwned(CompanyEvent):
    """An owner holds a share of the company, from the start of `period` on, or else from `effective`.

    A later claim about the same owner replaces it from its own day. An end that nobody stated does not end it. Nothing
    passes to the company because of its owner, unless a rule says so.
    """

    event_type: ClassVar[str] = "company.owned"

    owner: Party
    share_percent: Percent
    period: Period | None = None


class CompanyRelated(CompanyEvent):
    """The company stands in a relation to another, such as `vendor_of` or `unit_of`, on the days of `period`.

    Without a start it does from `effective` on; an end that nobody stated does not end it. It makes the company a
    member of the class that a rule or a license names by the relation, and nothing more.
    """

    event_type: ClassVar[str] = "company.related"

    relation: Slug
    company: CompanyStream
    period: Period | None = None


EVENTS: tuple[type[EventData], ...] = (
    CompanyRegistered,
    CompanyIdentified,
    CompanyRenamed,
    CompanyOwned,
    CompanyRelated,
)
