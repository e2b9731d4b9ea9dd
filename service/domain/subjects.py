"""What an event is about: the countries and companies that it names, for finding it again."""

import re
from collections.abc import Iterator
from typing import Any

from service.domain.countries import names

COMPANY = re.compile(r"company/[a-z0-9-]{1,100}")
COUNTRIES_UNDER = {
    "controller",
    "issuer",
    "origin",
    "shipped_from",
    "destination",
    "country",
    "claimed_by",
    "by",
    "parties",
    "countries",
    "only",
    "except",
    "including",
    "no_re_export_to",
}


def subjects_of(stream: str, data: Any) -> frozenset[str]:
    """Country codes, and the streams of companies. A company's own stream is about that company."""
    own = {stream} if COMPANY.fullmatch(stream) else set()
    return frozenset(own | set(_named(data, "")))


def _named(value: Any, under: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _named(member, name)
    elif isinstance(value, list):
        for member in value:
            yield from _named(member, under)
    elif isinstance(value, str) and (
        COMPANY.fullmatch(value) or (under in COUNTRIES_UNDER and len(value) == 2 and value in names())
    ):
        yield value
