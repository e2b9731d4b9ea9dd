"""Licenses, by the country that issued them, the parties that they name in each role, and the goods of their lines.

A question that names a company, or a customs code, considers the licenses that may concern it and no others, whatever
else the controlling country has licensed.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from service.domain.commodity.match import Definitions
from service.domain.company.names import normalized, read
from service.domain.event import JSON
from service.domain.fallen import Fallen
from service.domain.license.timeline import LicenseTimeline, license_timeline
from service.domain.parties import UNNAMED, Asked
from service.domain.scope import Subject
from service.projections import goods
from service.projections.read_model import AnyOf, ReadModel, by_country, either, none_of, things
from service.projections.tables import COUNTRY, SET_ASIDE, bounded

USERS = ("end_users", "consignees", "customers", "intermediates")
ANYONE = "*"
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
    yield from (f"user {key}" for party in users for key in _party(party))
    if describes and not users:
        yield f"user {ANYONE}"
    licensee = data.get("licensee")
    if licensee or describes:
        yield from (f"licensee {key}" for key in (_party(licensee) if licensee else [ANYONE]))
    if describes or "lines" in data:
        lines = data.get("lines")
        commodities = [line.get("commodity") if isinstance(line, Mapping) else None for line in lines or ()]
        yield from goods.keys_of_lines([one for one in commodities if one])


def _party(party: Mapping[str, Any]) -> list[str]:
    if "company" in party:
        return [str(party["company"])]
    if "name" in party:
        return [_called(party["country"], normalized(party["name"]))]
    return [ANYONE]


def _called(country: str | None, name: str) -> str:
    """A name's key has no legal form: what agrees but for that is found too (rules 1 and 2)."""
    return f"{country} {read(name).core}"


def narrowing(subject: Subject) -> list[AnyOf]:
    """Lists of keys: a license that may concern a party whom the question names has a key of each of them."""
    parties = [_asked("user", subject.end_user), _asked("licensee", subject.exporter)]
    return [keys for keys in parties if keys]


def _asked(role: str, asked: Asked | None) -> list[str]:
    called = asked.names | asked.shared_names if asked else frozenset()
    if asked is None or asked.form in UNNAMED or not (asked.company or called):
        return []
    names = sorted({_called(asked.country, name) for name in called})
    companies = sorted({asked.company or "", *(one.company for one in asked.near)} - {""})
    return [bounded(f"{role} {key}") for key in (*companies, *names, ANYONE)]


MODEL = ReadModel(
    noun="license",
    fold=license_timeline,
    keys=keys,
    concerns=lambda license_, country: license_.issuer == country,
    dated=True,
)


FALLEN = MODEL.fallen


def _narrowing(
    connection: Connection, issuers: Sequence[str], at: int, subject: Subject, definitions: Definitions
) -> list[list[AnyOf]]:
    """By the parties that a question names, or else by its goods: what may concern it has the keys of one of these.

    Where a company is named the goods do not narrow: a license of its own for other goods is evidence about it.
    """
    issuers = [issuer for issuer in issuers if not none_of(connection, MODEL, at, issuer)]
    if not issuers:
        return []
    having = narrowing(subject)
    if having or subject.exporter is not None or subject.end_user is not None:
        return [[*having, [f"{COUNTRY}{issuer}" for issuer in issuers]]]
    lines = goods.keys_for(connection, MODEL.noun, issuers, at, (subject.commodity, definitions))
    return [[keys] for keys in lines]


def candidates(
    connection: Connection, issuers: Sequence[str], at: int, subject: Subject, definitions: Definitions
) -> dict[str, list[LicenseTimeline]]:
    """The licenses of some countries that may concern a question, by country."""
    ways = _narrowing(connection, issuers, at, subject, definitions)
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
