"""A group of countries, and who belongs to it on a day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from service.domain.claims import Claim, Ledger, SetAside
from service.domain.countries import Members
from service.domain.dates import passed, reached
from service.domain.group.events import GroupDefined, Membership
from service.domain.resolve import drives, resolve
from service.domain.truth import Truth, all_of, any_of


@dataclass(frozen=True, slots=True)
class Group:
    stream: str
    name: str
    title: str | None
    memberships: tuple[tuple[Membership, Claim], ...]
    claims: tuple[Claim, ...]
    set_aside: tuple[SetAside, ...]
    position: int

    @property
    def countries(self) -> list[str]:
        """Every country that belongs to it on any day."""
        return sorted({one.country for one, _ in self.memberships})


Groups = Mapping[str, Group]
"""What `group.defined` recorded, by stream."""


def group_of(ledger: Ledger) -> Group | None:
    """The group that a stream is about; None where nothing that stands defines it."""
    moving, idle = drives(ledger.claims)
    name, title = resolve("name", moving), resolve("title", moving)
    if name.claim is None:
        return None
    return Group(
        stream=ledger.stream,
        name=name.value,
        title=title.value,
        memberships=tuple(_memberships(moving)),
        claims=tuple(moving),
        set_aside=(*ledger.set_aside, *idle, *name.set_aside),
        position=ledger.position,
    )


def _memberships(defining: Iterable[Claim]) -> Iterator[tuple[Membership, Claim]]:
    for claim in defining:
        if isinstance(claim.data, GroupDefined):
            yield from ((one, claim) for one in claim.data.members)


def belongs(group: Group, country: str, on: date) -> Truth:
    """Whether a country is a member on a day, by the highest tier that names it; possible where equal ones disagree."""
    named = [(one, claim) for one, claim in group.memberships if one.country == country]
    highest = max((claim.rank for _, claim in named), default=0)
    by_claim: dict[str, list[Truth]] = {}
    for one, claim in named:
        if claim.rank == highest:
            by_claim.setdefault(claim.event, []).append(_during(one, claim, on))
    found = {any_of(truths) for truths in by_claim.values()}
    if len(found) > 1:
        return Truth.POSSIBLE
    return any_of(found)


def _during(one: Membership, claim: Claim, on: date) -> Truth:
    stated = one.period is not None and one.period.from_ is not None
    begun = reached(one.period.first if one.period and stated else claim.day, on)
    over = passed(one.period.last, on) if one.period and one.period.last else Truth.NO
    return all_of((begun, over.negated()))


def members_on(groups: Groups, on: date) -> Members:
    """Who belongs to the groups on a day. A group without a definition may have any country as its member."""
    return lambda group, country: belongs(groups[group], country, on) if group in groups else Truth.POSSIBLE
