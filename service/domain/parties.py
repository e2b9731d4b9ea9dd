"""How a source refers to a party, and what is known of one that a question names.

Only a *named* party can ever be confirmed. A class ("Indian companies"), a description ("Indian units of Continental")
and an undisclosed party leave it open who is meant.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    ValidationInfo,
    model_validator,
)

from service.domain.base import LARGEST_INTEGER, Line, Slug, Sparse, fields_of, stream_of
from service.domain.company.alike import ALIKE
from service.domain.company.names import normalized, read
from service.domain.countries import Country
from service.domain.quantities import Count

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
    """All companies of a country, or all that stand in a relation to a company ("vendors of ...").

    `members`: whether every one of them is meant, or some that nobody names; only a license tells the two apart.
    """

    country: Country | None = None
    relation: Slug | None = None
    company: CompanyStream | None = None
    members: Literal["every", "some"] | None = None

    @model_validator(mode="after")
    def _is_a_class(self) -> "PartyClass":
        if (self.relation is None) != (self.company is None):
            raise ValueError("relation and company must be given together")
        if self.country is None and self.relation is None:
            raise ValueError("must have country, or relation and company")
        return self


class ClassParty(Sparse):
    """Members of a class, none of them named."""

    class_: Annotated[PartyClass, Field(alias="class")]


def _true(value: Any) -> Any:
    """A literal is compared by equality, and 1 is equal to true."""
    if value is not True:
        raise ValueError("must be true, or left out")
    return value


class UndisclosedParty(Sparse):
    """A party that the source does not disclose, or as many as `count` says: the members of a list whom nobody names.

    `count` is an exact number, or a count with its bounds and words.
    """

    undisclosed: Annotated[Literal[True], BeforeValidator(_true)]
    country: Country | None = None
    count: Annotated[int, Field(ge=1, le=LARGEST_INTEGER)] | Count | None = None


def form_of(party: Any) -> str | None:
    fields = party if isinstance(party, dict) else fields_of(type(party))
    return next(
        (f"#{form}" for form in ("company", "class", "described", "undisclosed", "name") if form in fields), None
    )


FORMS = "a party has one of company, name (with country), described, class, undisclosed"
Party = Annotated[
    Annotated[RegisteredParty, Tag("#company")]
    | Annotated[NamedParty, Tag("#name")]
    | Annotated[DescribedParty, Tag("#described")]
    | Annotated[ClassParty, Tag("#class")]
    | Annotated[UndisclosedParty, Tag("#undisclosed")],
    Discriminator(form_of, custom_error_type="party_form", custom_error_message=FORMS),
]


def names_nobody(name: str) -> bool:
    """Whether a name is only a placeholder for one: "-", "n/a", "unknown"."""
    return PLACEHOLDER.fullmatch(normalized(name)) is not None


PLACEHOLDER = re.compile(
    r"|x{2,}|0+|n ?a|n n|nil|null|nan|none|no name|nobody|tb[acd]|t b [acd]"
    r"|to be (?:announced|confirmed|determined|defined|advised|named)|unknown|unnamed|unspecified|undisclosed|various"
    r"|not (?:applicable|available|known|yet known|specified|disclosed|stated|given)"
    r"|k a|keine angaben?|unbekannt|nicht bekannt|entfällt|noch offen|diverse|divers|onbekend|neznámý|nieznany|brak"
    r"|brak danych|inconnu|non communiqué|sans objet|desconocido|sconosciuto|desconhecido"
    r"|неизвестно|неизвестен|нет|нет данных|不明|不详|不詳|未定|未知|无|無|暂无|なし|미정|없음|미상"
)
"""Names, normalized, that stand where nobody is named yet: of signs alone, and words with which forms are filled in."""


ON_RECORD = {"on_record": True}
"""The context in which a question is read that was taken before: whatever it names stays."""


def _somebody(party: Any, info: ValidationInfo) -> Any:
    if info.context != ON_RECORD and isinstance(party, NamedParty) and names_nobody(party.name):
        raise ValueError("this names nobody: leave the party out, or write who it is")
    return party


Somebody = AfterValidator(_somebody)
"""Of a party that is asked about: a placeholder for a name would be taken for a firm that no list has."""


How = Literal["identifier", "name", "alias", "same_but_form", "alike", "other_country", "namesake", "described"]
"""How a party was matched. The first three identify it; `described`: it is described in the same words, or has a
relation on record to a company that the description speaks of. The others suggest it: the name but for its legal form,
one spelled alike, the same name in another country, and a name that several registered companies have."""

UNNAMED = ("described", "class", "undisclosed")
"""The forms in which a question can leave open whom it is about."""


@dataclass(frozen=True, slots=True)
class Near:
    """A registered company that a party asked about may be, and is not by any identifier on record (rule 2).

    `lacks_form`: one of the two names has no legal form, and nothing else tells them apart.
    """

    company: str
    name: str
    how: How
    score: int
    lacks_form: bool = False
    names: frozenset[str] = frozenset()
    """All its names, normalized: a list may have it by another one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A party that a question names, with what the register knows of it at K, for the day asked about.

    `names` are normalized, the name as asked among them. `relations` are (relation, company stream) pairs. An unnamed
    party has neither company nor names, at most a country.
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
    aliases: frozenset[str] = frozenset()
    """Those of the names that it goes by beside its own, or went by."""
    found_by: How = "identifier"
    """How the question means the registered company."""
    near: tuple[Near, ...] = ()
    described: str | None = None
    """The words of a description, normalized."""
    related_names: frozenset[str] = frozenset()
    """The names, without legal forms, of the companies that it has a relation to."""
    owners: tuple["Owner", ...] = ()
    more_owners: bool = False
    """Whether more stand above it than were looked at."""
    alike_from: int = ALIKE
    """The score from which on a name counts as alike."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds a share on the day asked about: at least and at most how much of it, in percent.

    `key` tells one owner from another: a registered one's is its stream. `of` is the company that is owned.
    """

    asked: Asked
    least: Decimal
    most: Decimal
    events: tuple[str, ...] = ()
    """The claims of the share."""
    key: str = ""
    of: str = ""


def name_of(party: Party) -> tuple[str, str] | None:
    """What a named party is counted by; None for one that is not named."""
    if isinstance(party, RegisteredParty):
        return "company", party.company
    return (party.country, read(normalized(party.name)).whole) if isinstance(party, NamedParty) else None
