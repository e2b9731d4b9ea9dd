"""What a provision reaches: destinations, commodities, exporters, end users, end uses, and what lies abroad.

Each dimension is matched three-valued and on its own, and the answer keeps every one of them with its reason.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from service.domain.base import Frozen, Slug, Sparse, fields_of
from service.domain.commodity.codes import OpenFact
from service.domain.commodity.match import Commodity, Definitions, ScopedCommodity, best_match
from service.domain.countries import Country, Members, Place, any_member, in_sentence, lies_in
from service.domain.end_uses import among
from service.domain.participants import Role
from service.domain.parties import UNNAMED, Asked, Party
from service.domain.quantities import DecimalText, Quantity
from service.domain.screening import PartyList, PartyMatch, Under, screened
from service.domain.truth import Truth, all_of

MOST_MEMBERS = 1000


class OnlyCountries(Frozen):
    """These countries and no others."""

    only: Annotated[list[Place], Field(min_length=1, max_length=MOST_MEMBERS)]


class AllButCountries(Frozen):
    """All countries but these."""

    except_: Annotated[list[Place], Field(alias="except", min_length=1, max_length=MOST_MEMBERS)]


class IncludingCountries(Frozen):
    """These countries for certain. Whether others too, the source does not say."""

    including: Annotated[list[Place], Field(min_length=1, max_length=MOST_MEMBERS)]


class OnlyParties(Frozen):
    """These parties and no others."""

    only: Annotated[list[Party], Field(min_length=1, max_length=MOST_MEMBERS)]

    @cached_property
    def indexed(self) -> PartyList:
        return PartyList(self.only)


class AllButParties(Frozen):
    """All parties but these."""

    except_: Annotated[list[Party], Field(alias="except", min_length=1, max_length=MOST_MEMBERS)]

    @cached_property
    def indexed(self) -> PartyList:
        return PartyList(self.except_)


def _form(value: Any) -> str | None:
    """Which form a dimension is written in: the word `all`, or an object by its only key. Marked off from any key."""
    if isinstance(value, str):
        return "#all"
    keys = value if isinstance(value, dict) else fields_of(type(value))
    return next((f"#{form}" for form in ("only", "except", "including") if form in keys), None)


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
    content_more_than_percent: DecimalText | None = None


def _goods_form(value: Any) -> str:
    return "#all" if isinstance(value, str) else "#listed"


Commodities = Annotated[
    Annotated[Literal["all"], Tag("#all")]
    | Annotated[list[ScopedCommodity], Field(min_length=1, max_length=MOST_MEMBERS), Tag("#listed")],
    Discriminator(_goods_form),
]
"""The goods of a scope: all there are (rule 7), or those listed."""


class Scope(Sparse):
    """What a provision reaches. A dimension that is left out reaches all; goods are always stated."""

    destinations: Destinations = "all"
    commodities: Commodities
    exporters: Parties = "all"
    end_users: Parties = "all"
    end_uses: Literal["all"] | Annotated[list[Slug], Field(min_length=1, max_length=50)] = "all"
    abroad: Abroad | None = None

    def named_goods(self) -> list[ScopedCommodity]:
        """The goods that it lists one by one: none where it reaches all of them."""
        return [] if self.commodities == "all" else self.commodities


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question is about, apart from who controls it and when. None: the question does not say."""

    commodity: Commodity
    destination: str | None = None
    final_destination: str | None = None
    exporter: Asked | None = None
    end_user: Asked | None = None
    others: tuple[tuple[Role, Asked], ...] = ()
    """The other parties to the transaction, each in its role."""
    end_use: str | None = None
    quantity: Quantity | None = None
    origin: str | None = None
    shipped_from: str | None = None
    content_percent: Decimal | None = None

    @property
    def parties(self) -> list[tuple[str, Asked]]:
        """Every party to the transaction that the question names, each with its role."""
        named = (("end_user", self.end_user), ("exporter", self.exporter), *self.others)
        return [(role, party) for role, party in named if party is not None]

    @property
    def abroad(self) -> bool:
        """Whether it says anything of goods that are not exported from the controlling country itself."""
        return not (self.origin is None and self.shipped_from is None and self.content_percent is None)


def parties_in(subject: Subject) -> Hashable:
    """All that a question says of parties."""
    return subject.end_user, subject.exporter, subject.others


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension of a scope against a question. `described`: a technical parameter of a description decided it.
    `open`: facts of the goods that would settle what is only possible (rule 39).
    `party`: how a party of the question, in its `role`, was matched with one that is listed, or with the closest one.
    """

    name: str
    truth: Truth
    because: str
    described: bool = False
    open: tuple[OpenFact, ...] = ()
    party: PartyMatch | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class ScopeMatch:
    """All dimensions; the scope matches as its weakest one does."""

    dimensions: tuple[Dimension, ...]
    truth: Truth = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "truth", all_of([dimension.truth for dimension in self.dimensions]))

    @property
    def weakest(self) -> Dimension:
        return min(self.dimensions, key=lambda dimension: dimension.truth)


@dataclass(frozen=True, slots=True)
class Rule:
    """What is to be known of a provision, beside its scope, to hold a question against it.

    `codes_refer` is said of its customs codes: see `compare`. `members` says who belongs to a group of countries on the
    day asked about. `exempts`: it lifts a rule, so that where goods go on, all of the way has to lie in its scope.
    """

    controller: str | None = None
    codes_refer: bool = False
    members: Members = any_member
    exempts: bool = False


ALL_GOODS_REACHED = Dimension("commodities", Truth.YES, "it reaches all goods")
ALL_EXPORTERS = Dimension("exporters", Truth.YES, "it reaches all exporters")
ALL_END_USERS = Dimension("end_users", Truth.YES, "it reaches all end users")
ALL_END_USES = Dimension("end_uses", Truth.YES, "it reaches all end uses")
FROM_HOME = Dimension("abroad", Truth.YES, "it reaches all exports from its own country")


def match_scope(subject: Subject, scope: Scope, definitions: Definitions, rule: Rule = Rule()) -> ScopeMatch:
    """Holds a question against a scope, dimension by dimension."""
    return ScopeMatch(
        (
            match_commodities(
                subject.commodity,
                scope.commodities,
                definitions,
                codes_refer=rule.codes_refer,
                controller=rule.controller,
            ),
            _way(subject, scope.destinations, rule),
            _exporters(subject, scope.exporters, rule),
            _end_users(subject, scope.end_users, rule),
            _end_use(subject.end_use, scope.end_uses),
            _abroad(subject, scope.abroad, rule.controller),
        )
    )


def _way(subject: Subject, listed: Destinations, rule: Rule) -> Dimension:
    """The destination, and the final one where that is known to be another: a rule reaches the goods by either."""
    found = match_destination(subject.destination, listed, rule.members)
    if subject.final_destination in (None, subject.destination):
        return found
    final = match_destination(subject.final_destination, listed, rule.members)
    both = sorted((found, final), key=lambda dimension: dimension.truth)
    return both[0] if rule.exempts else both[1]


def _abroad(subject: Subject, listed: Abroad | None, controller: str | None) -> Dimension:
    """Whether it reaches goods where they are: exports of its own country, or what a part of it reaches abroad."""
    home = subject.shipped_from in (None, controller)
    if listed is None:
        if home or controller is None:
            return FROM_HOME
        return Dimension("abroad", Truth.NO, f"the goods are shipped from {country(subject.shipped_from)}")
    if not subject.abroad or (subject.shipped_from is not None and subject.shipped_from == controller):
        return Dimension("abroad", Truth.NO, "this part is about goods abroad, the question about exports from home")
    conditions = (
        _same("the origin", subject.origin, listed.origin),
        _same("where they are shipped from", subject.shipped_from, listed.shipped_from),
        _share(subject.content_percent, listed.content_at_least_percent, "at least"),
        _share(subject.content_percent, listed.content_more_than_percent, "more than"),
    )
    return min(conditions, key=lambda dimension: dimension.truth)


def country(code: str | None) -> str:
    return in_sentence(code) if code else "nowhere stated"


def _same(what: str, asked: str | None, listed: str | None) -> Dimension:
    if listed is None:
        return Dimension("abroad", Truth.YES, f"{what} does not matter")
    if asked is None:
        because = f"{what} has to be {in_sentence(listed)}, and the question does not say"
        return Dimension("abroad", Truth.POSSIBLE, because)
    same = asked == listed
    return Dimension("abroad", Truth(2 * same), f"{what} {'is' if same else 'is not'} {in_sentence(listed)}")


def _share(asked: Decimal | None, listed: str | None, bound: Literal["at least", "more than"]) -> Dimension:
    """The share of controlled content against a threshold that is itself reached, or has to be exceeded (rule 19)."""
    if listed is None:
        return Dimension("abroad", Truth.YES, "the share of controlled content does not matter")
    applies = f"applies from {listed}%" if bound == "at least" else f"applies above {listed}%"
    if asked is None:
        return Dimension("abroad", Truth.POSSIBLE, f"{applies} of controlled content; the question states none")
    reaches = asked >= Decimal(listed) if bound == "at least" else asked > Decimal(listed)
    return Dimension("abroad", Truth(2 * reaches), f"{applies} of controlled content; the question states {asked}%")


def match_commodities(
    asked: Commodity,
    listed: Commodities,
    definitions: Definitions,
    *,
    codes_refer: bool = False,
    controller: str | None = None,
) -> Dimension:
    """The best match among the listed commodities. Where all goods are listed, any are reached (rule 7)."""
    if listed == "all":
        return ALL_GOODS_REACHED
    best = best_match(asked, listed, definitions, codes_refer=codes_refer, controller=controller)
    return Dimension("commodities", best.truth, best.because, best.described, best.open)


def match_destination(asked: str | None, listed: Destinations, members: Members = any_member) -> Dimension:
    truth, because = _destination(asked, listed, members)
    return Dimension("destinations", truth, because)


def _destination(asked: str | None, listed: Destinations, members: Members) -> tuple[Truth, str]:
    if listed == "all":
        return Truth.YES, "it reaches all destinations"
    if asked is None:
        return Truth.POSSIBLE, "it reaches some destinations, and the question names none"
    name = in_sentence(asked)
    if isinstance(listed, AllButCountries):
        excepted, place = _nearest(asked, listed.except_, members)
        return excepted.negated(), _sentence(excepted, name, place, ("is excepted", "is not among the exceptions"))
    if isinstance(listed, OnlyCountries):
        found, place = _nearest(asked, listed.only, members)
        return found, _sentence(found, name, place, ("is a listed destination", "is not a destination of it"))
    found, place = _nearest(asked, listed.including, members)
    others = "is not named, and the source does not list all destinations"
    return max(found, Truth.POSSIBLE), _sentence(found, name, place, ("is named as a destination", others))


def _sentence(found: Truth, name: str, place: str, says: tuple[str, str]) -> str:
    """What is said of a country that is a listed place, and of one that is not."""
    if found is Truth.POSSIBLE:
        return f"{name} may be a member of {place} on that day"
    yes, no = says
    return f"{name} {yes if found else no}" + (
        f", as a member of {place}" if found and place.startswith("group/") else ""
    )


def _nearest(asked: str, places: Sequence[str], members: Members) -> tuple[Truth, str]:
    """Whether a country is one of the places or in one of them, and the place that it is in most certainly."""
    return max(((lies_in(asked, place, members), place) for place in places), key=lambda found: found[0])


def _exporters(subject: Subject, listed: Parties, rule: Rule) -> Dimension:
    if listed == "all":
        return ALL_EXPORTERS
    if subject.exporter is None:
        return Dimension("exporters", Truth.POSSIBLE, "it reaches some exporters, and the question names none")
    return _of_list("exporters", "exporter", subject.exporter, listed, rule)


def _end_users(subject: Subject, listed: Parties, rule: Rule) -> Dimension:
    """A listing of end users bears on every party to the transaction (rule 6); what lifts a rule, or leaves parties
    out of it, on the end user alone."""
    if listed == "all":
        return ALL_END_USERS
    asked = subject.end_user
    if not isinstance(listed, OnlyParties) or rule.exempts:
        return _of_list("end_users", "end_user", asked, listed, rule) if asked else _no_end_user()
    bears_on = [
        _of_list("end_users", role, party, listed, rule) for role, party in subject.parties if _bears_on(role, party)
    ]
    if asked is None:
        bears_on.append(_unnamed_end_user(subject, listed))
    return max(bears_on, key=lambda found: (found.truth, found.party is not None and found.party.named))


def _bears_on(role: str, party: Asked) -> bool:
    """An exporter whom nobody names is none of the end users that a listing is about."""
    return role != "exporter" or party.form not in UNNAMED


def _no_end_user() -> Dimension:
    return Dimension("end_users", Truth.POSSIBLE, "it reaches some end users, and the question names none")


def _unnamed_end_user(subject: Subject, listed: OnlyParties) -> Dimension:
    """An end user whom the question does not name is one where the goods go: no party that is listed elsewhere."""
    ends = {subject.destination, subject.final_destination} - {None}
    countries = [getattr(party, "country", None) for party in listed.only] if ends else [None]
    if not all(country and country not in ends for country in countries):
        return _no_end_user()
    names = ", ".join(sorted({in_sentence(country) for country in countries if country}))
    because = f"it reaches listed end users of {names}, and the question names none"
    return Dimension("end_users", Truth.NO, because)


def _of_list(name: str, role: str, party: Asked, listed: OnlyParties | AllButParties, rule: Rule) -> Dimension:
    """A party of the question against a list of them. A doubt about who it is errs against the one who asks."""
    under = Under.PERMISSION if rule.exempts else Under.RESTRICTION
    excepts = isinstance(listed, AllButParties)
    # A class, such as the end users of a country, speaks of those who receive: it names no exporter.
    named_alone = (role, name) == ("exporter", "end_users")
    found = screened(party, listed.indexed, under.other if excepts else under, named_alone=named_alone)
    because = found.because if name.startswith(role) else f"{found.because} (the {role})"
    if excepts:
        return Dimension(name, found.truth.negated(), f"{because}, of those excepted", party=found, role=role)
    return Dimension(name, found.truth, because, party=found, role=role)


def _end_use(asked: str | None, listed: Literal["all"] | list[str]) -> Dimension:
    if listed == "all":
        return ALL_END_USES
    uses = ", ".join(listed)
    if asked is None:
        return Dimension("end_uses", Truth.POSSIBLE, f"it reaches {uses} end use, and the question names none")
    truth = among(asked, listed)
    said = {Truth.NO: "is not", Truth.POSSIBLE: "may be", Truth.YES: "is"}[truth]
    return Dimension("end_uses", truth, f"{asked} end use {said} one of: {uses}")
