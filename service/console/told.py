"""What pages of different things share: their events in sentences, what they reach in words, rows of answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.console.addresses import address
from service.console.moments import Reading
from service.domain.claims import Claim
from service.domain.commodity.match import ALL_GOODS, Commodity, hs_digits
from service.domain.countries import name_of
from service.domain.event import RecordedEvent
from service.domain.parties import Party
from service.domain.scope import Scope
from service.log import read
from service.projections import OF_NOUN
from service.projections.read_model import thing
from service.register import titles
from service.register.goods import key_of
from service.register.parts import Row

MOST_EVENTS = 50
"""How many events of a thing its page shows, the latest first."""
MOST_LISTED = 60
"""How many parties or countries of a list are shown."""


@dataclass(frozen=True)
class Told:
    """An event with its sentence."""

    event: RecordedEvent
    says: str


def events_of(stream: str, page: Reading, *, oldest_first: bool = False) -> tuple[list[Told], int]:
    """The last events of a stream, and how many there are before them."""
    found = [one for one in read.stream_events(page.connection, stream) if one.position <= page.at.position]
    shown = found[-MOST_EVENTS:]
    told = [Told(one, page.sentences.of(one)) for one in shown]
    return told if oldest_first else told[::-1], len(found) - len(shown)


@dataclass(frozen=True)
class Goods:
    """Goods as a scope or a line lists them, each name once, its codes beside it."""

    title: str
    link: str
    codes: list[str]


def goods_of(lines: Iterable[Commodity], page: Reading) -> list[Goods]:
    """Each name once, with its codes; a code that stands without a name is its own title."""
    found: dict[tuple[str, str], Goods] = {}
    for line in lines:
        codes, link = _codes(line), goods_link(line)
        coded = not line.name and bool(codes)
        title = codes[0] if coded else "All goods" if line.name == ALL_GOODS else titles.goods(line, page.known)
        one = found.setdefault(key_of(line), Goods(title, link, []))
        one.codes.extend(code for code in codes[coded:] if code not in one.codes)
    return list(found.values())


def goods_link(line: Commodity) -> str:
    if line.name:
        return f"/goods/{line.name}"
    return address("/search", q=line.control_code or line.hs or line.cas or line.description)


def _codes(line: Commodity) -> list[str]:
    flag = {"ex": "ex ", "reference_only": "see "}.get(str(getattr(line, "match", "")), "")
    told = [f"{flag}HS {line.hs}"] if line.hs else []
    told += [line.control_code] if line.control_code else []
    told += [f"CAS {line.cas}"] if line.cas else []
    return told + [f"{name.replace('_', ' ')} {value}" for name, value in line.parameters.items()]


@dataclass(frozen=True)
class Reach:
    """What a rule reaches, one dimension a line."""

    destinations: str
    goods: list[Goods]
    parties: list[tuple[str, str, list[tuple[str, str]], int]]
    """Who: the role, `only` or `except`, the first of them with their pages, and how many there are."""
    others: list[tuple[str, str]]


def reach_of(scope: Scope, page: Reading) -> Reach:
    others = []
    if scope.end_uses != "all":
        others.append(("End uses", titles.listed(use.replace("_", " ") for use in scope.end_uses)))
    if scope.abroad:
        told = scope.abroad.model_dump(exclude_none=True)
        others += [(name.replace("_", " ").capitalize(), name_of(str(value))) for name, value in told.items()]
    parties = [
        (role.replace("_", " ").capitalize(), *_listed(getattr(scope, role), page))
        for role in ("exporters", "end_users")
        if getattr(scope, role) != "all"
    ]
    goods = [Goods("All goods", "", [])] if scope.commodities == "all" else goods_of(scope.commodities, page)
    return Reach(_places(scope, page), goods, parties, others)


def _places(scope: Scope, page: Reading) -> str:
    to = scope.destinations
    if to == "all":
        return "all destinations"
    form, places = next(iter(to.model_dump(by_alias=True).items()))
    named = titles.listed((place_called(one, page) for one in places), most=MOST_LISTED)
    before = {"only": "", "except": "all but ", "including": "among others "}
    return f"{before[form]}{named}"


def place_called(place: str, page: Reading) -> str:
    return page.sentences.named(place) if "/" in place else name_of(place)


def _listed(parties: Any, page: Reading) -> tuple[str, list[tuple[str, str]], int]:
    form, listed = next(iter(parties.model_dump(by_alias=True).items()))
    shown = [(page.sentences.party(one), str(one.get("company") or "")) for one in listed[:MOST_LISTED]]
    return {"only": "only", "except": "all but"}[form], shown, len(listed)


def party_called(party: Party, page: Reading) -> tuple[str, str]:
    """A party in words, and its stream where it is registered."""
    told = party.model_dump(by_alias=True)
    return page.sentences.party(told), str(told.get("company") or "")


def of_stream(stream: str, page: Reading) -> Any:
    model = OF_NOUN.get(stream.partition("/")[0])
    return thing(page.connection, model, page.at.seen, stream) if model else None


@dataclass(frozen=True)
class Line:
    """A row of a status, with the address of its answer, and the rows of the codes that its goods stand for."""

    row: Row
    title: str
    link: str
    folded: list["Line"]


def lines_of(rows: Sequence[Row], page: Reading, given: Mapping[str, str]) -> list[Line]:
    """One line for each goods name, its codes folded under it; rows of codes that no name on the page has stay."""
    lines = [Line(row, titles.goods(row.commodity, page.known), _answer(row, given), []) for row in rows]
    named = {(line.row.controller, line.row.commodity.name): line for line in lines if line.row.commodity.name}
    alone: list[Line] = []
    for line in lines:
        name = None if line.row.commodity.name else _name_of_code(line.row.commodity, page)
        over = named.get((line.row.controller, name)) if name else None
        (over.folded if over and over.row.control == line.row.control else alone).append(line)
    return alone


def _name_of_code(line: Commodity, page: Reading) -> str | None:
    codes = {hs_digits(code) for code in (line.hs, line.control_code) if code}
    for name, defined in page.known.goods.items():
        for one in (each for definition in defined for each in definition.lines):
            if codes & {hs_digits(code) for code in (one.hs, one.control_code) if code}:
                return name
    return None


def _answer(row: Row, given: Mapping[str, str]) -> str:
    asked = row.commodity
    what = {"goods": asked.name or asked.hs or asked.description or asked.cas, "code": asked.control_code}
    return address("/answer", {**what, "from": row.controller, "to": row.destination, **given})


def quoted(claims: Sequence[Claim]) -> list[tuple[str, Any]]:
    """Who says so, each event once, the highest tier first."""
    said = dict(pair for claim in claims for pair in claim.said)
    return sorted(said.items(), key=lambda pair: -pair[1].tier.rank)
