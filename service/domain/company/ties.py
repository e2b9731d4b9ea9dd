"""What one company is to another on a day: a share that is held, a relation that is recorded. Each has its days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from service.domain.claims import Claim, SetAside
from service.domain.dates import Bounds, Period, passed, reached
from service.domain.truth import Truth

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Tie:
    """A claim that something of a size holds from a day on, through a last day where one is stated."""

    size: Decimal
    starts: Bounds
    ends: Bounds | None
    claim: Claim


def tie(size: Decimal, period: Period | None, claim: Claim) -> Tie:
    """Without a stated start it holds from the day of the claim."""
    stated = period is not None and period.from_ is not None
    return Tie(size, period.first if period and stated else claim.day, period.last if period else None, claim)


def followed(claimed: Iterable[Tie]) -> tuple[tuple[Tie, ...], tuple[SetAside, ...]]:
    """Claims about one thing in order of their days, without those that would undo what a higher tier says."""
    kept: list[Tie] = []
    aside = []
    for one in sorted(
        claimed, key=lambda each: (each.starts.latest or date.max, -each.claim.rank, each.claim.position)
    ):
        if kept and one.claim.rank < kept[-1].claim.rank and not _over(kept[-1], one):
            if (one.size, one.ends) != (kept[-1].size, kept[-1].ends):
                aside.append(SetAside(one.claim.event, one.claim.tier, "a higher tier says otherwise", True))
        elif kept and _same(kept[-1], one):
            # Who states no end contradicts nobody who does.
            kept[-1] = kept[-1] if one.ends is None else one
        else:
            kept.append(one)
    return tuple(kept), tuple(aside)


def _over(one: Tie, other: Tie) -> bool:
    """Whether the one had ended, as stated, when the other began."""
    ended, began = one.ends.latest if one.ends else None, other.starts.earliest
    return ended is not None and began is not None and ended < began


def _same(one: Tie, other: Tie) -> bool:
    return one.starts == other.starts and one.size == other.size and None in (one.ends, other.ends)


def sizes_on(ties: Sequence[Tie], on: date) -> tuple[Decimal, Decimal]:
    """The least and the most that it may be on a day, from claims in order. What is not known of counts as nothing."""
    sizes = {NOTHING}
    for index, one in enumerate(ties):
        begun = reached(one.starts, on)
        if begun is Truth.NO:
            continue
        over = passed(one.ends, on) if one.ends else Truth.NO
        may_be = {Truth.NO: {one.size}, Truth.POSSIBLE: {one.size, NOTHING}, Truth.YES: {NOTHING}}[over]
        # A later claim replaces one before it; of two about the same day, each may be so.
        rival = index > 0 and ties[index - 1].starts == one.starts
        sizes = may_be if begun is Truth.YES and not rival else sizes | may_be
    return min(sizes), max(sizes)


def holds_on(ties: Sequence[Tie], on: date) -> Truth:
    """Whether a relation holds on a day."""
    least, most = sizes_on(ties, on)
    return Truth.YES if least else Truth.POSSIBLE if most else Truth.NO
