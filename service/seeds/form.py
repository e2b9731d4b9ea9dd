"""Rules about one line alone: its fields, its source, its remarks, its codes, and the days that it speaks of."""

import re
from collections.abc import Iterator
from typing import Any

from service.domain.commodity.match import hs_digits
from service.domain.dates import Bounds, bounds
from service.domain.sources import Tier
from service.seeds.files import Seed

FIELDS = ("id", "stream", "type", "effective", "data", "source", "metadata")
FACT = re.compile(r"([FN]\d{3}|A\d{2})( ([FN]\d{3}|A\d{2}))*", re.ASCII)
FLAGS = ("unverified", "contradicts", "whole_heading", "told_earlier")
AUTHORITY = {"restriction": "controller", "license": "issuer"}
"""Whose code a stream's name begins with."""
OF_THE_PAST = (
    "restriction.proposed",
    "restriction.announced",
    "license.applied",
    "license.under_review",
    "license.granted",
    "license.denied",
    "license.returned",
    "license.withdrawn",
    "milestone.",
    "note.",
)
"""What a source can only tell of once it has happened. A suspension or a repeal may be told before it takes effect."""
CODED = ("restriction.", "license.", "commodity.")
"""The events in which a customs code may decide an answer."""
NO_CHAPTER = ("00", "77")
IMPOSSIBLE_LENGTHS = (3, 5, 7)

Told = Iterator[tuple[str, str]]


def fields(seed: Seed) -> Told:
    """The fields stand in one order, so that a diff can be read, and there are no others."""
    expected = tuple(name for name in FIELDS if name in seed.fields)
    if seed.fields != expected:
        yield f"a line has the fields {', '.join(FIELDS)}, in this order", f"this one has {', '.join(seed.fields)}"
    if seed.event.id is None:
        yield "a line has an id of its own", "this one has none, so that each load would record it anew"


def source(seed: Seed) -> Told:
    told = seed.event.source
    if not (told.get("url") or told.get("title")):
        yield "a source has a url or a title", "this one has neither"
    if not told.get("published_at"):
        yield "a source says when it was published", "this one does not"


def stream(seed: Seed) -> Told:
    """A thing's name begins with the code of the authority; what names its goods or group names its stream.

    A contradicting report may name another authority.
    """
    noun, _, slug = seed.event.stream.partition("/")
    data = seed.event.data
    authority = data.get(AUTHORITY.get(noun, ""))
    contradicts = seed.event.metadata.get("contradicts")
    if authority and not contradicts and not slug.startswith(f"{authority.lower()}-"):
        yield f"the stream of a {noun} begins with its {AUTHORITY[noun]}", f"{slug} does not begin with {authority}"
    if seed.event.type in ("commodity.defined", "group.defined") and data["name"].lower().replace("_", "-") != slug:
        yield (
            f"a {noun}'s stream is its name, in small letters and with - for _",
            f"{data['name']} is defined in {seed.event.stream}",
        )


def remarks(seed: Seed) -> Told:
    told = seed.event.metadata
    fact = told.get("fact")
    if "fact" in told and not (isinstance(fact, str) and FACT.fullmatch(fact)):
        yield "metadata.fact is the id of a record, or several with a blank between them", f"it is {fact!r}"
    elif isinstance(fact, str) and len(set(fact.split())) < len(fact.split()):
        yield "metadata.fact names a record once", f"it is {fact!r}"
    for flag in FLAGS:
        if flag in told and told[flag] is not True:
            yield f"metadata.{flag} is true or left out", f"it is {told[flag]!r}"
    if told.get("contradicts") and seed.noun == "note":
        yield "metadata.contradicts says that a higher tier sets the line aside", "nothing ever sets a note aside"
    tier = seed.event.source["tier"]
    if told.get("unverified") and tier != Tier.COMMENTARY:
        yield "what nobody verified is commentary, which moves nothing", f"its tier is {tier}"


def codes(seed: Seed) -> Told:
    """Customs codes as the nomenclature can have them: pairs of digits, chapters 01 to 99 without 77."""
    for written, _ in _customs_codes(seed.event.data, ""):
        digits = hs_digits(written)
        if digits[:2] in NO_CHAPTER:
            yield "a customs code begins with a chapter of the nomenclature", f"there is no chapter {digits[:2]}"
        if len(digits) in IMPOSSIBLE_LENGTHS:
            yield "a customs code has 2, 4, 6 or 8 digits or more", f"{written} has {len(digits)}"


def exact_codes(seed: Seed) -> Told:
    """Rules rarely cover all of a heading: an exact code decides, so it is flagged so on purpose."""
    if seed.event.type.startswith(CODED) and not seed.event.metadata.get("whole_heading"):
        for written, line in _customs_codes(seed.event.data, ""):
            if line.get("match", "exact") == "exact":
                yield (
                    'a customs code is "exact" only where all of the heading is meant (metadata.whole_heading)',
                    f"{written} is exact here",
                )


def _customs_codes(value: Any, under: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        if isinstance(value.get("hs"), str) and under != "identifiers":
            yield value["hs"], value
        for name, member in value.items():
            yield from _customs_codes(member, name)
    elif isinstance(value, list):
        for member in value:
            yield from _customs_codes(member, under)


def days(seed: Seed) -> Told:
    """Nobody tells of what has not happened yet."""
    told = seed.event
    for what, day in _happened(told.type, told.effective, told.data):
        first = bounds(day).earliest
        if first and first > seed.learned:
            yield f"a source tells of {what} that has come", f"{day} is after {seed.learned}, when it was published"


def _happened(type_: str, effective: str | None, data: Any) -> Iterator[tuple[str, str]]:
    if type_.endswith(".reported"):
        yield "a day", data["on"]
    elif type_ == "license.used":
        yield "the day of a use", data["day"]
    elif type_ == "restriction.announced" and data.get("announced_on"):
        yield "an announcement", data["announced_on"]
    elif effective and type_.startswith(OF_THE_PAST):
        yield "a day", effective


def announced_on(seed: Seed) -> Bounds | None:
    """The day on which an announcement was made, as far as it is stated."""
    day = seed.event.data.get("announced_on") or seed.event.effective
    return bounds(day) if day else None
