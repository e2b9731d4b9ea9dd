"""A license considered for a question: whether it is for these goods, this destination, these parties; who says so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial

from service.domain.commodity.match import Definitions
from service.domain.end_uses import among
from service.domain.license.barred import NOT_BARRED, Bar, Barred, barred_by
from service.domain.license.on_day import LicenseOnDay, LicenseState, consensus
from service.domain.license.parties import Parties, parties_of, stronger, weaker
from service.domain.license.terms import SaidLine, Terms
from service.domain.license.timeline import LicenseTimeline
from service.domain.license.uses import suffices, used_up
from service.domain.scope import Dimension, ScopeMatch, Subject, match_commodities, parties_in
from service.domain.sources import Tier
from service.domain.truth import Truth, all_of, any_of

NO_GOODS_STATED = Dimension("commodities", Truth.POSSIBLE, "no source says for which goods")
ANY_USE = Dimension("end_uses", Truth.YES, "no end use is excluded")
ANY_WAY_ON = Dimension("re_export", Truth.YES, "no re-export that it excludes is asked about")


@dataclass(frozen=True)
class LicenseConsidered:
    """A license on a day, considered for a question. `state` is its state as far as the goods asked about go.

    `named`: the tier that says that the party asked about holds it for these goods, if any does. `quantity`: whether
    what remains is enough, where the question asks for a quantity. `bound`: a condition of it stays open. `barred`:
    whether a prohibition or a list makes it unusable.
    """

    license: LicenseTimeline
    on_day: LicenseOnDay
    state: LicenseState
    match: ScopeMatch
    parties: Parties
    named: Tier | None = None
    quantity: Dimension | None = None
    bound: bool = False
    barred: Barred = NOT_BARRED

    @cached_property
    def matches(self) -> Truth:
        return all_of((self.match.truth, self.parties.truth))

    @cached_property
    def valid(self) -> Truth:
        """Whether it is active and for this, whatever bars it."""
        return all_of((self.state.active, self.matches))

    @cached_property
    def usable(self) -> Truth:
        return Truth.NO if self.barred.truth is Truth.YES else self.valid

    def truth_of(self, *names: str) -> Truth:
        """How some dimensions match, the weakest of them."""
        return all_of(one.truth for one in self.match.dimensions if one.name in names)


def considered(
    license_: LicenseTimeline, subject: Subject, definitions: Definitions, on: date, bars: Sequence[Bar] = ()
) -> LicenseConsidered:
    """A license against a question: what holds under all the terms that the day leaves possible is certain."""
    on_day = license_.on(on)
    under = [_under(number, license_, on_day, subject, definitions) for number in range(len(on_day.possible_terms))]
    found = under[0] if len(under) == 1 else _agreed(under)
    if not bars:
        return found
    return replace(found, barred=barred_by(bars, on_day.type, license_.issued, found.parties.names))


def _agreed(found: Sequence[LicenseConsidered]) -> LicenseConsidered:
    """One license under several terms, each of them possible."""
    first = found[0]
    dimensions = [
        Dimension(several[0].name, consensus(one.truth for one in several), several[0].because)
        for several in zip(*(one.match.dimensions for one in found), strict=True)
    ]
    active = consensus(one.state.active for one in found)
    return replace(
        first,
        match=ScopeMatch(tuple(dimensions)),
        parties=Parties.agreed([one.parties for one in found]),
        state=replace(first.state, active=active, cause=first.state.cause if active is Truth.NO else None),
        quantity=min((one.quantity for one in found if one.quantity), key=lambda one: one.truth, default=None),
        bound=any(one.bound for one in found),
    )


def _under(
    number: int, license_: LicenseTimeline, on_day: LicenseOnDay, subject: Subject, definitions: Definitions
) -> LicenseConsidered:
    """The license under one set of its terms. What it says of the goods, of the parties and of the way is found once
    for all questions that ask the same of it."""
    terms = on_day.possible_terms[number]
    facts = subject.commodity.facts
    goods = definitions.once((on_day, number, facts), partial(_goods, terms, on_day, subject, definitions))
    asked = definitions.once(("parties", parties_in(subject)), object) if subject.parties else None
    parties = definitions.once((on_day, number, asked), partial(parties_of, on_day.type, terms, subject))
    ends = subject.destination, subject.final_destination, subject.end_use
    way = definitions.once((on_day, number, ends), partial(_way, terms, subject, parties.open_to_all))
    return LicenseConsidered(
        license_,
        on_day,
        state=goods.state,
        match=ScopeMatch((goods.match, *way.dimensions, *parties.dimensions)),
        parties=parties,
        named=_named(license_, parties.named, goods.by),
        quantity=_quantity(on_day, terms, goods.lines, subject),
        bound=way.bound,
    )


@dataclass(frozen=True, slots=True)
class _Goods:
    """The goods of a license against those asked about. `by`: the tier that says that it is for them. `lines`: all of
    them, each with how it meets the goods, the revoked ones too. `state` is as far as these goods go."""

    match: Dimension
    by: Tier | None
    lines: "Matched"
    state: LicenseState


@dataclass(frozen=True, slots=True)
class _Way:
    """Destination, end use and re-export. `bound`: a condition of the license stays open."""

    dimensions: tuple[Dimension, ...]
    bound: bool


def _goods(terms: Terms, on_day: LicenseOnDay, subject: Subject, definitions: Definitions) -> _Goods:
    lines = _matched(terms, subject, definitions)
    match, by = _best(lines)
    return _Goods(match, by, lines, _for_these_goods(on_day, terms, lines))


def _way(terms: Terms, subject: Subject, open_to_all: bool) -> _Way:
    destination = _destination(terms, subject, open_to_all=open_to_all)
    return _Way((destination, _end_use(terms, subject), _re_export(terms, subject)), _bound(terms, subject))


def _named(license_: LicenseTimeline, parties_by: Tier | None, goods_by: Tier | None) -> Tier | None:
    """Whose word it is that the party holds it for these goods: the weakest of what that takes."""
    if parties_by is None or goods_by is None:
        return None
    issued_by = license_.issued_by_word_of
    return weaker((parties_by, goods_by, *([stronger(issued_by)] if issued_by else [])))


Matched = Sequence[tuple[SaidLine, Dimension]]
"""The lines of a license, each with how it meets the goods asked about; the revoked ones too."""


def _matched(terms: Terms, subject: Subject, definitions: Definitions) -> Matched:
    return [
        (line, match_commodities(subject.commodity, [line.line.commodity], definitions))
        for line in (*terms.lines, *terms.revoked_lines)
    ]


def _best(lines: Matched) -> tuple[Dimension, Tier | None]:
    """Whether the license is for the goods, and by which tier's word."""
    if not lines:
        return NO_GOODS_STATED, None
    best = max((match for _, match in lines), key=lambda dimension: dimension.truth)
    return best, stronger(tier for line, match in lines if match.truth is best.truth for tier in line.tiers)


def _for_these_goods(on_day: LicenseOnDay, terms: Terms, lines: Matched) -> LicenseState:
    """The license's state as far as the lines for the goods asked about go: they may be revoked or used up."""
    state, matching = on_day.state, [(line, match) for line, match in lines if match.truth is not Truth.NO]
    if not matching or state.active is Truth.NO:
        return state
    gone = {line.number: _gone(line, on_day, terms) for line, _ in matching}
    left = any_of(all_of((match.truth, gone[line.number].negated())) for line, match in matching)
    if left is Truth.NO:
        cause = "revoked" if all(line in terms.revoked_lines for line, _ in matching) else "exhausted"
        return replace(state, active=Truth.NO, cause=cause)
    certain = left is any_of(match.truth for _, match in matching)
    return state if certain else replace(state, active=min(state.active, Truth.POSSIBLE))


def _gone(line: SaidLine, on_day: LicenseOnDay, terms: Terms) -> Truth:
    return Truth.YES if line in terms.revoked_lines else used_up(line, terms, on_day.uses, on_day.day)


def _quantity(on_day: LicenseOnDay, terms: Terms, lines: Matched, subject: Subject) -> Dimension | None:
    """Whether what remains is enough for the quantity asked, on the line that serves it best. Lines do not add up."""
    if subject.quantity is None:
        return None
    usable = [line for line, match in lines if match.truth is not Truth.NO and line not in terms.revoked_lines]
    found = [suffices(subject.quantity, line, terms, on_day.uses, on_day.day) for line in usable]
    truth, because = max(found, key=lambda pair: pair[0], default=(Truth.POSSIBLE, "no source says how much it is for"))
    return Dimension("quantity", truth, because)


def _destination(terms: Terms, subject: Subject, *, open_to_all: bool) -> Dimension:
    """Whether the license is for where the goods go in the end. A license for one destination is for no other.

    `open_to_all`: an open general license that limits no destination is for all of them (rule 22).
    """
    stated, asked = terms.destinations, subject.final_destination or subject.destination
    if stated == ("all",) or (not stated and open_to_all):
        return Dimension("destinations", Truth.YES, "it is for all destinations")
    if not stated or asked is None:
        what = "no source says for which destination" if not stated else "the question names no destination"
        return Dimension("destinations", Truth.POSSIBLE, what)
    because = f"it is for {' or '.join(stated)}"
    if asked in stated or "all" in stated:
        return Dimension("destinations", Truth.YES if len(stated) == 1 else Truth.POSSIBLE, because)
    # What a license says of re-exports from its destination, it says of goods that first go there.
    speaks_of_re_export = any(conditions.no_re_export_to for conditions in terms.conditions)
    open_ = subject.destination in stated and speaks_of_re_export
    return Dimension("destinations", Truth.POSSIBLE if open_ else Truth.NO, because)


def _end_use(terms: Terms, subject: Subject) -> Dimension:
    limits = [conditions.end_uses for conditions in terms.conditions if conditions.end_uses]
    if not limits:
        return ANY_USE
    if subject.end_use is None:
        return Dimension("end_uses", Truth.YES, "the end use is not asked")
    allowed = all_of(among(subject.end_use, uses) for uses in limits)
    return Dimension("end_uses", allowed, f"it is for {', '.join(limits[0])} end use")


def _re_export(terms: Terms, subject: Subject) -> Dimension:
    asked = subject.final_destination
    excluded = {country for conditions in terms.conditions for country in conditions.no_re_export_to or ()}
    if asked in excluded:
        return Dimension("re_export", Truth.NO, f"its condition is that nothing goes on to {asked}")
    return ANY_WAY_ON


def _bound(terms: Terms, subject: Subject) -> bool:
    """Whether it covers under a condition only: one of which the question does not say that it is met."""
    return any(
        (conditions.end_uses and subject.end_use is None)
        or (conditions.no_re_export_to and subject.final_destination is None)
        or conditions.end_user_certificate
        for conditions in terms.conditions
    )
