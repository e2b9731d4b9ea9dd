"""A company's status: what names it or one like it, the licenses that may serve it, and its standing under each.

The controls that reach every company of its country are counted, and read elsewhere: they are not about this company.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from service.domain.commodity.match import Commodity
from service.domain.company.timeline import Company, name_on
from service.domain.countries import in_sentence
from service.domain.determine import determine
from service.domain.license.considered import LicenseConsidered
from service.domain.parties import ClassParty, RegisteredParty
from service.domain.restriction.considered import Considered
from service.domain.scope import Dimension, OnlyParties, Subject
from service.domain.truth import Truth
from service.register import titles
from service.register.ask import Determined, determined_of, subject_of
from service.register.citations import Citations
from service.register.goods import distinct, goods_of, licensed_goods
from service.register.headline import freshness
from service.register.known import Known
from service.register.named_by import named_by_license, named_by_listing
from service.register.parts import General, NamedBy, Row, SourceView
from service.register.shapes import Question
from service.register.status import PageAsked, Place, page, rows_of

ANY_GOODS = Commodity(description="any goods")
"""What a question about a company alone asks for: no scope is told apart by it."""
PARTIES = ("end_users", "exporters")
PAGE_BYTES = 11_000
"""A page of rows ends where they would take more; the whole status takes some 20 KB at most."""
MOST_NAMED = 8
"""How many listings that name the company a brief status shows, and beside them"""
MOST_LICENSES = 3
"""how many licenses at least."""


@dataclass(frozen=True)
class CompanyStatusFound:
    headline: str
    standings: list[Row]
    named_by: list[NamedBy]
    sources: dict[str, SourceView]
    general: General
    next: Place | None


@dataclass(frozen=True)
class About:
    """What one controlling country's record says of a company, whatever the goods."""

    controller: str
    asked: Determined
    at_home: bool

    @property
    def role(self) -> str:
        return "exporters" if self.at_home else "end_users"

    @cached_property
    def listings(self) -> list[Considered]:
        """Those whose lists of parties name it, or may; and what reaches it through its owners."""
        found = self.asked.whole.considered
        return [one for one in found if _way_is_open(one.match.dimensions) and (_lists(one, self.role) or _owned(one))]

    @cached_property
    def licenses(self) -> list[LicenseConsidered]:
        found = self.asked.whole.licenses
        meant = [one for one in found if one.parties.told_of and one.parties.truth is not Truth.NO]
        return [one for one in meant if _way_is_open(one.match.dimensions)]

    @property
    def goods(self) -> list[Commodity]:
        scopes = (scope for one in self.listings for scope in one.provision.scopes)
        licensed = (line for one in self.licenses for line in licensed_goods(one.license))
        return distinct((*(line for scope in scopes for line in goods_of(scope)), *licensed))


@dataclass(frozen=True)
class Wanted:
    """Whose status is asked for, and how much of it."""

    company: Company
    commodity: Commodity | None
    detail: Literal["brief", "full"]
    after: Place | None = None
    limit: int = 100
    page_bytes: int = PAGE_BYTES
    """How long a page of rows is as JSON at most."""


def every_standing(wanted: Wanted, known: Known, on: date) -> tuple[str, list[Determined]]:
    """The headline of a status, and all that it has rows for, in no pages."""
    about = _all_about(wanted.company, known, on)
    found = rows_of(_questions(wanted, about), known, on, wanted.detail)
    return _headline(wanted.company, about, on), found


def company_status(wanted: Wanted, known: Known, on: date) -> CompanyStatusFound:
    company, full = wanted.company, wanted.detail == "full"
    about = _all_about(company, known, on)
    asked = PageAsked(wanted.after, wanted.limit, wanted.page_bytes)
    rows, following = page(rows_of(_questions(wanted, about), known, on, wanted.detail), asked)
    cite = Citations(known, full)
    return CompanyStatusFound(
        headline=_headline(company, about, on),
        standings=rows,
        named_by=list(_named(about, cite, None if full else MOST_NAMED)),
        sources=cite.table(),
        general=_general_of(company.country, _in_general(company.country, known, on)),
        next=following,
    )


def _questions(wanted: Wanted, about: Sequence[About]) -> list[Question]:
    return [
        _question(wanted.company, one.controller, goods)
        for one in about
        for goods in ([wanted.commodity] if wanted.commodity else one.goods)
    ]


def _all_about(company: Company, known: Known, on: date) -> list[About]:
    """What each country's record says of it. All countries are read at once for it as an end user abroad."""
    home = [code for code in known.controllers if code == company.country]
    abroad = [code for code in known.controllers if code != company.country]
    found = [*_about(company, home, known, on), *_about(company, abroad, known, on)]
    return sorted(found, key=lambda one: one.controller)


def _about(company: Company, controllers: Sequence[str], known: Known, on: date) -> Iterator[About]:
    """What some countries' records say of it in one role."""
    if not controllers:
        return
    questions = [_question(company, controller, ANY_GOODS) for controller in controllers]
    subject = subject_of(questions[0], known, on)
    for question, controller, what in zip(questions, controllers, known.naming(controllers, subject), strict=True):
        asked = determined_of(subject, question, known, on, lambda *_, of=what: [of], in_a_status=True)
        yield About(controller, asked, controller == company.country)


def _in_general(country: str, known: Known, on: date) -> Mapping[str, int]:
    """How many controls of each country are in force, or may be, for every company of a country: found once for all of
    them."""

    def count() -> Mapping[str, int]:
        subject = Subject(ANY_GOODS, destination=country)
        everybody = known.for_everybody(country)
        return {code: sum(map(_general, determine(subject, of, on).considered)) for code, of in everybody.items()}

    return known.once(("general", country, on), count)


def _question(company: Company, controller: str, goods: Commodity) -> Question:
    """As an exporter under its own country's controls, as an end user under those of the others."""
    party = RegisteredParty(company=company.stream)
    if controller == company.country:
        return Question(controller=controller, commodity=goods, exporter=party)
    return Question(controller=controller, commodity=goods, destination=company.country, end_user=party)


def _way_is_open(dimensions: Sequence[Dimension]) -> bool:
    return all(one.truth is not Truth.NO for one in dimensions if one.name in ("destinations", "abroad", *PARTIES))


def _lists(one: Considered, role: str) -> bool:
    """Whether it lists parties in the company's role, and not all of a country alone."""
    listed = [getattr(scope, role) for scope in one.provision.scopes]
    return any(
        not all(isinstance(party, ClassParty) for party in parties.only)
        for parties in listed
        if isinstance(parties, OnlyParties)
    )


def _owned(one: Considered) -> bool:
    return any(each.name == "owners" and each.truth is not Truth.NO for each in one.match.dimensions)


def _general(one: Considered) -> bool:
    everybody = all(scope.end_users == "all" and scope.exporters == "all" for scope in one.provision.scopes)
    special = one.provision.kind in ("exemption", "affiliates_rule")
    return everybody and not special and one.state.in_force is not Truth.NO and _way_is_open(one.match.dimensions)


def _named(about: Sequence[About], cite: Citations, most: int | None) -> Iterator[NamedBy]:
    """The listings first, those that apply before those that may; then the licenses."""
    listings = sorted((one for each in about for one in each.listings), key=_surest_first)
    held = [one for each in about for one in each.licenses if one.named is not None]
    yield from (named_by_listing(one, _party(one), cite) for one in listings[:most])
    left = None if most is None else max(most - len(listings), MOST_LICENSES)
    yield from (named_by_license(one, cite) for one in held[:left])


def _surest_first(one: Considered) -> tuple[int, int, str]:
    return -one.state.in_force, -_party(one).truth, one.provision.stream


def _party(one: Considered) -> Dimension:
    """The dimension by which it is named."""
    owners = [each for each in one.match.dimensions if each.name == "owners"]
    scope = one.provision.scopes[0]
    listing = [each for each in one.match.dimensions if each.name in PARTIES and getattr(scope, each.name) != "all"]
    return (owners or listing or list(one.match.dimensions))[0]


def _general_of(home: str, counted: Mapping[str, int]) -> General:
    found = {code: count for code, count in sorted(counted.items()) if count and code != home}
    total, country = sum(found.values()), in_sentence(home)
    return General(
        text=f"{total} controls of {len(found)} countries reach every company of {country}."
        if total
        else f"No recorded control reaches every company of {country}.",
        controls=total,
        countries=found,
        link=f"/v1/countries/{home}/status",
    )


def _headline(company: Company, about: Sequence[About], on: date) -> str:
    name, bearing = name_on(company, on), [each for each in about if each.listings or each.licenses]
    listed = [one for each in about for one in each.listings]
    certain = [one for one in listed if one.state.in_force is Truth.YES and _party(one).truth is Truth.YES]
    held = [one for each in about for one in each.licenses if one.state.active is not Truth.NO]
    said = [_listed(name, certain, len(listed) - len(certain)), _licensed(held)]
    stale = sorted((each.asked.asking.recorded_through or on, freshness(each.asked.asking)) for each in bearing)
    oldest = next((text for _, text in stale if text), "")
    return " ".join(part for part in (*said, oldest) if part)


def _listed(name: str, certain: Sequence[Considered], possible: int) -> str:
    if certain:
        by = titles.listed(map(titles.by, certain), most=4)
        also = f", and {possible} more may mean it" if possible else ""
        return f"{name} is named by {by}{also}."
    if possible:
        return (
            f"{name} may be meant by {possible} {'listing' if possible == 1 else 'listings'}, none of them for certain."
        )
    return f"No listing on record names {name} or one like it; that is no clearance."


def _licensed(held: Sequence[LicenseConsidered]) -> str:
    named = sum(one.named is not None for one in held)
    if not held:
        return "No license on record is for it."
    others = len(held) - named
    told = ([f"{named} {'names' if named == 1 else 'name'} it"] if named else []) + (
        [f"{others} may serve it without naming it"] if others else []
    )
    return f"Of the licenses on record, {titles.listed(told)}."
