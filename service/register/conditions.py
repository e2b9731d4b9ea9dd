"""What leaves it open whether a provision reaches a question, as a condition that a person can check: "if they contain
dysprosium", "if the end use is military"."""

from collections.abc import Iterable, Iterator, Sequence

from service.domain.commodity.match import ScopedCommodity, compare
from service.domain.countries import in_sentence, names
from service.domain.parties import NamedParty, RegisteredParty
from service.domain.restriction.considered import Considered
from service.domain.scope import Destinations, Dimension, OnlyCountries, OnlyParties
from service.domain.truth import Truth
from service.register import titles
from service.register.asking import Asking
from service.register.titles import by

BOUNDS = {"at_most": "at most", "more_than": "more than", "less_than": "less than", "at_least": "at least"}
PERCENT = "_percent"


def conditions(one: Considered, asking: Asking) -> list[str]:
    """Each open fact in words that follow "if"; none where only a day or a dispute leaves it open."""
    open_ = [dimension for dimension in one.match.dimensions if dimension.truth is Truth.POSSIBLE]
    return [said for dimension in open_ if (said := _named_alike(dimension) or _condition(dimension.name, one, asking))]


HOW = {
    "same_but_form": "the same name but for its legal form",
    "alike": "a name alike",
    "other_country": "the same name in another country",
    "namesake": "a name that several companies have",
    "described": "described alike",
}


def _named_alike(dimension: Dimension) -> str | None:
    """Where a listed name is near to one that the question gives (rule 2): with the name as listed, and a score."""
    found = dimension.party
    if found is None or found.listed is None or found.how not in HOW:
        return None
    score = f", {found.score} of 100" if found.score is not None else ""
    role = (dimension.role or "party").replace("_", " ")
    return f"the {role} is “{found.listed}” as listed ({HOW[found.how]}{score})"


def near(dimension: Dimension) -> bool:
    """Whether a name that the question gives is near to a listed one, and no more."""
    found = dimension.party
    named = found is not None and found.listed is not None and found.how in HOW and found.how != "described"
    return named and dimension.truth is Truth.POSSIBLE


def _condition(name: str, one: Considered, asking: Asking) -> str | None:
    scope = one.provision.scopes[0]
    if name == "commodities":
        return goods(open_lines(one, asking), asking)
    if name == "end_uses" and scope.end_uses != "all":
        return f"the end use is {titles.listed((use.replace('_', ' ') for use in scope.end_uses), 'or')}"
    if name in ("end_users", "exporters") and isinstance(getattr(scope, name), OnlyParties):
        return f"the {name.removesuffix('s').replace('_', ' ')} is {listed_party(one, name)}"
    if name == "destinations":
        return f"the destination is {_places(scope.destinations)}"
    return _abroad(one) if name == "abroad" else None


def among(one: Considered, name: str) -> str:
    """Whom a list names: "one of the 20 named by 11/2026"."""
    named = _named_on_record(one, name)
    if not named:
        return f"one of those that {by(one)} lists"
    return f"one of the {named} named by {by(one)}" if named > 1 else f"the one named by {by(one)}"


def listed_party(one: Considered, name: str) -> str:
    """The same beside the name of the act. A member of the list whom the record does not name is no name on it."""
    named = _named_on_record(one, name)
    if not named:
        return "one of its listed parties, whom the record does not name"
    said = f"one of the {named} listed parties" if named > 1 else "the listed party"
    others = len(getattr(one.provision.scopes[0], name).only) > named
    return f"{said} or one whom the record does not name" if others else said


def _named_on_record(one: Considered, name: str) -> int:
    return sum(
        isinstance(party, (NamedParty, RegisteredParty)) for party in getattr(one.provision.scopes[0], name).only
    )


def _places(destinations: Destinations) -> str:
    if isinstance(destinations, OnlyCountries) and all(place in names() for place in destinations.only):
        return titles.listed(map(in_sentence, destinations.only), "or", most=4)
    return "one that it names"


def of_an_open_class(one: Considered, asking: Asking) -> bool:
    """Whether the goods may be meant only because no source says that a class names all of its goods."""
    definitions, asked = asking.known.defined.commodities, asking.subject.commodity.name
    lines = open_lines(one, asking)
    return bool(lines and asked) and all(
        line.name
        and definitions.open_class(line.name)
        and not definitions.within(asked or "") & definitions.within(line.name)
        for line in lines
    )


def _abroad(one: Considered) -> str | None:
    abroad = one.provision.scopes[0].abroad
    if abroad is None:
        return None
    stated = (
        f"the goods were made in {in_sentence(abroad.origin)}" if abroad.origin else "",
        f"they are shipped from {in_sentence(abroad.shipped_from)}" if abroad.shipped_from else "",
        f"they hold at least {abroad.content_at_least_percent}% of controlled content"
        if abroad.content_at_least_percent
        else "",
        f"they hold more than {abroad.content_more_than_percent}% of controlled content"
        if abroad.content_more_than_percent
        else "",
    )
    return " and ".join(part for part in stated if part) or None


def open_lines(one: Considered, asking: Asking) -> list[ScopedCommodity]:
    """The goods of a scope that the goods asked about may be, or may hold a part of."""
    definitions = asking.known.defined.commodities
    lines = [line for scope in one.provision.scopes for line in scope.named_goods()]
    return [line for line in lines if compare(asking.subject.commodity, line, definitions).truth is Truth.POSSIBLE]


def goods(lines: Sequence[ScopedCommodity], asking: Asking) -> str | None:
    """ "they are samarium-cobalt magnets that contain samarium, or …": each name once, with all that it is bound to."""
    names = dict.fromkeys(line.name for line in lines if line.name and line.name != asking.subject.commodity.name)
    said = [_named(name, lines, asking) for name in names]
    unnamed = [line for line in lines if not line.name or line.name == asking.subject.commodity.name]
    said += [_bound(line.parameters) for line in unnamed if line.parameters]
    codes = dict.fromkeys(line.control_code or (line.hs and f"HS {line.hs}") for line in unnamed if not line.parameters)
    if coded := [code for code in codes if code]:
        said.append(f"are the part of {titles.listed(coded, 'or')} that it lists")
    return f"they {titles.listed(_same_verb(dict.fromkeys(said)), 'or')}" if said else None


def _same_verb(said: Iterable[str]) -> Iterator[str]:
    """ "are magnets", "are alloys", "contain iron" → "are magnets", "alloys", "contain iron"."""
    before = ""
    for one in said:
        verb = one.partition(" ")[0]
        yield one.removeprefix("are ") if verb == before == "are" else one
        before = verb


def _named(name: str, lines: Sequence[ScopedCommodity], asking: Asking) -> str:
    title = titles.short(titles.goods_named(name, asking.known))
    bound = list(dict.fromkeys(_bound(line.parameters) for line in lines if line.name == name and line.parameters))
    told = _together(bound)
    # "neodymium magnets with dysprosium" says by itself what they contain.
    plain = all(one.startswith("contain ") and one.removeprefix("contain ") in title for one in bound)
    return f"are {title}" + (f" that {titles.listed(told, 'or')}" if told and not plain else "")


def _together(bound: Sequence[str]) -> list[str]:
    """ "contain dysprosium", "contain terbium" → "contain dysprosium or terbium"."""
    contained = [one.removeprefix("contain ") for one in bound if one.startswith("contain ")]
    others = [one for one in bound if not one.startswith("contain ")]
    return [*([f"contain {titles.listed(contained, 'or')}"] if contained else []), *others]


def _bound(parameters: dict[str, str]) -> str:
    """All the parameters of one line, which hold together."""
    return " and ".join(_parameter(stated, limit) for stated, limit in parameters.items())


def _parameter(stated: str, limit: str) -> str:
    name, bound = parameter(stated)
    if name.endswith(PERCENT):
        what = name.removesuffix(PERCENT).replace("_", " ")
        return (
            f"contain {what}" if bound == "more_than" and limit == "0" else f"contain {BOUNDS[bound]} {limit}% {what}"
        )
    return f"have {name.replace('_', ' ')} of {BOUNDS[bound]} {limit}"


def parameter(stated: str) -> tuple[str, str]:
    """A listed parameter's own name, and which bound it is; a bare one is the least value (rule 8)."""
    for bound in BOUNDS:
        if stated.endswith(f"_{bound}"):
            return stated.removesuffix(f"_{bound}"), bound
    return stated, "at_least"
