"""Names of public official lists, each as others write it, and names that have nothing to do with them.

Everything is made in the same way each time: a figure that changes does so because the matching changed.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase

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
    *("a word before it", "a person beside it", "shortened words", "initials of the first words", "initials alone"),
    *("its last words first", "letters that look alike", "a space left out", "a space put in", "two mistakes"),
    *(
        "a mistake in the form",
        "a mistake in and",
        "a place before it",
        "a place and no form",
        "a mistake and more words",
    ),
)
BEFORE = (
    "Fa.",
    "Fa",
    "Firma",
    "Fir.",
    "Ets",
    "Société",
    "Azienda",
    "Ditta",
    "Zakład",
    "Firmy",
    "Company:",
    "c/o",
    "The",
)
PERSONS = ("c/o Kontor Nord", "z.Hd. Herrn Vogel", "Attn. Ms Rao", "attn: Purchasing")
SHORTENED = {
    "Technology": "Tech.",
    "Technologies": "Technol.",
    "Systems": "Sys.",
    "System": "Syst.",
    "Aerospace": "Aerosp.",
    "Industries": "Inds",
    "Industry": "Ind.",
    "Industrial": "Ind",
    "Engineering": "Engg",
    "Electric": "Elec.",
    "Electronics": "Electr.",
    "Electronic": "Electr",
    "Machinery": "Mach.",
    "Chemical": "Chem.",
    "Heavy": "Hvy",
    "International": "Int'l",
    "National": "Nat'l",
    "Manufacturing": "Mfg",
    "Services": "Svcs",
    "Center": "Ctr",
    "Holdings": "Hldgs",
    "Group": "Grp",
    "Management": "Mgmt",
    "Development": "Dev.",
    "Research": "Res.",
    "Institute": "Inst.",
    "University": "Univ.",
    "Semiconductor": "Semi",
    "Equipment": "Equip.",
    "Defense": "Def.",
    "Shipbuilding": "Shipbldg",
    "Construction": "Constr.",
    "Laboratories": "Labs",
    "Solutions": "Sol.",
    "Materials": "Mat.",
    "Operations": "Ops",
    "Products": "Prod.",
    "Precision": "Prec.",
    "Aviation": "Avn",
}
LOOKS_ALIKE = str.maketrans("ABEKMHOPCTXaeopcyxi", "АВЕКМНОРСТХаеорсухі")
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
    yield "a word before it", f"{chance.choice(BEFORE)} {one.name}"
    yield "a person beside it", f"{one.name} {chance.choice(PERSONS)}"
    yield "shortened words", " ".join(SHORTENED.get(word, word) for word in one.name.split())
    yield from ((kind, f"{short} {form}".strip()) for kind, short in _initials(bare))
    if len(one.name.split()) > 2:
        yield "its last words first", " ".join([*one.name.split()[1:], one.name.split()[0]])
    yield "letters that look alike", one.name.translate(LOOKS_ALIKE)
    yield "a space left out", _joined(one.name, chance)
    yield from (("a space put in", other) for other in _parted(one.name, chance))
    yield from (("two mistakes", f"{other} {form}".strip()) for other in _mistaken_twice(bare, chance))
    yield from (("a mistake in the form", f"{bare} {other}") for other in _form_misspelled(form, chance))
    if len(bare.split()) < 3 and len(normalized(bare).replace(" ", "")) >= 8:
        yield from (
            ("a mistake and more words", f"{other} Waffe Munition GmbH") for _, other in _misspelled(bare, chance)
        )
    yield "a place before it", f"{chance.choice(['Yokohama', 'Texas', 'Hong Kong'])} {one.name}"
    yield "a place and no form", f"{bare} ({chance.choice(['Nagoya', 'Shenzhen', 'Deutschland'])})"
    yield from (("a mistake in and", one.name.replace(" and ", f" {slip} ")) for slip in ("adn", "annd"))


def _initials(bare: str) -> Iterator[tuple[str, str]]:
    words = normalized(bare).split()
    large = [word for word in words if word not in ("of", "and", "the")]
    if len(large) > 2:
        yield "initials alone", "".join(word[0] for word in large).upper()
    if len(words) > 2 and len("".join(words[2:])) > 4:
        yield "initials of the first words", " ".join([(words[0][0] + words[1][0]).upper(), *words[2:]])


def _joined(name: str, chance: random.Random) -> str:
    blanks = [at for at, sign in enumerate(name) if sign == " "]
    at = chance.choice(blanks or [len(name)])
    return name[:at] + name[at + 1 :]


def _parted(name: str, chance: random.Random) -> Iterator[str]:
    inside = [at for at in range(3, len(name) - 3) if name[at - 3 : at + 3].isalpha()]
    if inside:
        at = chance.choice(inside)
        yield f"{name[:at]} {name[at:]}"


def _mistaken_twice(bare: str, chance: random.Random) -> Iterator[str]:
    """Two letters swapped and another missing, of a name of ten letters or more."""
    swapped = [other for kind, other in _misspelled(bare, chance) if kind == "two letters swapped"]
    for one in swapped if len(normalized(bare).replace(" ", "")) >= 10 else ():
        yield next(other for kind, other in _misspelled(one, chance) if kind == "a letter missing")


def _form_misspelled(form: str, chance: random.Random) -> Iterator[str]:
    """One word of three letters or more with a letter twice, one missing, and two swapped."""
    words = form.split()
    at = [number for number, word in enumerate(words) if len(normalized(word)) > 2]
    for number in (chance.choice(at),) if at else ():
        word = words[number]
        letter = chance.randrange(1, len(word.rstrip(".,")) - 1)
        swapped = word[:letter] + word[letter : letter + 2][::-1] + word[letter + 2 :]
        for other in (word[:letter] + word[letter:][:1] + word[letter:], word[:letter] + word[letter + 1 :], swapped):
            yield " ".join([*words[:number], other, *words[number + 1 :]])


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
INITIALS = 0.1
"""How many unrelated names begin with initials."""
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
        if chance.random() < INITIALS:
            words = ["".join(chance.choices(ascii_uppercase, k=chance.choice([3, 4]))), *words[chance.choice([1, 2]) :]]
        found[" ".join([*words, chance.choice(ENDINGS)]).strip()] = chance.choice(["US", "JP", "CN", "DE", "TW", "IN"])
    return list(found.items())
