"""A party of a question, with what the register knows of it: the company that it is, those that it may be, and who
owns it.

The name as asked stays one of its names, whatever is registered: a registration adds to an answer about a name that is
listed, and takes nothing from it (rule 3).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from service.domain.company.alike import ALIKE
from service.domain.company.names import normalized, read
from service.domain.company.timeline import Company, name_on, relations_on, shares_on
from service.domain.parties import (
    Asked,
    ClassParty,
    DescribedParty,
    How,
    NamedParty,
    Near,
    Owner,
    Party,
    RegisteredParty,
    name_of,
)
from service.domain.screening import Likeness, likeness
from service.domain.truth import Truth

MOST_OWNERS = 200
"""How many shares above a party are looked at, nearest first. Where there are more, the answer says so."""
MOST_NEAR = 100
"""How many companies alike a party are told, closest first."""


class Companies(Protocol):
    """The registered companies, as they were known at K."""

    def get(self, stream: str) -> Company | None: ...

    def like(self, name: str, least: int) -> Iterable[Company]:
        """All that have a name like this one, normalized, and perhaps others."""
        ...


def asked_about(party: Party, on: date, companies: Companies, least: int = ALIKE) -> Asked:
    """A party of a question for a day, with those who own it, directly or through others (rule 5)."""
    found = _alone(party, on, companies, least)
    owners, more = _owners(found, on, companies, least)
    return replace(found, owners=owners, more_owners=more)


def referred_to(party: Party, companies: Companies, least: int = ALIKE) -> Company | None:
    """The registered company that a party is: by its stream, or by its country and exactly one of its names."""
    if isinstance(party, RegisteredParty):
        return companies.get(party.company)
    if isinstance(party, NamedParty):
        called = _called(normalized(party.name), party.country, companies, least)
        # Two companies of one name are told apart by their streams only.
        return called[0] if len(called) == 1 else None
    return None


def _called(name: str, country: str, companies: Companies, least: int) -> list[Company]:
    """The companies of a country that have a name, in any spelling of it."""
    alike = {one.stream: one for one in companies.like(name, least) if one.country == country}
    return [one for _, one in sorted(alike.items()) if _has(one.names, name)]


def _has(names: Iterable[str], name: str) -> bool:
    return bool(name) and any(read(own).whole == read(name).whole for own in names)


def _alone(party: Party, on: date, companies: Companies, least: int) -> Asked:
    """A party without its owners."""
    company = referred_to(party, companies, least)
    name = normalized(party.name) if isinstance(party, NamedParty) else None
    if company is None:
        found = replace(_unregistered(party), alike_from=least)
        may_be = _called(name, party.country, companies, least) if isinstance(party, NamedParty) and name else []
        # What each of several companies of the name would be near to, had it been alone: a namesake takes nothing away.
        each = [_near(_known(one, name, on, companies, least), companies) for one in may_be]
    else:
        found, each = _known(company, name, on, companies, least), []
    return replace(found, near=_closest([_near(found, companies), *each]))


def _closest(several: Iterable[Sequence[Near]]) -> tuple[Near, ...]:
    """Each company once, as it was found first; the closest of all."""
    found: dict[str, Near] = {}
    for near in several:
        for one in near:
            found.setdefault(one.company, one)
    return tuple(sorted(found.values(), key=lambda one: (-one.score, one.company))[:MOST_NEAR])


def _known(company: Company, name: str | None, on: date, companies: Companies, least: int) -> Asked:
    """A registered company, asked about by a name or, where there is none, by its stream."""
    relations = relations_on(company, on)
    shared = {own for own in company.names if len(_called(own, company.country, companies, least)) > 1}
    names = company.names - shared | ({name} if name else set())
    own_name = normalized(company.name)
    return Asked(
        company.stream,
        names,
        company.country,
        frozenset(relation for relation, truth in relations.items() if truth is Truth.YES),
        label=name_on(company, on),
        may_relate=frozenset(relation for relation, truth in relations.items() if truth is Truth.POSSIBLE),
        shared_names=frozenset(shared) - names,
        aliases=names - {own_name},
        found_by="identifier" if name is None else "name" if _has([own_name], name) else "alias",
        related_names=frozenset(_related_names((other for _, other in relations), companies)),
        alike_from=least,
    )


def _related_names(streams: Iterable[str], companies: Companies) -> Iterator[str]:
    related = (companies.get(stream) for stream in dict.fromkeys(streams))
    return (read(name).core for company in related if company for name in company.names)


def _unregistered(party: Party) -> Asked:
    if isinstance(party, NamedParty):
        names = frozenset({normalized(party.name)}) - {""}
        return Asked(None, names, party.country, label=party.name, found_by="name")
    if isinstance(party, RegisteredParty):
        return Asked(party.company, frozenset(), None, label=party.company)
    if isinstance(party, DescribedParty):
        words, label = normalized(party.described), f'"{party.described}"'
        return Asked(None, frozenset(), party.country, form="described", label=label, described=words)
    if isinstance(party, ClassParty):
        of = party.class_
        relations_of = frozenset({(of.relation, of.company)} if of.relation and of.company else ())
        return Asked(None, frozenset(), of.country, relations_of, form="class", label="a member of the class")
    return Asked(None, frozenset(), party.country, form="undisclosed", label="the party")


def _near(found: Asked, companies: Companies) -> list[Near]:
    """The other registered companies that have a name of the party, or one alike."""
    names = sorted((*found.names, *found.shared_names))
    others = {one.stream: one for name in names for one in companies.like(name, found.alike_from)}
    others.pop(found.company or "", None)
    return [one for _, company in sorted(others.items()) if (one := _nearness(found, company))]


def _nearness(found: Asked, other: Company) -> Near | None:
    alike = [(likeness(found, normalized(name), other.country), name) for name in other.spelled]
    told = [(one, name) for one, name in alike if one is not None]
    if not told:
        return None
    best, name = max(told, key=lambda pair: (pair[0].score, pair[0].lacks_form))
    return Near(other.stream, name, _not_identified(best), best.score, best.lacks_form, other.names)


def _not_identified(one: Likeness) -> How:
    """A name does not identify the company while another, or none, is the one asked about."""
    return "namesake" if one.how in ("name", "alias") else one.how


def _owners(found: Asked, on: date, companies: Companies, least: int) -> tuple[tuple[Owner, ...], bool]:
    """Every share above a party and above the companies that it may be, nearest first, each company's once; and
    whether there are more."""
    owners: list[Owner] = []
    above = _above(found)
    for stream in above:
        company = companies.get(stream)
        for owner in _owners_of(company, on, companies, least) if company else ():
            if len(owners) == MOST_OWNERS:
                return tuple(owners), True
            owners.append(owner)
            above += [one for one in _above(owner.asked) if one not in above]
    return tuple(owners), False


def _above(found: Asked) -> list[str]:
    return [*([found.company] if found.company else []), *(one.company for one in found.near)]


def _owners_of(company: Company, on: date, companies: Companies, least: int) -> Sequence[Owner]:
    """An owner that claims call by its stream and by its name is one owner, and its share counts once."""
    found: dict[str, Owner] = {}
    for share in shares_on(company, on):
        owner = _alone(share.owner, on, companies, least)
        key = owner.company or " ".join(name_of(share.owner) or (share.owner.model_dump_json(),))
        before = found.get(key, Owner(owner, share.least, share.most))
        events = tuple(dict.fromkeys((*before.events, *share.events)))
        held = max(before.least, share.least), max(before.most, share.most)
        found[key] = Owner(owner, *held, events, key, company.stream)
    return list(found.values())
