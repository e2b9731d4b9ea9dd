"""How things are called in an answer: goods by the titles of their definitions, provisions by their instruments; and
days as sources state them."""

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date

from service.domain.commodity.match import Commodity
from service.domain.countries import in_sentence, whose
from service.domain.license.on_day import LicenseOnDay
from service.domain.license.timeline import LicenseTimeline
from service.domain.restriction.considered import Considered
from service.domain.restriction.timeline import RestrictionOnDay, RestrictionTimeline
from service.domain.sources import when
from service.register.asking import Asking
from service.register.known import Known

KINDS = {
    "prohibition": "prohibition",
    "conditional_prohibition": "prohibition with exemptions",
    "presumption_of_denial": "licensing requirement with a presumption of denial",
    "quota": "quota",
    "licensing": "licensing requirement",
    "conditional": "condition on exports",
    "notification": "duty to notify",
    "affiliates_rule": "rule about affiliates",
    "exemption": "exemption",
}
TYPES = {
    "individual": "Individual license",
    "open_individual": "Open individual license",
    "general": "General license",
    "quota_allocation": "Share of a quota",
    "exception": "License exception",
}


def goods(commodity: Commodity, known: Known) -> str:
    """The title of goods on record, else their name in words, else their code."""
    if commodity.name:
        return goods_named(commodity.name, known)
    if commodity.control_code:
        return f"Goods under control code {commodity.control_code}"
    if commodity.hs:
        return f"Goods under HS {commodity.hs}"
    return f"CAS {commodity.cas}" if commodity.cas else commodity.description or "These goods"


def goods_named(name: str, known: Known) -> str:
    defined = [one.title for one in known.goods.get(known.goods_called(name), ()) if one.title]
    return defined[0] if defined else name.replace("_", " ").capitalize()


def provision(found: RestrictionOnDay) -> str:
    """The title of its instrument, else what names the provision best, else what it is."""
    instrument = found.instrument
    titled = (instrument.title or instrument.number or instrument.id) if instrument else None
    kind = untitled(found)
    return titled or found.label or kind[:1].upper() + kind[1:]


def untitled(found: RestrictionOnDay) -> str:
    """What it is and whose, inside a sentence."""
    return f"{whose(found.controller)} {KINDS.get(found.kind, 'measure')}"


def number(found: RestrictionOnDay) -> str | None:
    return found.instrument.number if found.instrument else None


def license_(found: LicenseOnDay) -> str:
    """The type of a license, by whom, for where."""
    to = found.destinations
    places = ("all destinations" if place == "all" else in_sentence(place) for place in to)
    where = f" for {listed(places)}" if to else ""
    return f"{TYPES.get(found.type, 'License')} of {in_sentence(found.issuer)}{where}"


def of_thing(found: object, on: date) -> str:
    """What a thing of any noun is called on a day."""
    if isinstance(found, RestrictionTimeline):
        return provision(found.on(on))
    if isinstance(found, LicenseTimeline):
        return license_(found.on(on))
    named = getattr(found, "title", None) or getattr(found, "name", None) or getattr(found, "stream", "")
    return str(named).rpartition("/")[2].replace("_", " ")


def listed(words: Iterable[str], last: str = "and", most: int = 6) -> str:
    """Words in a row: "a, b and c"; of many, the first ones and how many more there are."""
    shown = list(words)
    if len(shown) > most:
        shown = [*shown[: most - 1], f"{len(shown) - most + 1} more"]
        last = "and"
    return f" {last} ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def day(found: date) -> str:
    """4 April 2025."""
    return f"{found.day} {found:%B} {found.year}"


def quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def short(title: str) -> str:
    """A title inside a sentence, without what explains it: behind a colon, in brackets, or from "as" or "such as" on.

    What stands in a row stays whole: the first of several goods are other goods than all of them.
    """
    return lowered(EXPLAINED.split(title, maxsplit=1)[0].strip() or title)


EXPLAINED = re.compile(r": | \(| – |; |, (?=as |such as |within )")


def lowered(title: str) -> str:
    """A title inside a sentence. A first word that is an abbreviation, or has a capital inside, stays."""
    first = title.split(maxsplit=1)[0] if title.strip() else ""
    plain = first[1:].islower() or first[1:].replace("-", "").islower()
    return title[:1].lower() + title[1:] if plain else title


LONGEST = 80
"""How many characters of a title a headline repeats."""


def by(one: Considered) -> str:
    """The act that a provision is a part of, by its number where it has one."""
    numbered, title = number(one.provision), provision(one.provision)
    if numbered is None:
        named = one.provision.instrument is not None or one.provision.label is not None
        return f"“{title}”" if named else untitled(one.provision)
    return numbered


def of_country(act: str, one: Considered, asking: Asking) -> str:
    """An act with its country, where the question asks about no country's rules alone. An untitled one has it."""
    titled = act != untitled(one.provision) and asking.question.controller is None
    return f"{act} of {in_sentence(one.provision.controller)}" if titled else act


def by_title(one: Considered) -> str:
    """The act, by its number and its title."""
    numbered, title = number(one.provision), provision(one.provision)
    shown = title if len(title) <= LONGEST else f"{title[:LONGEST].rsplit(' ', 1)[0]}…"
    return f"{numbered} (“{shown}”)" if numbered and title != numbered else by(one)


OPEN = "open"


def in_words(text: str) -> str:
    """A day, a vague day or an instant as it was stated; what cannot be read as one stays as it is."""
    if text == OPEN:
        return "an open end"
    try:
        found = when(text)
    except ValueError:
        return text
    return some_day(found.earliest, found.latest)


def some_day(earliest: date | None, latest: date | None) -> str:
    """Some day between two bounds, both included."""
    if earliest and latest:
        return _between(earliest, latest)
    if latest:
        return f"some day up to {day(latest)}"
    return f"some day from {day(earliest)} on" if earliest else "a day that no source states"


def _between(earliest: date, latest: date) -> str:
    if earliest == latest:
        return day(earliest)
    if (earliest.month, earliest.day, latest.month, latest.day) == (1, 1, 12, 31) and earliest.year == latest.year:
        return str(earliest.year)
    a_month = earliest.day == 1 and latest.day == monthrange(latest.year, latest.month)[1]
    if a_month and (earliest.year, earliest.month) == (latest.year, latest.month):
        return f"{earliest:%B} {earliest.year}"
    if (latest - earliest).days == 1:
        return f"{day(earliest)} or {day(latest)}"
    return f"some day from {day(earliest)} to {day(latest)}"
