"""Whom an event is about, as parties of a question: an answer about its goods alone may not tell what it changes."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

MOST = 3
"""How many parties of one event are asked about."""
USERS = ("end_users", "consignees", "customers")
Data = Mapping[str, Any]


def parties_of(data: Data) -> list[dict[str, Any]]:
    """The parts of a question that name those whom an event names, or a thing as it stands, and, where it names no
    destination, their country.

    A class, a description and an undisclosed party are nobody to ask about. Of a correction, what it corrects to.
    """
    said = data.get("data") or data
    scope = said.get("scope")
    found = _of_scope(scope) if isinstance(scope, Mapping) else _of_license(said)
    return list(islice(found, MOST))


def _of_scope(scope: Data) -> Iterator[dict[str, Any]]:
    for role, listed in (("end_user", scope.get("end_users")), ("exporter", scope.get("exporters"))):
        only = listed.get("only") if isinstance(listed, Mapping) else None
        yield from ({role: party} for party in only or () if _named(party))


def _of_license(data: Data) -> Iterator[dict[str, Any]]:
    """Who holds a license is asked about as the exporter in the issuing country, and as the end user elsewhere."""
    listed = [(one["role"], one["party"]) for one in data.get("parties") or ()]
    users = [*(party for name in USERS for party in data.get(name) or ()), *_in_roles(listed, USERS)]
    yield from ({"end_user": party} for party in users if _named(party))
    for holder in (data.get("licensee"), *_in_roles(listed, ("licensees",))):
        if isinstance(holder, Mapping) and _named(holder):
            yield {"exporter" if holder.get("country") in (None, data.get("issuer")) else "end_user": holder}


def _in_roles(listed: Iterable[tuple[str, Data]], names: Iterable[str]) -> list[Data]:
    """Of the parties of a license as it stands, each with its one role, those in some roles."""
    return [party for role, party in listed if f"{role}s" in names]


def _named(party: Data) -> bool:
    return "company" in party or ("name" in party and "country" in party)


def with_party(question: Data, party: Data) -> dict[str, Any]:
    """A question with a party of an event; where it states no destination, an end user is where the goods go."""
    home = party.get("end_user", {}).get("country")
    return {**({"destination": home} if home else {}), **question, **party}
