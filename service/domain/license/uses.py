"""What of a license is used up: its uses, line by line and day by day, and what remains.

The same reference is the same use. Where a day is vague, sources of equal tier differ about a use, or a use cannot be
what it is said to be, what remains lies between two amounts. It is known only where uses are reported here (rule 26).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from service.domain.claims import Claim, SetAside
from service.domain.dates import Bounds, bounds, reached
from service.domain.license.events import LicenseUsed
from service.domain.license.terms import SaidLine, Terms
from service.domain.quantities import EXACT, Quantity, Unit, UnitMismatch, convert, written
from service.domain.resolve import distinct
from service.domain.truth import Truth, all_of, any_of

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Draw:
    """How much is drawn on which line, on which day."""

    line: int
    day: Bounds
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a license: a shipment by its reference. Several draws: sources of equal tier differ about it.

    `doubtful`: it was made while the license was certainly not valid, so it may not count against it.
    """

    reference: str
    draws: tuple[Draw, ...]
    claims: tuple[Claim, ...]
    doubtful: bool = False

    @property
    def events(self) -> tuple[str, ...]:
        return tuple(event for claim in self.claims for event in claim.events)

    def drawn(self, number: int, unit: Unit, on: date) -> tuple[Decimal, Decimal]:
        """The least and the most that it has drawn on a line by a day. Raises UnitMismatch."""
        found = [_drawn(draw, number, unit, on) for draw in self.draws]
        least = NOTHING if self.doubtful else min(least for least, _ in found)
        return least, max(most for _, most in found)

    def made(self, on: date) -> Truth:
        come = {reached(draw.day, on) for draw in self.draws}
        certain = come.pop() if len(come) == 1 else Truth.POSSIBLE
        return min(certain, Truth.POSSIBLE) if self.doubtful else certain


def _drawn(draw: Draw, number: int, unit: Unit, on: date) -> tuple[Decimal, Decimal]:
    come = reached(draw.day, on)
    if draw.line != number or come is Truth.NO:
        return NOTHING, NOTHING
    amount = convert(draw.quantity, unit)
    return amount if come is Truth.YES else NOTHING, amount


@dataclass(frozen=True, slots=True)
class Uses:
    """The uses on record. `reported`: the license's uses are told to the register, so what is left is known."""

    made: tuple[Use, ...] = ()
    reported: bool = False

    def __iter__(self) -> Iterator[Use]:
        return iter(self.made)


@dataclass(frozen=True, slots=True)
class Remaining:
    """What may still be shipped under a line, in the line's own unit: at least, and at most.

    `least` is None where nobody reports uses, so that nothing is certain. Less than nothing: more was shipped than the
    line is for.
    """

    least: Decimal | None
    most: Decimal

    @property
    def overdrawn(self) -> bool:
        """Whether more was shipped, certainly or possibly, than the line is for."""
        return self.least is not None and self.least < 0


def uses_of(claims: Iterable[Claim]) -> tuple[tuple[Use, ...], list[SetAside]]:
    """The uses that claims tell of, each reference once, by the highest tier that tells of it."""
    by_reference: dict[str, list[tuple[Claim, Draw]]] = {}
    for claim in claims:
        data = claim.data
        if isinstance(data, LicenseUsed):
            draw = Draw(data.line, bounds(data.day), data.quantity)
            by_reference.setdefault(data.reference, []).append((claim, draw))
    uses, asides = [], []
    for reference, told in by_reference.items():
        highest = max(claim.rank for claim, _ in told)
        draws = tuple(distinct(draw for claim, draw in told if claim.rank == highest))
        uses.append(Use(reference, draws, tuple(claim for claim, _ in told)))
        reason = f"a higher tier tells otherwise of the use {reference}"
        asides += [
            SetAside(c.event, c.tier, reason, True) for c, draw in told if c.rank < highest and draw not in draws
        ]
    return tuple(uses), asides


def remaining(line: SaidLine, uses: Uses, on: date) -> Remaining | None:
    """What may still be shipped under a license line on a day; None where no quantity was stated (rules 25, 26).

    Uses count on and after their own day. Raises UnitMismatch where a use cannot be converted.
    """
    quantity = line.line.quantity
    if quantity is None:
        return None
    with localcontext(EXACT):
        drawn = [use.drawn(line.number, quantity.unit, on) for use in uses]
        most = quantity.amount - sum((least for least, _ in drawn), NOTHING)
        least = quantity.amount - sum((most for _, most in drawn), NOTHING)
    return Remaining(least if uses.reported else None, most)


def left_of(line: SaidLine, terms: Terms, uses: Uses, on: date) -> Remaining | None:
    """What is left of a line, under the license's conditions too; None where nobody can say."""
    try:
        left = remaining(line, uses, on)
    except UnitMismatch:
        return None
    made = _only_shipment_made(terms, uses, on)
    if left is None or made is Truth.NO:
        return left
    least = min(left.least, NOTHING) if left.least is not None else None
    return Remaining(least, min(left.most, NOTHING) if made is Truth.YES else left.most)


def _only_shipment_made(terms: Terms, uses: Uses, on: date) -> Truth:
    return any_of(use.made(on) for use in uses) if terms.single_shipment else Truth.NO


def used_up(line: SaidLine, terms: Terms, uses: Uses, on: date) -> Truth:
    """Whether nothing may be shipped under a line any more: its quantity is used, or the only shipment is made."""
    once = _only_shipment_made(terms, uses, on)
    try:
        left = remaining(line, uses, on)
    except UnitMismatch:
        return max(once, Truth.POSSIBLE)
    if left is None:
        return once
    if left.most > 0:
        return max(once, Truth.POSSIBLE if left.least is not None and left.least <= 0 else Truth.NO)
    return max(once, Truth.POSSIBLE if line.disputed else Truth.YES)


def exhausted(terms: Terms, uses: Uses, on: date) -> Truth:
    """Whether every line is used up. A line without a stated quantity has no end."""
    if not uses.made:
        return Truth.NO
    if not terms.lines:
        return _only_shipment_made(terms, uses, on)
    return all_of(used_up(line, terms, uses, on) for line in terms.lines)


def suffices(asked: Quantity, line: SaidLine, terms: Terms, uses: Uses, on: date) -> tuple[Truth, str]:
    """Whether what remains of a line is enough for a shipment, and the sentence that says why."""
    quantity, number = line.line.quantity, line.number
    spent = used_up(line, terms, uses, on)
    if spent is Truth.YES:
        return Truth.NO, f"nothing remains of line {number}"
    if quantity is None:
        return Truth.POSSIBLE, f"no source says how much line {number} is for"
    try:
        wanted, left = convert(asked, quantity.unit), remaining(line, uses, on)
    except UnitMismatch as mismatch:
        return Truth.POSSIBLE, f"{mismatch}, so what remains of line {number} is open"
    if left is None:
        return Truth.POSSIBLE, f"no source says how much line {number} is for"
    allowance = allowance_of(line)
    enough = _enough(wanted, left, allowance)
    open_ = line.disputed or spent is Truth.POSSIBLE
    return min(enough, Truth.POSSIBLE) if open_ else enough, _because(line, left, wanted, quantity.unit, enough)


def _enough(wanted: Decimal, left: Remaining, allowance: Decimal) -> Truth:
    if wanted > left.most + allowance:
        return Truth.NO
    certain = left.least is not None and wanted <= left.least + allowance
    return Truth.YES if certain else Truth.POSSIBLE


def allowance_of(line: SaidLine) -> Decimal:
    """By how much shipments may bring the total over the quantity, in the line's own unit."""
    percent, quantity = line.line.tolerance_percent, line.line.quantity
    with localcontext(EXACT):
        return quantity.amount * Decimal(percent) / 100 if percent and quantity else NOTHING


def _because(line: SaidLine, left: Remaining, wanted: Decimal, unit: Unit, enough: Truth) -> str:
    tolerance = line.line.tolerance_percent
    because = f"line {line.number}: remaining {_shown(left, unit)}"
    because += f", with a tolerance of {tolerance} percent" if tolerance else ""
    because += f" {'<' if enough is Truth.NO else '>='} asked {written(wanted)} {unit}"
    return because if left.least is not None else f"{because}, and no use of it is reported here"


def _shown(left: Remaining, unit: Unit) -> str:
    most = written(left.most)
    if left.least is None:
        return f"at most {most} {unit}"
    least = written(left.least)
    return f"{least} {unit}" if least == most else f"{least} to {most} {unit}"
