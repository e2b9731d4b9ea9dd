"""What a provision reaches: destinations, commodities, exporters, end users, end uses, and what lies abroad.

Each dimension is matched three-valued and on its own, and the answer keeps every one of them with its reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from service.domain.base import Frozen, Slug, Sparse
from service.domain.commodities import Commodity, Definitions, ScopedCommodity, compare
from service.domain.countries import Country, name_of
from service.domain.parties import Asked, Party, PartyMatch, meant
from service.domain.quantities import DecimalText
from service.domain.truth import Truth, all_of, any_of

MOST_MEMBERS = 1000


class OnlyCountries(Frozen):
    """These countries and no others."""

    only: Annotated[list[Country], Field(min_length=1, max_length=MOST_MEMBERS)]


class AllButCountries(Frozen):
    """All countries but these."""

    except_: Annotated[list[Country], Field(alias="except", min_length=1, max_length=MOST_MEMBERS)]


class IncludingCountries(Frozen):
    """These countries for certain. Whether others too, the source does not say."""

    including: Annotated[list[Country], Field(min_length=1, max_length=MOST_MEMBERS)]


class OnlyParties(Frozen):
    """These parties and no others."""

    only: Annotated[list[Party], Field(min_length=1, max_length=MOST_MEMBERS)]


class AllButParties(Frozen):
    """All parties but these."""

    except_: Annotated[list[Party], Field(alias="except", min_length=1, max_length=MOST_MEMBERS)]


def _form(value: Any) -> str | None:
    """Which form a dimension is written in: the word `all`, or an object by its only key. Marked off from any key."""
    if isinstance(value, str):
        return "#all"
    keys = value if isinstance(value, dict) else type(value).model_fields
    return next((f"#{form}" for form in ("only", "except", "including") if form in keys or f"{form}_" in keys), None)


Destinations = Annotated[
    Annotated[Literal["all"], Tag("#all")]
    | Annotated[OnlyCountries, Tag("#only")]
    | Annotated[AllButCountries, Tag("#except")]
    | Annotated[IncludingCountries, Tag("#including")],
    Discriminator(
        _form,
        custom_error_type="dimension_form",
        custom_error_message='destinations are "all" or an object with one of only, except, including',
    ),
]
Parties = Annotated[
    Annotated[Literal["all"], Tag("#all")]
    | Annotated[OnlyParties, Tag("#only")]
    | Annotated[AllButParties, Tag("#except")],
    Discriminator(
        _form,
        custom_error_type="dimension_form",
        custom_error_message='parties are "all" or an object with one of only, except',
    ),
]


class Abroad(Sparse):
    """Where a provision reaches goods outside its own country. Each condition that is given must hold."""

    origin: Country | None = None
    shipped_from: Country | None = None
    content_at_least_percent: DecimalText | None = None


class Scope(Sparse):
    """What a provision reaches. A dimension that is left out reaches all."""

    destinations: Destinations = "all"
    commodities: Annotated[list[ScopedCommodity], Field(min_length=1, max_length=MOST_MEMBERS)]
    exporters: Parties = "all"
    end_users: Parties = "all"
    end_uses: Literal["all"] | Annotated[list[Slug], Field(min_length=1, max_length=50)] = "all"
    abroad: Abroad | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question is about, apart from who controls it and when. None: the question does not say."""

    commodity: Commodity
    destination: str | None = None
    exporter: Asked | None = None
    end_user: Asked | None = None
    end_use: str | None = None


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension of a scope against a question."""

    name: str
    truth: Truth
    because: str


@dataclass(frozen=True, slots=True)
class ScopeMatch:
    """All dimensions; the scope matches as its weakest one does."""

    dimensions: tuple[Dimension, ...]

    @property
    def truth(self) -> Truth:
        return all_of(dimension.truth for dimension in self.dimensions)

    @property
    def weakest(self) -> Dimension:
        return min(self.dimensions, key=lambda dimension: dimension.truth)


def match_scope(subject: Subject, scope: Scope, definitions: Definitions, *, codes_refer: bool = False) -> ScopeMatch:
    """Holds a question against a scope. `codes_refer` is said of its customs codes: see `compare`."""
    return ScopeMatch(
        (
            match_commodities(subject.commodity, scope.commodities, definitions, codes_refer=codes_refer),
            match_destination(subject.destination, scope.destinations),
            _parties("exporters", subject.exporter, scope.exporters),
            _parties("end_users", subject.end_user, scope.end_users),
            _end_use(subject.end_use, scope.end_uses),
        )
    )


def match_commodities(
    asked: Commodity, listed: Sequence[ScopedCommodity], definitions: Definitions, *, codes_refer: bool = False
) -> Dimension:
    """The best match among the listed commodities."""
    found = [compare(asked, line, definitions, codes_refer=codes_refer) for line in listed]
    best = any_of(match.truth for match in found)
    return Dimension("commodities", best, next((m.because for m in found if m.truth is best), "no commodity is stated"))


def match_destination(asked: str | None, listed: Destinations) -> Dimension:
    truth, because = _destination(asked, listed)
    return Dimension("destinations", truth, because)


def _destination(asked: str | None, listed: Destinations) -> tuple[Truth, str]:
    if listed == "all":
        return Truth.YES, "it reaches all destinations"
    if asked is None:
        return Truth.POSSIBLE, "it reaches some destinations, and the question names none"
    name = name_of(asked)
    if isinstance(listed, AllButCountries):
        excepted = asked in listed.except_
        return (Truth.NO, f"{name} is excepted") if excepted else (Truth.YES, f"{name} is not among the exceptions")
    if isinstance(listed, OnlyCountries):
        named = asked in listed.only
        return (
            (Truth.YES, f"{name} is a listed destination")
            if named
            else (Truth.NO, f"{name} is not a destination of it")
        )
    if asked in listed.including:
        return Truth.YES, f"{name} is named as a destination"
    return Truth.POSSIBLE, f"{name} is not named, and the source does not list all destinations"


def _parties(name: str, asked: Asked | None, listed: Parties) -> Dimension:
    if listed == "all":
        return Dimension(name, Truth.YES, f"it reaches all {name.replace('_', ' ')}")
    if asked is None:
        return Dimension(name, Truth.POSSIBLE, f"it reaches some {name.replace('_', ' ')}, and the question names none")
    members = listed.only if isinstance(listed, OnlyParties) else listed.except_
    found = strongest(meant(asked, member) for member in members)
    if isinstance(listed, OnlyParties):
        return Dimension(name, found.truth, found.because)
    return Dimension(name, found.truth.negated(), f"{found.because}, of those excepted")


def strongest(matches: Iterable[PartyMatch]) -> PartyMatch:
    """The best of several matches; one by name before one by class."""
    return max(matches, key=lambda match: (match.truth, match.named))


def _end_use(asked: str | None, listed: Literal["all"] | list[str]) -> Dimension:
    if listed == "all":
        return Dimension("end_uses", Truth.YES, "it reaches all end uses")
    uses = ", ".join(listed)
    if asked is None:
        return Dimension("end_uses", Truth.POSSIBLE, f"it reaches {uses} end use, and the question names none")
    truth = Truth(2 * (asked in listed))
    return Dimension("end_uses", truth, f"{asked} end use is {'' if truth else 'not '}one of: {uses}")
