"""An affiliates rule: who is owned by listed parties, alone or together, from a share on, is treated as they are.

It reaches no further than from a direct owner, and takes a share that nobody recorded for none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from service.domain.parties import Asked, Owner, Party, meant
from service.domain.truth import Truth

KINDS = ("prohibition", "presumption_of_denial", "conditional_prohibition", "licensing")
"""The kinds of provision that list parties, the strictest first."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A provision that names end users. `holds`: it is in force and reaches the question, apart from who is asked."""

    stream: str
    kind: str
    parties: Sequence[Party]
    holds: Truth
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Affiliation:
    """Whether the rule reaches a party, the kinds of the listings whose control it passes on, and what it rests on."""

    truth: Truth
    kinds: tuple[str, ...]
    because: str
    events: tuple[str, ...] = ()


def affiliation(asked: Asked | None, listings: Sequence[Listing], at_least: Sequence[str]) -> Affiliation:
    """Holds a party of a question against the rule.

    `at_least` is the share in percent from which it reaches; several where sources disagree, none where none says it.
    """
    if asked is None:
        return _unasked(listings)
    listed = [(owner, found) for owner in asked.owners if (found := _naming(owner, listings))]
    certain = [(owner, [one for one, truth in found if truth is Truth.YES]) for owner, found in listed]
    least = sum((owner.least for owner, found in certain if found), Decimal(0))
    most = sum((owner.most for owner, _ in listed), Decimal(0))
    if at_least and least and all(least >= Decimal(share) for share in at_least):
        by = [(owner, found) for owner, found in certain if found and owner.least]
        return _reached(Truth.YES, f"listed parties own {least} percent of {asked.label}", by)
    if most and any(most >= Decimal(share) for share in at_least or ("0",)):
        by = [(owner, [one for one, _ in found]) for owner, found in listed]
        return _reached(Truth.POSSIBLE, f"listed parties may own up to {most} percent of {asked.label}", by)
    known = f"listed parties own {most} percent of {asked.label}, which is less than the share it reaches from"
    return Affiliation(Truth.NO, (), known if most else f"no listed party is known to own a share of {asked.label}")


def _unasked(listings: Sequence[Listing]) -> Affiliation:
    if not listings:
        return Affiliation(Truth.NO, (), "it reaches affiliates of listed parties, and none is listed")
    because = "it reaches affiliates of listed parties, and the question names no end user"
    return Affiliation(Truth.POSSIBLE, _kinds(listings), because)


def _naming(owner: Owner, listings: Iterable[Listing]) -> list[tuple[Listing, Truth]]:
    """The listings that name an owner, or may: by its name alone, since a class names nobody."""
    found = [(one, min(one.holds, _named(owner, one))) for one in listings]
    return [(one, truth) for one, truth in found if truth is not Truth.NO]


def _named(owner: Owner, listing: Listing) -> Truth:
    matches = (meant(owner.asked, party) for party in listing.parties)
    return Truth.YES if any(match.named and match.truth is Truth.YES for match in matches) else Truth.NO


def _reached(truth: Truth, because: str, by: Sequence[tuple[Owner, Sequence[Listing]]]) -> Affiliation:
    listings = [one for _, found in by for one in found]
    events = [event for owner, _ in by for event in owner.events]
    events += [event for one in listings for event in one.events]
    return Affiliation(truth, _kinds(listings), because, tuple(dict.fromkeys(events)))


def _kinds(listings: Iterable[Listing]) -> tuple[str, ...]:
    """The strictest kind: who is listed twice falls under both, and the stricter decides."""
    return (min((one.kind for one in listings), key=KINDS.index),)
