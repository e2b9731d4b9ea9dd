"""Licenses, by the country that issued them, the parties that they name in each role, and the goods of their lines.

A question that names a company, or a customs code, considers the licenses that may concern it and no others, whatever
else the controlling country has licensed.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from service.domain.commodity.match import Commodity, hs_digits
from service.domain.company.names import normalized, read
from service.domain.event import JSON
from service.domain.license.timeline import license_timeline
from service.domain.parties import UNNAMED, Asked
from service.domain.scope import Subject
from service.projections.read_model import AnyOf, ReadModel
from service.projections.tables import COUNTRY, bounded

HEADING_DIGITS = 4
USERS = ("end_users", "consignees", "customers", "intermediates")
ANYONE, ANYTHING = "*", "goods *"


def keys(data: JSON) -> Iterator[str]:
    """Every event that describes says something of users and of goods, if only that they are open."""
    describes = "issuer" in data or "state" in data
    if issuer := data.get("issuer"):
        yield f"{COUNTRY}{issuer}"
    users = [party for role in USERS for party in data.get(role) or ()]
    yield from (f"user {key}" for party in users for key in _party(party))
    if describes and not users:
        yield f"user {ANYONE}"
    licensee = data.get("licensee")
    if licensee or describes:
        yield from (f"licensee {key}" for key in (_party(licensee) if licensee else [ANYONE]))
    lines = data.get("lines") or ()
    yield from (_goods(line["commodity"]) for line in lines if isinstance(line, Mapping))
    if describes and not lines:
        yield ANYTHING


def _party(party: Mapping[str, Any]) -> list[str]:
    if "company" in party:
        return [str(party["company"])]
    if "name" in party:
        return [_called(party["country"], normalized(party["name"]))]
    return [ANYONE]


def _called(country: str | None, name: str) -> str:
    """A name's key has no legal form: what agrees but for that is found too (rules 1 and 2)."""
    return f"{country} {read(name).core}"


def _goods(commodity: Mapping[str, Any]) -> str:
    digits = hs_digits(commodity.get("hs") or "")
    return f"goods {digits[:HEADING_DIGITS]}" if len(digits) >= HEADING_DIGITS else ANYTHING


def narrowing(subject: Subject) -> list[AnyOf]:
    """Lists of keys: a license that may concern the question has a key of each of them. No list: it narrows nothing.

    Where a company is named the goods do not narrow: a license of its own for other goods is evidence about it.
    """
    parties = [_asked("user", subject.end_user), _asked("licensee", subject.exporter)]
    found = [keys for keys in parties if keys]
    return [*(found or [keys for keys in [_asked_goods(subject.commodity)] if keys])]


def _asked(role: str, asked: Asked | None) -> list[str]:
    called = asked.names | asked.shared_names if asked else frozenset()
    if asked is None or asked.form in UNNAMED or not (asked.company or called):
        return []
    names = sorted({_called(asked.country, name) for name in called})
    companies = sorted({asked.company or "", *(one.company for one in asked.near)} - {""})
    return [bounded(f"{role} {key}") for key in (*companies, *names, ANYONE)]


def _asked_goods(asked: Commodity) -> list[str]:
    """Goods asked about by a customs code alone: other codes and names may be found in lines of any heading."""
    digits = hs_digits(asked.hs or "")
    if len(digits) < HEADING_DIGITS or asked.name or asked.control_code or asked.cas:
        return []
    return [f"goods {digits[:HEADING_DIGITS]}", ANYTHING]


MODEL = ReadModel(
    noun="license",
    fold=license_timeline,
    keys=keys,
    concerns=lambda license_, country: license_.issuer == country,
)
