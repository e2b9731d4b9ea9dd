"""Countries by ISO 3166-1 alpha-2, the two that ISO leaves out and trade rules name (the EU, Kosovo), and groups."""

import re
from collections.abc import Callable
from functools import cache
from typing import Annotated

import pycountry
from pydantic import AfterValidator, BeforeValidator, Field
from rapidfuzz import fuzz, process

from service.domain.truth import Truth

BEYOND_ISO = {"EU": "European Union", "XK": "Kosovo"}
READ_AS = {
    "CD": "DR Congo",
    "FM": "Micronesia",
    "PS": "Palestine",
    "RU": "Russia",
    "VG": "British Virgin Islands",
    "VI": "US Virgin Islands",
}
"""Names that the standard turns around for sorting ("Congo, The Democratic Republic of the"), as one reads them."""
ALSO_CALLED = {
    "burma": "MM",
    "czech republic": "CZ",
    "ivory coast": "CI",
    "turkey": "TR",
    "uae": "AE",
    "uk": "GB",
}
"""Names that people use and the standard does not have."""
CODE_LENGTH, LONGEST_NAME = 2, 60
ALIKE = 75
"""From which score on a misspelled name is worth a suggestion."""
MOST_ALIKE = 3
GROUP = re.compile(r"group/[a-z0-9-]{1,100}")
GROUP_OF_CODE = {"EU": "group/eu"}
"""A code that names a group, and the stream where the group is defined."""

Members = Callable[[str, str], Truth]
"""Whether a group, by its stream, has a country among its members on the day asked about."""


def any_member(_group: str, _country: str) -> Truth:
    """Where no group is defined, any country may belong to one."""
    return Truth.POSSIBLE


@cache
def names() -> dict[str, str]:
    """Every code and its common English name."""
    listed = {country.alpha_2: getattr(country, "common_name", country.name) for country in pycountry.countries}
    return listed | READ_AS | BEYOND_ISO


def known(code: str) -> str:
    """The code itself. Raises ValueError where no country has it."""
    if code not in names():
        raise ValueError("not a country code (ISO 3166-1 alpha-2, upper case; also EU and XK)")
    return code


def name_of(code: str) -> str:
    return names().get(code, code)


WITH_AN_ARTICLE = {"BS", "CD", "DO", "EU", "GM", "KM", "MV", "NL", "PH", "SC", "VG", "VI"}
ENDINGS_WITH_AN_ARTICLE = ("Islands", "Republic", "States", "Kingdom", "Emirates", "Territories", "Territory")
"""Countries whose names have "the" before them inside a sentence, by code and by how they end."""


def in_sentence(code: str) -> str:
    """A country's name inside a sentence: "the Netherlands", "the United States", "China"."""
    name = name_of(code)
    with_article = code in WITH_AN_ARTICLE or name.endswith(ENDINGS_WITH_AN_ARTICLE)
    return f"the {name}" if with_article else name


def whose(code: str) -> str:
    """What is a country's: "China's", "the United States'"."""
    name = in_sentence(code)
    return f"{name}'" if name.endswith("s") else f"{name}'s"


@cache
def codes() -> dict[str, str]:
    """The code of each country by all that it is called, in small letters: its codes, its names, its official name."""
    called = {
        getattr(country, kind).casefold(): country.alpha_2
        for country in pycountry.countries
        for kind in ("official_name", "name", "common_name", "alpha_3", "alpha_2")
        if hasattr(country, kind)
    }
    return called | ALSO_CALLED | {name.casefold(): code for code, name in names().items()} | {"eu": "EU", "xk": "XK"}


def code_of(text: str) -> str | None:
    """The code of a country by its code or its English name, in any case; None where no country has it."""
    return codes().get(" ".join(text.casefold().split()))


def spelled_alike(text: str) -> list[str]:
    """The codes of the countries whose names are spelled most like a text, the closest first."""
    called = [one for one in codes() if len(one) > 3]
    found = process.extract(text.casefold(), called, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=2 * MOST_ALIKE)
    return list(dict.fromkeys(codes()[name] for name, _, _ in found))[:MOST_ALIKE]


def _no_name(posted: object) -> object:
    """Raises ValueError for a country by its name, with the code to write."""
    if isinstance(posted, str) and CODE_LENGTH < len(posted) <= LONGEST_NAME and (code := code_of(posted)):
        raise ValueError(f"write the code: {code}")
    return posted


Country = Annotated[
    str,
    Field(min_length=2, max_length=2, description="ISO 3166-1 alpha-2, also EU and XK."),
    AfterValidator(known),
    BeforeValidator(_no_name),
]


def _place(code: str) -> str:
    return code if GROUP.fullmatch(code) else known(code)


Place = Annotated[
    str,
    Field(
        min_length=2,
        max_length=106,
        description="ISO 3166-1 alpha-2, also EU and XK; or a group of countries by its stream.",
        examples=["IN", "group/asean"],
    ),
    AfterValidator(_place),
]
"""A country, or a group of countries, as a rule names its destinations."""


def lies_in(country: str, place: str, members: Members) -> Truth:
    """Whether a country is a place of a rule, or belongs to it on the day asked about.

    The code `EU` stands for its members too. A group that nobody defined may have any.
    """
    if country == place or GROUP_OF_CODE.get(country) == place:
        return Truth.YES
    group = GROUP_OF_CODE.get(place, place)
    return members(group, country) if GROUP.fullmatch(group) else Truth.NO
