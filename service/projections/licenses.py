"""Licenses, by the country that issued them, the parties that they name in each role, and the goods of their lines.

A question that names a company, or a customs code, considers the licenses that may concern it and no others, whatever
else the controlling country has licensed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from service.domain import countries
from service.domain.commodity.match import Definitions
from service.domain.company.names import normalized, read
from service.domain.event import JSON
from service.domain.fallen import Fallen
from service.domain.license.timeline import LicenseTimeline, license_timeline
from service.domain.parties import UNNAMED, Asked
from service.domain.scope import Subject
from service.projections import goods
from service.projections.read_model import AnyOf, ReadModel, by_country, either, more_than, none_of, things
from service.projections.tables import COUNTRY, SET_ASIDE, bounded

RECEIVERS = ("end_users", "consignees")
"""Who may be meant by an end user that is asked about."""
USERS = (*RECEIVERS, "customers", "intermediates")
USER, LICENSEE = "user", "licensee"
"""What the keys of the parties begin with, by role."""
ANYONE = "*"
"""The key of a role of which nobody says who stands in it: it may be anyone, and is no evidence about anybody."""
CLASS, SOME = "class", "some"
"""What is told of parties without a name: a class of them; or that they are some whom nobody names."""
FOR = "for "
"""What the keys begin with of the destinations that a license is for."""
ANYWHERE = "*"


def keys(data: JSON) -> Iterator[str]:
    """Every event that describes says something of users and of goods, if only that they are open."""
    describes = "issuer" in data or "state" in data
    if issuer := data.get("issuer"):
        yield f"{COUNTRY}{issuer}"
    if destination := data.get("destination"):
        yield f"{FOR}{ANYWHERE if destination == 'all' else destination}"
    elif describes:
        yield f"{FOR}{ANYWHERE}"
    users = [party for role in USERS for party in data.get(role) or ()]
    yield from (f"{USER} {_party(party)}" for party in users)
    if describes and not any(data.get(role) for role in RECEIVERS):
        yield f"{USER} {ANYONE}"
    licensee = data.get("licensee")
    if licensee or describes:
        yield f"{LICENSEE} {_party(licensee) if licensee else ANYONE}"
    if describes or "lines" in data:
        lines = data.get("lines")
        commodities = [line.get("commodity") if isinstance(line, Mapping) else None for line in lines or ()]
        yield from goods.keys_of_lines([one for one in commodities if one])


def _party(party: Mapping[str, Any]) -> str:
    if "company" in party:
        return str(party["company"])
    if "name" in party:
        return _called(party["country"], normalized(party["name"]))
    if "class" in party:
        return f"{CLASS} {party['class'].get('country') or ANYWHERE}"
    if "described" in party:
        # A description may have the name of a company of another country that the party may be.
        return f"{SOME} {ANYWHERE}"
    return f"{SOME} {party['country']}" if party.get("country") else ANYONE


def _called(country: str | None, name: str) -> str:
    """A name's key has no legal form: what agrees but for that is found too (rules 1 and 2)."""
    return f"{country} {read(name).core}"


@dataclass(frozen=True, slots=True)
class _Role:
    """The keys, of one role, of the licenses that may be for a party. `sure`: they name the party, or the members of a
    class that it is in. `some`: they are for some whom nobody names, and it may be one. `nobody`: nobody says for whom
    they are. For a party that the question does not name itself, any license may be, whoever is named in it."""

    sure: list[str]
    some: list[str]
    nobody: list[str]
    named: bool

    @classmethod
    def of(cls, role: str, asked: Asked) -> "_Role":
        classes, some = ([f"{role} {kind} {place}" for place in _places(asked.country)] for kind in (CLASS, SOME))
        names = sorted({_called(asked.country, name) for name in asked.names | asked.shared_names})
        companies = sorted({asked.company or "", *(one.company for one in asked.near)} - {""})
        called = [bounded(f"{role} {key}") for key in (*companies, *names)]
        named = asked.form not in UNNAMED and bool(asked.company or names)
        return cls([*called, *classes], some, [f"{role} {ANYONE}"], named)

    @property
    def told(self) -> list[str]:
        """Of those of which a source says at least something of who is meant."""
        return [*self.sure, *self.some] if self.named else []

    @property
    def open(self) -> list[str]:
        """Of those that may be for anybody, or for any of a country."""
        return [*self.some, *self.nobody] if self.named else []

    @property
    def anyhow(self) -> list[str]:
        return [*self.sure, *self.open] if self.named else []


def _places(country: str | None) -> Sequence[str]:
    """A party of no known country may be of any."""
    return (*([country] if country else countries.names()), ANYWHERE)


def _roles(subject: Subject) -> list[_Role]:
    asked = (USER, subject.end_user), (LICENSEE, subject.exporter)
    return [_Role.of(role, party) for role, party in asked if party is not None]


MODEL = ReadModel(
    noun="license",
    fold=license_timeline,
    keys=keys,
    concerns=lambda license_, country: license_.issuer == country,
    dated=True,
)


FALLEN = MODEL.fallen


MOST_OPEN = 100
"""How many licenses that may be for anybody are held against a question whatever their goods."""


def _narrowing(
    connection: Connection, issuers: Sequence[str], at: int, subject: Subject, definitions: Definitions
) -> list[list[AnyOf]]:
    """What may concern a question has the keys of one of these: of the parties that it names, or of its goods.

    What names a party concerns it whatever the goods: a license of its own for others is evidence about it. What may be
    for anybody is evidence only where it is for the goods: where there is much of it, the goods tell which.
    """
    roles, ours = _roles(subject), _of_any(connection, issuers, at)
    if not ours:
        return []
    if roles and not any(more_than(connection, MODEL, at, _stated(one.open, ours), MOST_OPEN) for one in roles):
        return [_stated(*(one.anyhow for one in roles), ours)]
    issuers = [key.removeprefix(COUNTRY) for key in ours]
    lines = goods.keys_for(connection, MODEL.noun, issuers, at, (subject.commodity, definitions))
    for_goods = [_stated(keys, *(one.anyhow for one in roles)) for keys in lines]
    return [*_by_parties(roles, ours, lambda one: one.sure), *for_goods]


def _by_parties(roles: Sequence[_Role], ours: list[str], keys: Callable[[_Role], list[str]]) -> list[list[AnyOf]]:
    """The licenses of which one role has certain keys, and the others may be for the parties asked about."""
    return [_stated(keys(role), *(one.anyhow for one in roles if one is not role), ours) for role in roles]


def _of_any(connection: Connection, issuers: Sequence[str], at: int) -> list[str]:
    """The keys of those of some countries that licensed anything."""
    return [f"{COUNTRY}{issuer}" for issuer in issuers if not none_of(connection, MODEL, at, issuer)]


def _stated(*lists: AnyOf) -> list[AnyOf]:
    return [keys for keys in lists if keys]


def candidates(
    connection: Connection, issuers: Sequence[str], at: int, subject: Subject, definitions: Definitions
) -> dict[str, list[LicenseTimeline]]:
    """The licenses of some countries that may concern a question, by country."""
    ways = _narrowing(connection, issuers, at, subject, definitions)
    return by_country(issuers, either(connection, MODEL, at, ways), lambda one: one.issuer)


def naming(
    connection: Connection, issuers: Sequence[str], at: int, subject: Subject, _definitions: Definitions
) -> dict[str, list[LicenseTimeline]]:
    """The licenses of some countries of which a source says that they are for a party of a question, or for some of
    whom it may be one, whatever the goods; by country."""
    ours = _of_any(connection, issuers, at)
    ways = _by_parties(_roles(subject), ours, lambda one: one.told) if ours else []
    return by_country(issuers, either(connection, MODEL, at, ways), lambda one: one.issuer)


def towards(connection: Connection, issuer: str, at: int, country: str) -> list[LicenseTimeline]:
    """A country's licenses that may be for a destination."""
    having = [[f"{FOR}{country}", f"{FOR}{ANYWHERE}"]]
    return things(connection, MODEL, at, country=issuer, having=having)


def fallen_candidates(
    connection: Connection, issuers: Sequence[str], at: int, subject: Subject, definitions: Definitions
) -> dict[str, list[Fallen[LicenseTimeline]]]:
    """Those of which something was set aside, as if it had not been."""
    ways = _narrowing(connection, issuers, at, subject, definitions)
    found = either(connection, FALLEN, at, [[*having, SET_ASIDE] for having in ways])
    return by_country(issuers, found, lambda one: one.as_if.issuer)
