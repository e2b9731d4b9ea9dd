"""What an open answer turns on: each fact that would settle it, and which control the same question would have then.

The outcomes are no guesses: the question is asked again with the fact supposed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from service.domain.answer import Control
from service.domain.commodity.match import Commodity, ScopedCommodity, hs_digits
from service.domain.countries import name_of
from service.domain.determine import CONTROLS, Determination, Knowledge, control_for
from service.domain.parties import Asked
from service.domain.quantities import written
from service.domain.restriction.considered import Considered
from service.domain.scope import OnlyCountries, OnlyParties, Subject
from service.domain.truth import Truth
from service.register.asking import Asking
from service.register.conditions import among, listed_party, open_lines, parameter
from service.register.parts import TurnsOn
from service.register.titles import by

MOST = 8
"""How many facts an answer names."""
MOST_VALUES = 6
"""How many values of one fact are tried."""
MOST_PROVISIONS = 4
"""How many of the provisions that leave it open are looked at, the strictest first."""
MOST_LISTS = 2
"""How many lists of parties are looked at behind them (rule 38)."""
STEP = Decimal("0.1")
"""How far past a bound a supposed value lies."""


@dataclass(frozen=True)
class Supposition:
    """A value that a fact may have, in words, and the question with it."""

    ask: str
    value: str
    subject: Subject
    dimension: str
    because: str


Restricting = Callable[[Subject], Sequence[Knowledge]]
"""What may restrict what a question is about, of each country that is asked."""


def turns_on(asking: Asking, restricting: Restricting, found: Determination) -> list[TurnsOn]:
    """The facts that would settle what is open, at most a few; none where nothing but days or disputes is open."""
    may = open_provisions(found)
    rules = [one for one in may if not one.lists_parties][:MOST_PROVISIONS]
    open_ = [*rules, *[one for one in may if one.lists_parties][:MOST_LISTS]]
    grouped: dict[str, dict[str, Supposition]] = {}
    for one in open_:
        for supposed in _suppositions(one, asking):
            values = grouped.setdefault(supposed.ask, {})
            if len(values) < MOST_VALUES:
                values.setdefault(supposed.value, supposed)
    told = (_told(values.values(), asking.on, restricting, found) for values in list(grouped.values())[:MOST])
    return [one for one in told if any(control != found.control for control in one.outcomes.values())]


def open_provisions(found: Determination) -> list[Considered]:
    """What may apply, and would be stricter than what certainly does; the strictest first."""
    strict = CONTROLS.index(found.control)
    may = [one for one in found.considered if one.may_bear and one.provision.kind != "exemption"]
    return sorted(
        (one for one in may if CONTROLS.index(one.control) < strict),
        key=lambda one: (CONTROLS.index(one.control), one.provision.stream),
    )


def _told(values: Iterable[Supposition], on: date, restricting: Restricting, found: Determination) -> TurnsOn:
    tried = list(values)
    outcomes = {one.value: _control(one, on, restricting, found) for one in tried}
    return TurnsOn(ask=tried[0].ask, text=tried[0].because, outcomes=outcomes)


def _control(supposed: Supposition, on: date, restricting: Restricting, found: Determination) -> Control:
    """The control that the question would have. What fails in another dimension fails then, too.

    With other goods or another destination other provisions may bear on it.
    """
    out = {one.provision.stream for one in found.considered if _fails_elsewhere(one, supposed.dimension)}
    asked = (
        replace(what, provisions=[p for p in what.provisions if p.stream not in out])
        for what in restricting(supposed.subject)
    )
    controls = (control_for(supposed.subject, what, on) for what in asked)
    return min(controls, key=CONTROLS.index, default="no_data")


def _fails_elsewhere(one: Considered, dimension: str) -> bool:
    return any(each.truth is Truth.NO and each.name != dimension for each in one.match.dimensions)


def _suppositions(one: Considered, asking: Asking) -> Iterator[Supposition]:
    for dimension in one.match.dimensions:
        if dimension.truth is Truth.POSSIBLE:
            yield from _supposing(dimension.name, one, asking)


def _supposing(name: str, one: Considered, asking: Asking) -> Iterator[Supposition]:
    scope = one.provision.scopes[0]
    if name == "commodities":
        yield from _goods(one, asking)
    elif name == "end_uses" and scope.end_uses != "all":
        uses = [*scope.end_uses, *(["civil"] if "civil" not in scope.end_uses else [])]
        for use in uses:
            yield _of(asking, "end_use", use, name, f"{by(one)} depends on the end use.", end_use=use)
    elif name in ("end_users", "exporters"):
        yield from _parties(name, one, asking)
    elif name == "destinations" and isinstance(scope.destinations, OnlyCountries):
        for country in [place for place in scope.destinations.only if "/" not in place]:
            because = f"{by(one)} depends on the destination."
            yield _of(asking, "destination", name_of(country), name, because, destination=country)
    elif name == "abroad":
        yield from _abroad(one, asking)


def _of(asking: Asking, ask: str, value: str, dimension: str, because: str, **facts: object) -> Supposition:
    return Supposition(ask, value, replace(asking.subject, **facts), dimension, because)  # type: ignore[arg-type]


def _parties(name: str, one: Considered, asking: Asking) -> Iterator[Supposition]:
    """One of those listed, and one whom nobody lists."""
    listed, role = getattr(one.provision.scopes[0], name), name.removesuffix("s")
    if not isinstance(listed, OnlyParties) or getattr(asking.subject, role) is not None:
        return
    because = f"{by(one)} applies if the {role.replace('_', ' ')} is {listed_party(one, name)}."
    first = asking.known.party(listed.only[0], asking.on)
    yield _of(asking, role, among(one, name), name, because, **{role: first})
    home = getattr(listed.only[0], "country", None) or asking.subject.destination
    other = Asked(None, frozenset({"a company that nobody lists"}), home, label="a company that nobody lists")
    yield _of(asking, role, "a company that no list names", name, because, **{role: other})


def _abroad(one: Considered, asking: Asking) -> Iterator[Supposition]:
    abroad, subject = one.provision.scopes[0].abroad, asking.subject
    if abroad is None:
        return
    for ask, country in (("origin", abroad.origin), ("shipped_from", abroad.shipped_from)):
        if country and getattr(subject, ask) is None:
            because = (
                f"{by(one)} depends on {'where the goods were made' if ask == 'origin' else 'where they leave from'}."
            )
            yield _of(asking, ask, name_of(country), "abroad", because, **{ask: country})
    if abroad.content_more_than_percent and subject.content_percent is None:
        limit = Decimal(abroad.content_more_than_percent)
        because = f"{by(one)} applies above {written(limit)}% of controlled content."
        values = (f"more than {written(limit)}", limit + STEP), (f"{written(limit)} or less", limit)
        for words, share in values:
            yield _of(asking, "content_percent", words, "abroad", because, content_percent=share)
    if abroad.content_at_least_percent and subject.content_percent is None:
        limit = Decimal(abroad.content_at_least_percent)
        because = f"{by(one)} applies from {written(limit)}% of controlled content."
        yield _of(asking, "content_percent", f"{written(limit)} or more", "abroad", because, content_percent=limit)
        if limit:
            less = max(limit - STEP, Decimal(0))
            yield _of(asking, "content_percent", f"less than {written(limit)}", "abroad", because, content_percent=less)


def _goods(one: Considered, asking: Asking) -> Iterator[Supposition]:
    lines, asked = open_lines(one, asking), asking.subject.commodity
    for line in lines:
        for stated, limit in line.parameters.items():
            yield from _parameter(one, asking, line, stated, limit)
    because = f"{by(one)} depends on which goods they are."
    for name in _narrower(lines, asking):
        yield _of(asking, "commodity.name", name, "commodities", because, commodity=_with(asked, name=name))
    for code in dict.fromkeys(hs_digits(line.hs) for line in lines if line.hs):
        if asked.hs and code != hs_digits(asked.hs) and code.startswith(hs_digits(asked.hs)):
            yield _of(asking, "commodity.hs", code, "commodities", because, commodity=_with(asked, hs=code))


def _narrower(lines: Sequence[ScopedCommodity], asking: Asking) -> list[str]:
    """The names that say more exactly which goods: the parts of the name asked about, else those that are listed."""
    asked = asking.subject.commodity.name
    if asked is None:
        return list(dict.fromkeys(line.name for line in lines if line.name))
    return list(dict.fromkeys(part for one in asking.known.goods.get(asked, ()) for part in one.parts))


def _with(asked: Commodity, **facts: object) -> Commodity:
    return asked.model_copy(update=facts)


WITHIN = {"more_than": "more than {}", "at_least": "{} or more", "at_most": "{} or less", "less_than": "less than {}"}
BEYOND = {"more_than": "{} or less", "at_least": "less than {}", "at_most": "more than {}", "less_than": "{} or more"}


def _parameter(
    one: Considered, asking: Asking, line: ScopedCommodity, stated: str, limit: str
) -> Iterator[Supposition]:
    """A value within the bound, and one beyond it (rule 8). Where the goods asked about are wider than the line, those
    within are supposed to be of its name, too. Those beyond are not: they may be other goods of the wider name."""
    asked, (name, bound) = asking.subject.commodity, parameter(stated)
    if name in asked.parameters:
        return
    of = "" if line.name in (None, asked.name) else f" of {(line.name or '').replace('_', ' ')}"
    because = f"{by(one)} depends on the {name.removesuffix('_percent').replace('_', ' ')} content{of}."
    within, beyond = _values(bound, Decimal(limit))
    for words, value in ((WITHIN, within), (BEYOND, beyond)):
        if value is not None:
            said = "0" if value == 0 and words is BEYOND else words[bound].format(limit)
            named = line.name or asked.name if words is WITHIN else asked.name
            goods = _with(asked, name=named, parameters=asked.parameters | {name: written(value)})
            yield _of(asking, f"commodity.parameters.{name}", said, "commodities", because, commodity=goods)


def _values(bound: str, limit: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """A value that a bound takes in, and one that it leaves out; None where there is none from zero on."""
    more, less = limit + STEP, limit - STEP if limit >= STEP else None
    return {
        "more_than": (more, limit),
        "at_least": (limit, less),
        "at_most": (limit, more),
        "less_than": (less, limit),
    }[bound]
