"""What of a license is used up: its uses, line by line and day by day, and what remains.

The same reference is the same use. Where a day is vague, or sources of equal tier differ about a use, what remains lies
between two amounts.
"""

from collections.abc import Iterable, Sequence
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
    """One use of a license: a shipment by its reference. Several draws: sources of equal tier differ about it."""

    reference: str
    draws: tuple[Draw, ...]
    events: tuple[str, ...]

    def drawn(self, number: int, unit: Unit, on: date) -> tuple[Decimal, Decimal]:
        """The least and the most that it has drawn on a line by a day. Raises UnitMismatch."""
        found = [_drawn(draw, number, unit, on) for draw in self.draws]
        return min(least for least, _ in found), max(most for _, most in found)

    def made(self, on: date) -> Truth:
        come = {reached(draw.day, on) for draw in self.draws}
        return come.pop() if len(come) == 1 else Truth.POSSIBLE


def _drawn(draw: Draw, number: int, unit: Unit, on: date) -> tuple[Decimal, Decimal]:
    come = reached(draw.day, on)
    if draw.line != number or come is Truth.NO:
        return NOTHING, NOTHING
    amount = convert(draw.quantity, unit)
    return amount if come is Truth.YES else NOTHING, amount


@dataclass(frozen=True, slots=True)
class Remaining:
    """What may still be shipped under a line, in the line's own unit: at least, and at most."""

    least: Decimal
    most: Decimal


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
        uses.append(Use(reference, draws, tuple(event for claim, _ in told for event in claim.events)))
        reason = f"a higher tier tells otherwise of the use {reference}"
        asides += [
            SetAside(c.event, c.tier, reason, True) for c, draw in told if c.rank < highest and draw not in draws
        ]
    return tuple(uses), asides


def remaining(line: SaidLine, uses: Iterable[Use], on: date) -> Remaining | None:
    """What may still be shipped under a license line on a day; None where no quantity was stated.

    Uses count on and after their own day. Never less than nothing. Raises UnitMismatch where a use cannot be converted.
    """
    quantity = line.line.quantity
    if quantity is None:
        return None
    with localcontext(EXACT):
        drawn = [use.drawn(line.number, quantity.unit, on) for use in uses]
        most = quantity.amount - sum((least for least, _ in drawn), NOTHING)
        least = quantity.amount - sum((most for _, most in drawn), NOTHING)
    return Remaining(max(least, NOTHING), max(most, NOTHING))


def left_of(line: SaidLine, terms: Terms, uses: Sequence[Use], on: date) -> Remaining | None:
    """What is left of a line, under the license's conditions too; None where nobody can say."""
    try:
        left = remaining(line, uses, on)
    except UnitMismatch:
        return None
    made = any_of(use.made(on) for use in uses) if terms.single_shipment else Truth.NO
    if left is None or made is Truth.NO:
        return left
    return Remaining(NOTHING, NOTHING if made is Truth.YES else left.most)


def used_up(line: SaidLine, terms: Terms, uses: Sequence[Use], on: date) -> Truth:
    """Whether nothing may be shipped under a line any more: its quantity is used, or the only shipment is made."""
    once = any_of(use.made(on) for use in uses) if terms.single_shipment else Truth.NO
    try:
        left = remaining(line, uses, on)
    except UnitMismatch:
        return max(once, Truth.POSSIBLE)
    if left is None or left.most > 0:
        return max(once, Truth.POSSIBLE if left and left.least == 0 else Truth.NO)
    return max(once, Truth.POSSIBLE if line.disputed else Truth.YES)


def exhausted(terms: Terms, uses: Sequence[Use], on: date) -> Truth:
    """Whether every line is used up. A line without a stated quantity has no end."""
    if not uses:
        return Truth.NO
    if not terms.lines:
        return any_of(use.made(on) for use in uses) if terms.single_shipment else Truth.NO
    return all_of(used_up(line, terms, uses, on) for line in terms.lines)


def suffices(asked: Quantity, line: SaidLine, terms: Terms, uses: Sequence[Use], on: date) -> tuple[Truth, str]:
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
    allowance = _allowance(line, quantity)
    enough = Truth.YES if wanted <= left.least + allowance else Truth.POSSIBLE
    enough = Truth.NO if wanted > left.most + allowance else enough
    sign = "<" if enough is Truth.NO else ">="
    because = f"line {number}: remaining {_shown(left, quantity.unit)}"
    because += f", with a tolerance of {line.line.tolerance_percent} percent" if allowance else ""
    because += f" {sign} asked {written(wanted)} {quantity.unit}"
    open_ = line.disputed or spent is Truth.POSSIBLE
    return (min(enough, Truth.POSSIBLE) if open_ else enough), because


def _allowance(line: SaidLine, quantity: Quantity) -> Decimal:
    percent = line.line.tolerance_percent
    with localcontext(EXACT):
        return quantity.amount * Decimal(percent) / 100 if percent else NOTHING


def _shown(left: Remaining, unit: Unit) -> str:
    least, most = written(left.least), written(left.most)
    return f"{least} {unit}" if least == most else f"{least} to {most} {unit}"
