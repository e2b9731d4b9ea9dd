"""Names of public official lists, each as others write it, and names that have nothing to do with them.

Everything is made in the same way each time: a figure that changes does so because the matching changed.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from service.domain.company.names import normalized, read

LISTED = Path(__file__).with_name("listed.jsonl")
FORMS_AND_CASE = (
    *("as it is", "capitals", "small letters", "no form", "another form", "a form added", "the form in other words"),
    *("& for and", "other marks"),
)
KINDS = (
    *FORMS_AND_CASE,
    *("two words swapped", "a letter missing", "a letter changed", "two letters swapped", "another country"),
    *("a branch", "a place in it", "its own script"),
)
OTHER_WORDS = {
    "Co., Ltd.": "Company Limited",
    "Inc.": "Incorporated",
    "Corporation": "Corp.",
    "Corp.": "Corporation",
    "LLC": "Limited Liability Company",
    "Limited": "Ltd.",
    "Ltd.": "Limited",
    "GmbH": "Gesellschaft mit beschränkter Haftung",
    "AG": "Aktiengesellschaft",
    "a.s.": "akciová společnost",
    "B.V.": "Besloten Vennootschap",
}


@dataclass(frozen=True)
class Listed:
    """A listed party: its name as the list writes it, its country, and its name in the list's own script."""

    name: str
    country: str
    own: str | None


@dataclass(frozen=True)
class Variant:
    """A name as somebody writes it, of the kind of change that was made to a listed one."""

    kind: str
    name: str
    country: str
    of: Listed


def listed() -> list[Listed]:
    return [Listed(**json.loads(line)) for line in LISTED.read_text(encoding="utf-8").splitlines()]


def variants(one: Listed) -> Iterator[Variant]:
    """Every change that can be made to a name; one that has no such words, marks or script is left out."""
    for kind, name in _spelled(one):
        if name != one.name or kind == "as it is":
            yield Variant(kind, name, one.country, one)
    yield Variant("another country", one.name, "HK" if one.country != "HK" else "AE", one)


def _spelled(one: Listed) -> Iterator[tuple[str, str]]:
    chance = random.Random(one.name)
    bare, form = _apart(one.name)
    yield "as it is", one.name
    yield "capitals", one.name.upper()
    yield "small letters", one.name.lower()
    yield "other marks", one.name.replace(",", "").replace(".", "").replace("-", " ")
    yield "& for and", one.name.replace(" and ", " & ") if " and " in one.name else one.name.replace("&", " and ")
    if form:
        yield "no form", bare
        yield "another form", f"{bare} {'GmbH' if 'gmbh' not in form.casefold() else 'Ltd.'}"
        yield "the form in other words", f"{bare} {OTHER_WORDS.get(form, form)}"
    else:
        yield "a form added", f"{bare} {chance.choice(['Co., Ltd.', 'Inc.', 'LLC', 'GmbH', 'Pvt. Ltd.'])}"
    words = bare.split()
    if len(words) > 1:
        at = chance.randrange(len(words) - 1)
        words[at], words[at + 1] = words[at + 1], words[at]
        yield "two words swapped", " ".join([*words, form]).strip()
    yield from ((kind, f"{other} {form}".strip()) for kind, other in _misspelled(bare, chance))
    yield "a branch", f"{one.name} {chance.choice(['Shanghai', 'Mumbai', 'Praha'])} Branch"
    yield "a place in it", f"{bare} ({chance.choice(['Suzhou', 'Pune', 'Brno'])}) {form}".strip()
    if one.own:
        yield "its own script", one.own


def _misspelled(bare: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    letters = [at for at, sign in enumerate(bare) if sign.isalpha()]
    gone, changed = chance.choice(letters), chance.choice(letters)
    yield "a letter missing", bare[:gone] + bare[gone + 1 :]
    others = [sign for sign in "abcdefghijklmnopqrstuvwxyz" if sign != bare[changed].casefold()]
    yield "a letter changed", bare[:changed] + chance.choice(others) + bare[changed + 1 :]
    pairs = [at for at in letters if at + 1 in letters and bare[at].casefold() != bare[at + 1].casefold()]
    if pairs:
        at = chance.choice(pairs)
        yield "two letters swapped", bare[:at] + bare[at + 1] + bare[at] + bare[at + 2 :]


def _apart(name: str) -> tuple[str, str]:
    """A name as it is written, in two: without the legal form at its end, and that form."""
    words = name.split()
    for at in range(1, len(words)):
        tail = normalized(" ".join(words[at:]))
        if read(f"x {tail}").core == "x" and read(f"x {tail}").forms:
            return " ".join(words[:at]).rstrip(","), " ".join(words[at:])
    return name, ""


SECTOR = (
    *("Aerospace", "Aviation", "Avionics", "Defense", "Dynamics", "Electronics", "Electric", "Energy", "Engineering"),
    *("Drones", "Robotics", "Optics", "Photonics", "Sensors", "Semiconductor", "Microsystems", "Networks", "Marine"),
    *("Materials", "Metals", "Magnetics", "Minerals", "Mining", "Chemical", "Precision", "Propulsion", "Satellite"),
    *("Shipbuilding", "Space", "Steel", "Systems", "Technologies", "Technology", "Tooling", "Instruments", "Logistics"),
)
OTHER_TRADES = (
    *("Bakery", "Books", "Cinema", "Coffee", "Dairy", "Flowers", "Foods", "Fruit", "Furniture", "Garden", "Hotels"),
    *("Insurance", "Kitchen", "Knitwear", "Laundry", "Leather", "Media", "Music", "Paper", "Pharmacy", "Printing"),
    *("Publishing", "Shoes", "Sports", "Tea", "Textiles", "Toys", "Travel", "Wine", "Wool"),
)
FIRST = (
    *("Alder", "Amber", "Anjali", "Apex", "Arden", "Asano", "Atlas", "Aurora", "Baltic", "Beacon", "Bengal", "Birch"),
    *("Bohemia", "Cascade", "Cedar", "Chandra", "Chengdu", "Cobalt", "Colombo", "Crescent", "Dalian", "Danube"),
    *("Delta", "Deccan", "Eastern", "Elbe", "Everest", "Falcon", "Fjord", "Fukui", "Ganges", "Gdansk", "Golden"),
    *("Granite", "Guangdong", "Hanseatic", "Harbor", "Hokuto", "Horizon", "Imperial", "Indus", "Jade", "Jiangsu"),
    *("Kaveri", "Kestrel", "Kobe", "Krishna", "Kyushu", "Lakshmi", "Lotus", "Lumen", "Madras", "Maple", "Meridian"),
    *("Moravia", "Nagoya", "Narmada", "Nordic", "Northern", "Oak", "Oriental", "Osaka", "Pacific", "Pearl", "Pioneer"),
    *("Prague", "Punjab", "Quartz", "Rhine", "River", "Royal", "Sahara", "Sakura", "Sapphire", "Shandong", "Silesia"),
    *("Silver", "Southern", "Summit", "Suzhou", "Tapti", "Tatra", "Titan", "Tokai", "Union", "United", "Valley"),
    *("Vertex", "Vistula", "Volga", "Western", "Willow", "Yamato", "Yangtze", "Zenith", "Zhejiang"),
)
ENDINGS = (
    "Ltd.",
    "Co., Ltd.",
    "Inc.",
    "Corp.",
    "LLC",
    "GmbH",
    "AG",
    "S.p.A.",
    "Pvt. Ltd.",
    "a.s.",
    "Group",
    "K.K.",
    "",
)


def unrelated(count: int) -> list[tuple[str, str]]:
    """Names that no listed party has, half of them of the same trades, each with a country."""
    chance = random.Random(count)
    found: dict[str, str] = {}
    while len(found) < count:
        trade = chance.choice(SECTOR if len(found) % 2 else OTHER_TRADES)
        words = [chance.choice(FIRST), *([chance.choice(FIRST)] if chance.random() < 0.3 else []), trade]
        words += [chance.choice(SECTOR)] if chance.random() < 0.2 else []
        found[" ".join([*words, chance.choice(ENDINGS)]).strip()] = chance.choice(["US", "JP", "CN", "DE", "TW", "IN"])
    return list(found.items())
