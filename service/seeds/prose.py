"""What stands only in words: quantities, periods and parties of which no field holds anything, so that nothing follows.

A machine sees the words and not what they mean: each finding is a remark, for a person to judge.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from service.domain.claims import Claim
from service.domain.company.names import normalized
from service.seeds.files import Seed
from service.seeds.findings import Finding
from service.seeds.lives import Life, lives

NUMBER = r"(?:\d[\d,.]*|half a|one|two|three|four|five|six|seven|eight|nine|ten|twelve|a)"
QUANTITY = re.compile(r"\d[\d,.]* ?(?:tonnes|tons|t|kg|percent|%)(?!\w)")
VALIDITY = re.compile(rf"\b(?:for|valid for|run for) {NUMBER} (?:years?|months?|days?)\b", re.IGNORECASE)
MEMBERS = re.compile(rf"\b{NUMBER} (?:more )?(?:entities|firms|companies|parties)\b", re.IGNORECASE)
HELD_BY = {
    "quantity": ("quantity", "volume", "parameters", "share_at_least_percent", "abroad", "count"),
    "validity": ("validity", "in_force", "period"),
    "number of parties": ("only", "except", "count"),
}
"""The fields of which one holds what such words say."""
NAMED_AT_LEAST = 5
"""Letters and digits that a name has before a note is searched for it: shorter ones are words of their own."""


def in_words_alone(seeds: Sequence[Seed]) -> Iterator[Finding]:
    """Measures and licenses, as corrected: each quantity, validity and number of parties in words has its field."""
    for noun in ("restriction", "license"):
        for life in lives(seeds, noun):
            for claim in life.ledger.claims:
                for asked, true in _untold(claim):
                    yield life.finding(claim, asked, true, fault=False)


def _untold(claim: Claim) -> Iterator[tuple[str, str]]:
    data = claim.data.model_dump(mode="json", by_alias=True, exclude_unset=True)
    words = " ".join(_words(data))
    for kind, pattern in (("quantity", QUANTITY), ("validity", VALIDITY), ("number of parties", MEMBERS)):
        said = pattern.search(words)
        if said and not _holds(data, HELD_BY[kind]):
            yield f"a {kind} stands in a field of its own", f"only words say {said[0]!r}"


def _words(data: Any) -> Iterator[str]:
    """What a person reads: the provision and the words of a count."""
    if isinstance(data.get("provision"), str):
        yield data["provision"]
    count = data.get("count")
    if isinstance(count, dict) and isinstance(count.get("text"), str):
        yield count["text"]


def _holds(value: Any, fields: Sequence[str]) -> bool:
    if isinstance(value, dict):
        return any(name in fields and told is not None for name, told in value.items()) or any(
            _holds(told, fields) for told in value.values()
        )
    return isinstance(value, list) and any(_holds(told, fields) for told in value)


def registered(seeds: Sequence[Seed]) -> Iterator[Finding]:
    """Every party that a measure or license names is a registered company, by one of its names."""
    names = {(country, name) for country, name, _ in _companies(seeds)}
    for noun in ("restriction", "license"):
        for life in lives(seeds, noun):
            for claim in life.ledger.claims:
                for name, country in _named(claim.data.model_dump(mode="json", by_alias=True, exclude_unset=True)):
                    if (country, normalized(name)) not in names:
                        asked = "a party that is named is registered as a company"
                        yield life.finding(claim, asked, f"{name} ({country}) is not", fault=False)


def _named(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if set(value) == {"name", "country"}:
            yield value["name"], value["country"]
        for told in value.values():
            yield from _named(told)
    elif isinstance(value, list):
        for told in value:
            yield from _named(told)


def _companies(seeds: Sequence[Seed]) -> Iterator[tuple[str, str, str]]:
    """Country, normalized name and stream of every registered company, for each of its names."""
    countries = {
        seed.event.stream: seed.event.data["country"] for seed in seeds if seed.event.type == "company.registered"
    }
    for seed in seeds:
        data = seed.event.data
        if seed.noun == "company" and seed.event.stream in countries:
            for name in (data.get("name"), *data.get("aliases", ())):
                if name:
                    yield countries[seed.event.stream], normalized(name), seed.event.stream


def linked(seeds: Sequence[Seed]) -> Iterator[Finding]:
    """A note that speaks of a registered company by name links it, so that it is found from there."""
    names = sorted({(name, stream) for _, name, stream in _companies(seeds) if len(name) >= NAMED_AT_LEAST})
    for life in lives(seeds, "note"):
        for claim in life.ledger.claims:
            yield from _unlinked(life, claim, names)


def _unlinked(life: Life, claim: Claim, names: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    text, about = f" {normalized(getattr(claim.data, 'text', ''))} ", getattr(claim.data, "about", ())
    for stream in sorted({stream for name, stream in names if f" {name} " in text and stream not in about}):
        yield life.finding(claim, "a note that speaks of a company links it", f"it does not link {stream}", fault=False)
