"""The parameters of a query. One that is not declared is refused: ignoring a misspelled `as_of` changes the answer."""

from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from service.domain.commodity.match import Commodity, hs_digits
from service.domain.commodity.search import name_of
from service.domain.countries import known as known_country
from service.errors import FieldError, InvalidRequest


def digits(sent: object) -> object:
    """A number of a query is written in plain digits. Raises ValueError."""
    if isinstance(sent, str) and not (sent.isascii() and sent.isdecimal()):
        raise ValueError("must be a whole number in digits")
    return sent


Text = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
PlainDay = Annotated[Text, Field(json_schema_extra={"format": "date"})]
"""A calendar day; what cannot be read as one is told by `register.day_of`."""

Limit = Annotated[int, Field(ge=1, le=1000, description="How many at most."), BeforeValidator(digits)]
Slug = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,100}$", description="The stream's name after its noun.")]
CountryCode = Annotated[str, Path(min_length=2, max_length=2, description="ISO 3166-1 alpha-2.", examples=["IN"])]


PublicBy = Annotated[
    PlainDay | SkipJsonSchema[None],
    Field(
        description="Only what was published by the end of this day, YYYY-MM-DD, whenever it was recorded.",
        examples=["2025-10-31"],
    ),
]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Nothing(Strict):
    """No parameters."""


class Times(Strict):
    """The times of every question: the day in the world, what was known, and what was public."""

    as_of: Annotated[
        PlainDay | SkipJsonSchema[None],
        Field(
            description="The day in the world, YYYY-MM-DD. Today (UTC) where it is left out.", examples=["2025-10-31"]
        ),
    ] = None
    known_at: Annotated[
        Text | SkipJsonSchema[None],
        Field(description="What was known: a log position from 0 to the head, or an RFC 3339 instant with its offset."),
    ] = None
    public_by: PublicBy = None


class Detailed(Times):
    """The times, and how much an answer tells."""

    detail: Annotated[
        Literal["brief", "full"],
        Field(description="`full` adds everything considered, also what does not match, and every source."),
    ] = "brief"


class Listing(Times):
    """A page of things."""

    after: Annotated[Text | SkipJsonSchema[None], Field(description="The id that the page begins after.")] = None
    limit: Limit = 100
    country: Annotated[
        Text | SkipJsonSchema[None],
        Field(description="Only those of a country: which controls, issued, takes part, or is at home there."),
    ] = None


def country_of(code: str, pointer: str = "code") -> str:
    """A country code of a path. Raises InvalidRequest."""
    try:
        return known_country(code)
    except ValueError as unknown:
        raise InvalidRequest("The country is not known.", [FieldError(pointer, str(unknown))]) from unknown


def commodity_of(text: str | None) -> Commodity | None:
    """`commodity=` takes digits as a customs code, else a name. Raises InvalidRequest."""
    if text is None:
        return None
    try:
        if not text.isprintable():
            raise ValueError("contains a line break or a control character")
        return Commodity(hs=text) if hs_digits(text).isdecimal() else Commodity(name=name_of(text))
    except ValueError as unread:
        detail = "a name is of letters, digits, blanks, - and _, such as rare_earth_magnets; a customs code is digits"
        raise InvalidRequest("The commodity cannot be read.", [FieldError("commodity", detail)]) from unread
