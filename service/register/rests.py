"""What an answer rests on beside restrictions and licenses: the definitions of goods and groups that it used, and the
companies that its parties were taken for."""

from collections.abc import Iterable, Iterator, Sequence

from service.domain.claims import Claim
from service.domain.commodity.definition import Definition
from service.domain.commodity.match import Commodity, ScopedCommodity, compare, hs_digits
from service.domain.company.timeline import Company
from service.domain.countries import GROUP_OF_CODE
from service.domain.restriction.timeline import RestrictionOnDay
from service.domain.scope import AllButCountries, IncludingCountries, OnlyCountries, Scope, Subject
from service.domain.truth import Truth
from service.projections import companies
from service.projections.read_model import thing
from service.register.known import Known

Used = list[tuple[tuple[Claim, ...], int]]
"""The claims of each thing that was used, and the position of its last record."""


def used(
    subject: Subject, bearing: Sequence[RestrictionOnDay], listed: Iterable[ScopedCommodity], known: Known
) -> Used:
    """The definitions and groups without which the answer might be another."""
    scopes = [scope for one in bearing for scope in one.scopes]
    lines = [*listed, *(line for scope in scopes for line in scope.named_goods())]
    found = {one.stream: (one.claims, one.position) for one in _definitions(subject.commodity, lines, known)}
    for stream in _groups(scopes):
        if group := known.defined.groups.get(stream):
            found[stream] = (group.claims, group.position)
    return list(found.values())


def taken_for(subject: Subject, known: Known) -> list[Company]:
    """The companies that the parties of a question were taken for."""
    streams = [party.company for _, party in subject.parties if party.company]
    found = (thing(known.connection, companies.MODEL, known.at.seen, stream) for stream in streams)
    return [company for company in found if company is not None]


def _definitions(asked: Commodity, lines: Iterable[ScopedCommodity], known: Known) -> Iterator[Definition]:
    """The definition of the name asked about; of each name that is listed for it; and what leads from one to the
    other."""
    yield from known.goods.get(asked.name or "", ())
    names = {line.name for line in lines if line.name and _meets(asked, line, known)}
    for name in sorted(names):
        for part in sorted(_with_parts(name, known)):
            yield from (one for one in known.goods.get(part, ()) if part == name or _leads_to(one, asked))
    if asked.name:
        for part in sorted(_with_parts(asked.name, known)):
            yield from (one for one in known.goods.get(part, ()) if names & set(one.parts))


def _meets(asked: Commodity, line: ScopedCommodity, known: Known) -> bool:
    return compare(asked, line, known.defined.commodities).truth is not Truth.NO


def _with_parts(name: str, known: Known) -> set[str]:
    found, waiting = {name}, [name]
    while waiting:
        parts = {part for one in known.goods.get(waiting.pop(), ()) for part in one.parts} - found
        found |= parts
        waiting += parts
    return found


def _leads_to(one: Definition, asked: Commodity) -> bool:
    """Whether it names the goods asked about as a part, or has a code of theirs."""
    return asked.name in one.parts or any(_shares_a_code(asked, line) for line in one.lines)


def _shares_a_code(asked: Commodity, line: Commodity) -> bool:
    if asked.hs and line.hs:
        mine, other = hs_digits(asked.hs), hs_digits(line.hs)
        return mine.startswith(other) or other.startswith(mine)
    codes = (asked.control_code, line.control_code), (asked.cas, line.cas)
    return any(mine is not None and mine == other for mine, other in codes)


def _groups(scopes: Iterable[Scope]) -> set[str]:
    places = {place for scope in scopes for place in _places(scope)}
    return {GROUP_OF_CODE.get(place, place) for place in places}


def _places(scope: Scope) -> list[str]:
    to = scope.destinations
    if isinstance(to, OnlyCountries):
        return to.only
    if isinstance(to, AllButCountries):
        return to.except_
    return to.including if isinstance(to, IncludingCountries) else []
