"""How many licenses are known for a question, by whose word: the largest statement of what overlaps, never the sum."""

from collections.abc import Iterator, Sequence

from service.domain.license.considered import LicenseConsidered
from service.domain.parties import name_of
from service.domain.quantities import Count
from service.domain.sources import Tier
from service.domain.truth import Truth


def counts(considered: Sequence[LicenseConsidered]) -> tuple[Count, Count]:
    """How many licenses are known to have been issued and not to have ended, by officials and by the press."""
    known = [
        one
        for one in considered
        if one.state.granted is Truth.YES and not one.state.cause and one.matches is not Truth.NO and _is_for_this(one)
    ]
    return _count(known, official=True), _count(known, official=False)


def _is_for_this(one: LicenseConsidered) -> bool:
    """Whether a source says so. One that may be for another destination is not among those known for this one."""
    return all(one.truth is Truth.YES for one in one.match.dimensions if one.name == "destinations")


def _count(known: Sequence[LicenseConsidered], *, official: bool) -> Count:
    """What overlaps counts once, by its largest statement. Licenses of different named holders do not overlap."""
    stated = [count for one in known for tier, count in _counted(one) if tier.official is official]
    holders = {holder for one in known for tier, holder in _holders(one) if tier.official is official}
    found = largest(stated)
    if len(holders) <= found.min:
        return found
    return Count(min=len(holders), max=None if found.max is None else max(found.max, len(holders)))


def _holders(one: LicenseConsidered) -> Iterator[tuple[Tier, tuple[str, str]]]:
    """The named end user that a license stands for, or else its named licensee, with the tier that says so."""
    for role in ("end_user", "licensee"):
        named = [(party.claim.tier, name_of(party.party)) for party in one.on_day.terms.in_role(role)]
        found = [(tier, name) for tier, name in named if name is not None]
        if found:
            yield from found
            return


def _counted(one: LicenseConsidered) -> list[tuple[Tier, Count]]:
    """What a stream says of the number: the counts stated, and at least one where a license is claimed at all."""
    return list(one.license.counts) or [(one.license.tier, Count(min=1))]


def largest(counts_: Sequence[Count]) -> Count:
    """Overlapping statements count once: the largest lower bound, and the words that go with it."""
    if not counts_:
        return Count(min=0)
    best = max(counts_, key=lambda count: count.min)
    upper = [count.max for count in counts_]
    return Count(min=best.min, max=None if None in upper else max(n for n in upper if n is not None), text=best.text)
