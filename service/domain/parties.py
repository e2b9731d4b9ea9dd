"""How a source refers to a party, and whether a party asked about is meant by it.

Only a *named* party can ever be confirmed. A class ("Indian companies"), a description ("Indian units of Continental")
and an undisclosed party leave it open who is meant.
"""

import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, StringConstraints, Tag, model_validator

from service.domain.base import LARGEST_INTEGER, Line, Slug, Sparse, fields_of, stream_of
from service.domain.countries import Country
from service.domain.countries import name_of as country_name
from service.domain.quantities import Count
from service.domain.truth import Truth

CompanyStream = Annotated[str, StringConstraints(pattern=stream_of("company"))]


class RegisteredParty(Sparse):
    """A company that is registered here: its stream."""

    company: CompanyStream


class NamedParty(Sparse):
    """A party by name and country, as the source writes it."""

    name: Line
    country: Country


class DescribedParty(Sparse):
    """A party by description, such as "Indian units of Continental"."""

    described: Line
    country: Country | None = None


class PartyClass(Sparse):
    """All companies of a country, or all that stand in a relation to a company ("vendors of ...")."""

    country: Country | None = None
    relation: Slug | None = None
    company: CompanyStream | None = None

    @model_validator(mode="after")
    def _is_a_class(self) -> "PartyClass":
        if (self.relation is None) != (self.company is None):
            raise ValueError("a relation names its company, and a company its relation")
        if self.country is None and self.relation is None:
            raise ValueError("a class has a country, or a relation and a company")
        return self


class ClassParty(Sparse):
    """Members of a class, none of them named."""

    class_: Annotated[PartyClass, Field(alias="class")]


def _true(value: Any) -> Any:
    """A literal is compared by equality, and 1 is equal to true."""
    if value is not True:
        raise ValueError("this is true, or left out")
    return value


class UndisclosedParty(Sparse):
    """A party that the source does not disclose, or as many as `count` says: the members of a list whom nobody names.

    `count` is an exact number, or a count with its bounds and words.
    """

    undisclosed: Annotated[Literal[True], BeforeValidator(_true)]
    country: Country | None = None
    count: Annotated[int, Field(ge=1, le=LARGEST_INTEGER)] | Count | None = None


def _form(party: Any) -> str | None:
    fields = party if isinstance(party, dict) else fields_of(type(party))
    return next(
        (f"#{form}" for form in ("company", "class", "described", "undisclosed", "name") if form in fields), None
    )


Party = Annotated[
    Annotated[RegisteredParty, Tag("#company")]
    | Annotated[NamedParty, Tag("#name")]
    | Annotated[DescribedParty, Tag("#described")]
    | Annotated[ClassParty, Tag("#class")]
    | Annotated[UndisclosedParty, Tag("#undisclosed")],
    Discriminator(
        _form,
        custom_error_type="party_form",
        custom_error_message="a party has one of company, name (with country), described, class, undisclosed",
    ),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """A party that a question names, with what the register knows of it at K, for the day asked about.

    `names` are normalized. `relations` are (relation, company stream) pairs. An unnamed party has neither company nor
    names, at most a country.
    """

    company: str | None
    names: frozenset[str]
    country: str | None
    relations: frozenset[tuple[str, str]] = frozenset()
    form: str = "name"
    label: str = "a party"
    may_relate: frozenset[tuple[str, str]] = frozenset()
    """Relations that possibly hold on the day asked about; `relations` certainly do."""
    shared_names: frozenset[str] = frozenset()
    """Names that another company of its country has too."""
    owners: tuple["Owner", ...] = ()


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds a share of a party on the day asked about: at least and at most how much of it, in percent."""

    asked: Asked
    least: Decimal
    most: Decimal
    events: tuple[str, ...] = ()
    """The claims of the share."""


@dataclass(frozen=True, slots=True)
class PartyMatch:
    """Whether a party is meant, whether by its name, and why. A class member is meant; it is not named."""

    truth: Truth
    named: bool
    because: str


def normalized(name: str) -> str:
    """One spelling for names that differ only in compatibility form, case, punctuation or spacing (NFKC).

    Letters, digits and the marks that belong to letters stay: without its vowel signs a name in Devanagari is another.
    Blank where there are none.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join("".join(_sign(character) for character in folded).split())


def _sign(character: str) -> str:
    """The character where it is of a letter or a number, nothing where it is invisible, else a blank."""
    category = unicodedata.category(character)
    return character if category[0] in "LMN" else "" if category == "Cf" else " "


def name_of(party: Party) -> tuple[str, str] | None:
    """What a named party is counted by; None for one that is not named."""
    if isinstance(party, RegisteredParty):
        return "company", party.company
    return (party.country, normalized(party.name)) if isinstance(party, NamedParty) else None


def meant(asked: Asked, listed: Party) -> PartyMatch:
    """Whether a listed party means the party asked about. Membership of a class is not identity."""
    if isinstance(listed, RegisteredParty):
        return _registered(asked, listed)
    if isinstance(listed, NamedParty):
        return _named(asked, listed)
    if isinstance(listed, ClassParty):
        return _class(asked, listed.class_)
    if listed.country and asked.country and listed.country != asked.country:
        return PartyMatch(Truth.NO, False, f"{asked.label} is not of {country_name(listed.country)}")
    what = f'"{listed.described}"' if isinstance(listed, DescribedParty) else "an undisclosed party"
    return PartyMatch(Truth.POSSIBLE, False, f"{what} may mean {asked.label}")


def _registered(asked: Asked, listed: RegisteredParty) -> PartyMatch:
    if asked.company == listed.company:
        return PartyMatch(Truth.YES, True, f"{listed.company} is named")
    return _other_name(asked, listed.company)


def _named(asked: Asked, listed: NamedParty) -> PartyMatch:
    if asked.names and listed.country == asked.country and normalized(listed.name) in asked.names:
        return PartyMatch(Truth.YES, True, f"{listed.name} ({listed.country}) is named")
    if listed.country == asked.country and normalized(listed.name) in asked.shared_names:
        return PartyMatch(Truth.POSSIBLE, False, f"{listed.name} ({listed.country}) is a name of several companies")
    return _other_name(asked, listed.name)


def _other_name(asked: Asked, name: str) -> PartyMatch:
    if asked.form in ("described", "class", "undisclosed"):
        return PartyMatch(Truth.POSSIBLE, False, f"{asked.label} may be {name}")
    return PartyMatch(Truth.NO, False, f"{asked.label} is not {name}")


def _class(asked: Asked, listed: PartyClass) -> PartyMatch:
    truth, what = Truth.YES, []
    if listed.country:
        what.append(f"companies of {country_name(listed.country)}")
        truth = Truth.POSSIBLE if asked.country is None else Truth(2 * (asked.country == listed.country))
    if listed.relation and listed.company:
        what.append(f"{listed.relation} {listed.company}")
        truth = min(truth, _related(asked, (listed.relation, listed.company)))
    verb = {Truth.YES: "is one of", Truth.POSSIBLE: "may be one of", Truth.NO: "is none of"}[truth]
    return PartyMatch(truth, False, f"{asked.label} {verb} the {' and '.join(what)}")


def _related(asked: Asked, relation: tuple[str, str]) -> Truth:
    """Nothing passes between companies without a dated relation on record. Who is not named may have any."""
    if relation in asked.relations:
        return Truth.YES
    unnamed = asked.form in ("described", "class", "undisclosed")
    return Truth.POSSIBLE if unnamed or relation in asked.may_relate else Truth.NO
