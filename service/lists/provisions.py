"""What the entries of an edition say, as provisions: parties of one notice and one period stand in one of them."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from service.domain.scope import MOST_MEMBERS
from service.lists.entries import Edition, Entry

DENIAL = re.compile(r"presumption of denial|policy of denial", re.IGNORECASE)
KINDS = {"EL": "licensing", "MEU": "licensing", "UVL": "conditional", "DPL": "prohibition"}
"""How each list of the Bureau of Industry and Security restricts, by its code; a license policy may say more."""

BARRED = {"UVL": ["exception"]}
"""Licenses that the parties of a list cannot use: no exception serves one that nobody verified (rule 21)."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the file does not say of a list: who restricts, in which way, and which goods."""

    controller: str
    commodity: str
    kind: str | None = None
    tier: str = "issuer_statement"


@dataclass(frozen=True, slots=True)
class Listing:
    """A provision of a list: the same stream for the same notice and period in every edition."""

    slug: str
    data: dict[str, Any]
    url: str | None

    @property
    def parties(self) -> list[dict[str, Any]]:
        named: list[dict[str, Any]] = self.data["scope"]["end_users"]["only"]
        return named


def listings(edition: Edition, terms: Terms, day: str) -> list[Listing]:
    """The provisions of an edition, in the order of their streams."""
    groups: dict[tuple[str, str, str, str], list[Entry]] = {}
    for entry in edition.entries:
        kind = terms.kind or kind_of(edition.code, entry)
        groups.setdefault((kind, entry.first or "", entry.last or "", entry.notice or ""), []).append(entry)
    return [
        made for group, entries in sorted(groups.items()) for made in _listings(edition, terms, day, group, entries)
    ]


def kind_of(code: str, entry: Entry) -> str:
    """The kind of an entry of a known list; blank for a list that is none of those."""
    kind = KINDS.get(code, "")
    return "presumption_of_denial" if kind == "licensing" and DENIAL.search(entry.policy or "") else kind


def _listings(
    edition: Edition, terms: Terms, day: str, group: tuple[str, str, str, str], entries: Sequence[Entry]
) -> Iterator[Listing]:
    kind, first, last, notice = group
    named = _parties(entries)
    slug = _slug(terms.controller, edition.code, first, group)
    period = {"from": first or f"../{day}", "through": last or None}
    for at in range(0, len(named), MOST_MEMBERS):
        part = f"-{at // MOST_MEMBERS + 1}" if at else ""
        yield Listing(
            f"restriction/{slug}{part}",
            {
                "instrument": {"title": edition.title} | ({"number": notice} if notice else {}),
                "provision": edition.title,
                "kind": kind,
                "controller": terms.controller,
                "scope": {
                    "destinations": "all",
                    "commodities": [{"name": terms.commodity}],
                    "end_users": {"only": named[at : at + MOST_MEMBERS]},
                },
                "in_force": period,
            }
            | ({"bars_license_types": BARRED[edition.code]} if edition.code in BARRED else {}),
            next((entry.url for entry in entries if entry.url), None),
        )


def _parties(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Every name in every country of an entry; one without a country is described by its name."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in entries:
        for name in (entry.name, *entry.aliases):
            for code in entry.countries:
                found[name, code] = {"name": name, "country": code}
            if not entry.countries:
                found[name, ""] = {"described": name}
    return [found[key] for key in sorted(found)]


def _slug(controller: str, code: str, first: str, group: tuple[str, str, str, str]) -> str:
    """Told apart by a digest, since numbers of notices are long and free in form."""
    digest = hashlib.sha256("\n".join(group).encode()).hexdigest()[:10]
    return f"{controller}-{code}-{first or 'undated'}-{digest}".lower()
