"""A company as the register knows it: its names over time, its country, its numbers, its owners and relations."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from service.domain.claims import Claim, Ledger, SetAside
from service.domain.company.events import (
    CompanyIdentified,
    CompanyOwned,
    CompanyRegistered,
    CompanyRelated,
    CompanyRenamed,
    Identifier,
)
from service.domain.company.names import normalized
from service.domain.company.ties import Tie, followed, holds_on, sizes_on, tie
from service.domain.dates import Bounds, reached
from service.domain.event_type import EventData
from service.domain.parties import Party, name_of
from service.domain.resolve import drives, resolve
from service.domain.truth import Truth

HELD = Decimal(1)
"""The size of a relation that holds; one that does not has none."""

Claimed = TypeVar("Claimed", bound=EventData)
Relation = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Company:
    """`name` is the one it was registered with; `renamings` are in order of their days."""

    stream: str
    name: str
    country: str
    aliases: tuple[str, ...]
    renamings: tuple[tuple[Bounds, str], ...]
    identifiers: tuple[Identifier, ...]
    shares: tuple[tuple[Party, tuple[Tie, ...]], ...]
    relations: tuple[tuple[Relation, tuple[Tie, ...]], ...]
    claims: tuple[Claim, ...]
    set_aside: tuple[SetAside, ...]
    position: int

    @property
    def spelled(self) -> list[str]:
        """Every name it goes by or went by, as recorded."""
        return list(dict.fromkeys((self.name, *(name for _, name in self.renamings), *self.aliases)))

    @property
    def names(self) -> frozenset[str]:
        """Every name it goes by or went by, normalized."""
        return frozenset(name for spelled in self.spelled if (name := normalized(spelled)))


def company_of(ledger: Ledger) -> Company | None:
    """The company that a stream is about; None where its registration was retracted."""
    registered = [claim for claim in ledger.claims if isinstance(claim.data, CompanyRegistered)]
    name, country = resolve("name", registered), resolve("country", registered)
    if name.claim is None:
        return None
    naming = [claim for claim in ledger.claims if isinstance(claim.data, CompanyRegistered | CompanyIdentified)]
    moving, idle = drives(claim for claim in ledger.claims if claim not in naming)
    renamings, outranked = _renamings(moving, name.claim)
    shares, rival_shares = _held(moving, CompanyOwned, _owner, lambda data: Decimal(data.share_percent))
    relations, rival_relations = _held(
        moving, CompanyRelated, lambda data: (data.relation, data.company), lambda _: HELD
    )
    known = [claim.data for claim in naming if isinstance(claim.data, CompanyRegistered | CompanyIdentified)]
    aside = (*name.set_aside, *country.set_aside, *outranked, *rival_shares, *rival_relations)
    return Company(
        stream=ledger.stream,
        name=name.value,
        country=country.value,
        aliases=tuple(dict.fromkeys(alias for data in known for alias in data.aliases)),
        renamings=renamings,
        identifiers=tuple({(i.scheme, i.value): i for data in known for i in data.identifiers}.values()),
        shares=tuple((data.owner, held) for data, held in shares),
        relations=tuple(((data.relation, data.company), held) for data, held in relations),
        claims=ledger.claims,
        set_aside=(*ledger.set_aside, *idle, *aside),
        position=ledger.position,
    )


def _renamings(moving: Iterable[Claim], base: Claim) -> tuple[tuple[tuple[Bounds, str], ...], list[SetAside]]:
    """The renamings in order of their days, and those of a lower tier than the name that they would replace."""
    rank, kept, outranked = base.rank, [], []
    for claim in sorted(moving, key=lambda each: (each.day.latest or date.max, each.position)):
        if not isinstance(claim.data, CompanyRenamed):
            continue
        if claim.rank < rank:
            outranked.append(SetAside(claim.event, claim.tier, "a higher tier gives the name", True))
        else:
            rank = claim.rank
            kept.append((claim.day, claim.data.name))
    return tuple(kept), outranked


def _owner(data: CompanyOwned) -> Hashable:
    return name_of(data.owner) or data.owner.model_dump_json()


def _held(
    claims: Iterable[Claim],
    type_: type[Claimed],
    about: Callable[[Claimed], Hashable],
    size: Callable[[Claimed], Decimal],
) -> tuple[list[tuple[Claimed, tuple[Tie, ...]]], list[SetAside]]:
    """The claims of a type, by what they are about, in the order in which they follow each other."""
    claimed: dict[Hashable, list[tuple[Claimed, Tie]]] = {}
    for claim in claims:
        if isinstance(claim.data, type_):
            data: Any = claim.data
            claimed.setdefault(about(data), []).append((data, tie(size(data), data.period, claim)))
    found = [(group[0][0], followed(one for _, one in group)) for group in claimed.values()]
    return [(data, kept) for data, (kept, _) in found], [one for _, (_, aside) in found for one in aside]


def name_on(company: Company, on: date) -> str:
    """What it is called on a day: the last name that it certainly had taken by then."""
    taken = [name for day, name in company.renamings if reached(day, on) is Truth.YES]
    return taken[-1] if taken else company.name


def former_names(company: Company, on: date) -> list[str]:
    """The names that it had before the one that it has on a day; and one that it has taken only possibly."""
    had = [company.name, *(name for day, name in company.renamings if reached(day, on) is not Truth.NO)]
    return [name for name in dict.fromkeys(had) if name != name_on(company, on)]


@dataclass(frozen=True, slots=True)
class Share:
    """What an owner holds on a day, at least and at most, in percent."""

    owner: Party
    least: Decimal
    most: Decimal
    events: tuple[str, ...]


def shares_on(company: Company, on: date) -> list[Share]:
    """What each owner holds on a day; those that certainly hold nothing are left out."""
    found = [
        Share(owner, *sizes_on(held, on), tuple(event for one in held for event in one.claim.events))
        for owner, held in company.shares
    ]
    return [share for share in found if share.most]


def relations_on(company: Company, on: date) -> dict[Relation, Truth]:
    """The relations that certainly or possibly hold on a day."""
    found = {relation: holds_on(held, on) for relation, held in company.relations}
    return {relation: truth for relation, truth in found.items() if truth is not Truth.NO}
