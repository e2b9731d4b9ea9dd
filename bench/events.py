"""Events to measure with: licenses, restrictions and companies, each with a stream of its own, made from a number."""

from typing import Any

from service.domain.catalogue import propose
from service.domain.event import ProposedEvent


def posted(run: str, number: int) -> dict[str, Any]:
    """Two in four are licenses, one is a restriction, one a company; runs with other names share no stream."""
    made = (_license, _license, _restriction, _company)[number % 4]
    return made(f"bench-{run}-{number}", number)


def proposed(run: str, first: int, count: int) -> list[ProposedEvent]:
    return [propose(posted(run, number)) for number in range(first, first + count)]


def _license(slug: str, number: int) -> dict[str, Any]:
    return {
        "stream": f"license/{slug}",
        "type": "license.granted",
        "effective": "2025-05-01",
        "data": {
            "issuer": "CN",
            "destination": "IN",
            "end_users": [{"name": f"Company {number} Limited", "country": "IN"}],
            "lines": [{"commodity": {"hs": f"{8500 + number % 100}11"}, "quantity": {"value": "45000", "unit": "KGM"}}],
            "validity": {"from": "2025-05-01", "through": "open"},
        },
        "source": {
            "tier": "issuer_text",
            "publisher": "Ministry of Commerce",
            "title": "A grant",
            "published_at": "2025-05-01",
            "quote": "A quotation of two hundred characters. " * 5,
        },
    }


def _restriction(slug: str, number: int) -> dict[str, Any]:
    return {
        "stream": f"restriction/{slug}",
        "type": "restriction.announced",
        "data": {
            "kind": "licensing",
            "controller": "CN",
            "scope": {
                "commodities": [{"hs": f"{8500 + number % 100}"}, {"name": "rare_earth_magnets"}],
                "destinations": {"only": ["IN", "US"]},
            },
            "announced_on": "2025-04-04",
            "in_force": {"from": "2025-04-04", "through": "open"},
        },
        "source": {"tier": "issuer_text", "title": "An announcement", "published_at": "2025-04-04"},
    }


def _company(slug: str, number: int) -> dict[str, Any]:
    return {
        "stream": f"company/{slug}",
        "type": "company.registered",
        "data": {"name": f"Works {number} Private Limited", "country": "IN"},
        "source": {"tier": "press_named", "title": "A report", "published_at": "2025-10-30"},
    }
