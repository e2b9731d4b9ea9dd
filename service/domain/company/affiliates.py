"""An affiliates rule: who is owned by listed parties, alone or together, from a share on, is treated as they are.

Shares go up chains (rule 5): an owner that the rule itself reaches counts whole, one that it does not reach counts for
nothing, and a company that owns itself through others reaches nothing by that. A share that nobody recorded is none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from service.domain.parties import Asked, Owner
from service.domain.screening import PartyList, Under, named_in
from service.domain.truth import Truth

KINDS = ("prohibition", "presumption_of_denial", "conditional_prohibition", "licensing")
"""The kinds of provision that list parties, the strictest first."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A provision that names end users. `holds`: it is in force and reaches the question, apart from who is asked."""

    stream: str
    kind: str
    parties: PartyList
    holds: Truth
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Affiliation:
    """Whether the rule reaches a party, the kinds of the listings whose control it passes on, and what it rests on."""

    truth: Truth
    kinds: tuple[str, ...]
    because: str
    events: tuple[str, ...] = ()


ITSELF = ""
"""The key of the party asked about."""
Named = Mapping[str, Sequence[tuple[Listing, Truth]]]
"""The listings that name an owner, or may, by the owner's key."""


def affiliation(asked: Asked | None, listings: Sequence[Listing], at_least: Sequence[str]) -> Affiliation:
    """Holds a party of a question against the rule.

    `at_least` is the share in percent from which it reaches; several where sources disagree, none where none says it.
    """
    if asked is None:
        return _unasked(listings)
    named = {owner.key: _naming(owner, listings) for owner in asked.owners}
    chain = Chain(asked, named, tuple(at_least))
    least, most = chain.share(ITSELF)
    truth = chain.reaches(ITSELF)
    if truth is Truth.YES:
        return _reached(chain, truth, f"listed parties own {least} percent of {asked.label}")
    if truth is Truth.POSSIBLE:
        by = f"up to {most} percent of {asked.label}" if most else f"a company that {asked.label} may be"
        return _reached(chain, truth, f"listed parties may own {by}")
    if asked.more_owners and listings:
        because = f"more shares stand above {asked.label} than the {len(asked.owners)} that were looked at"
        return Affiliation(Truth.POSSIBLE, _kinds(listings), because)
    known = f"listed parties own {most} percent of {asked.label}, which is less than the share it reaches from"
    return Affiliation(Truth.NO, (), known if most else f"no listed party is known to own a share of {asked.label}")


def _unasked(listings: Sequence[Listing]) -> Affiliation:
    if not listings:
        return Affiliation(Truth.NO, (), "it reaches affiliates of listed parties, and none is listed")
    because = "it reaches affiliates of listed parties, and the question names no end user"
    return Affiliation(Truth.POSSIBLE, _kinds(listings), because)


class Chain:
    """Who above a party is reached by the rule: those listed, and those whom others that are reached own.

    A party that may be another company, by its name, may be reached as that one is.
    """

    def __init__(self, asked: Asked, named: Named, at_least: tuple[str, ...]) -> None:
        self.owners, self.named, self.at_least = asked.owners, named, at_least
        self.known = {ITSELF: asked} | {owner.key: owner.asked for owner in asked.owners}
        self.reached = {key: max((truth for _, truth in found), default=Truth.NO) for key, found in named.items()}
        self.reached |= {near: self.reached.get(near, Truth.NO) for one in self.known for near in self._may_be(one)}
        # Each round reaches further by a step. What is reached stays so, and cycles come to rest.
        while (further := self._further()) != self.reached:
            self.reached = further

    def _further(self) -> dict[str, Truth]:
        return {key: max(truth, self.reaches(key)) for key, truth in self.reached.items()}

    def _may_be(self, key: str) -> list[str]:
        return [near.company for near in self.known[key].near] if key in self.known else []

    def _held(self, key: str) -> list[Owner]:
        company = self.known[key].company if key in self.known else key
        return [owner for owner in self.owners if owner.of == company]

    def share(self, key: str) -> tuple[Decimal, Decimal]:
        """What those who are certainly reached, and those who may be, hold of a party: at least, and at most."""
        held = self._held(key)
        least = sum((owner.least for owner in held if self.reached[owner.key] is Truth.YES), Decimal(0))
        return least, sum((owner.most for owner in held if self.reached[owner.key] is not Truth.NO), Decimal(0))

    def reaches(self, key: str) -> Truth:
        """Whether the rule reaches a party by the shares that are held of it, or of one that it may be."""
        least, most = self.share(key)
        if self.at_least and least and all(least >= Decimal(share) for share in self.at_least):
            return Truth.YES
        may = most and any(most >= Decimal(share) for share in self.at_least or ("0",))
        may = may or any(self.reached[near] is not Truth.NO for near in self._may_be(key))
        return Truth.POSSIBLE if may else Truth.NO

    def through(self, truth: Truth) -> list[Owner]:
        """The shares by which the party is reached, at least so certainly, nearest first."""
        found: list[Owner] = []
        keys = [ITSELF]
        for key in keys:
            by = [one for one in self._held(key) if self._counts(one, truth) and one not in found]
            found += by
            others = [] if truth is Truth.YES else self._may_be(key)
            keys += [one for one in (*(owner.key for owner in by), *others) if one not in keys]
        return found

    def _counts(self, owner: Owner, truth: Truth) -> bool:
        return bool(owner.least if truth is Truth.YES else owner.most) and self.reached[owner.key] >= truth


def _naming(owner: Owner, listings: Iterable[Listing]) -> list[tuple[Listing, Truth]]:
    """The listings that name an owner, or may: by its name, since a class names nobody."""
    found = [(one, min(one.holds, named_in(owner.asked, one.parties, Under.RESTRICTION))) for one in listings]
    return [(one, truth) for one, truth in found if truth is not Truth.NO]


def _reached(chain: Chain, truth: Truth, because: str) -> Affiliation:
    by = chain.through(truth)
    listings = [one for owner in by for one, found in chain.named[owner.key] if found >= truth]
    events = [event for owner in by for event in owner.events]
    events += [event for one in listings for event in one.events]
    return Affiliation(truth, _kinds(listings), because, tuple(dict.fromkeys(events)))


def _kinds(listings: Iterable[Listing]) -> tuple[str, ...]:
    """The strictest kind: who is listed twice falls under both, and the stricter decides."""
    return (min((one.kind for one in listings), key=KINDS.index),)
