"""Uses that cannot be as they are told (rule 25): before the license is valid or after, of no line, over the quantity.

They are recorded, counted and told as conflicts; what is made while the license is not valid may not count against it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext

from service.domain.claims import SetAside
from service.domain.license.acts import World
from service.domain.license.terms import SaidLine
from service.domain.license.uses import NOTHING, Draw, Use, allowance_of
from service.domain.quantities import EXACT, Quantity, Unit, UnitMismatch, convert, written

WorldsOn = Callable[[date], Sequence[World]]
Drawn = dict[tuple[int, Unit], Decimal]
"""What is drawn so far, by line and unit."""


def checked_uses(uses: Iterable[Use], worlds_on: WorldsOn) -> tuple[tuple[Use, ...], list[SetAside]]:
    """The uses, those marked that may not count, and what is told of each that cannot be."""
    kept, asides = [], list[SetAside]()
    drawn: Drawn = {}
    for number, use in enumerate(sorted(uses, key=_last_day), 1):
        worlds = worlds_on(_last_day(use))
        outside = _outside(use, worlds)
        reasons = [*([outside] if outside else []), *_over(use, worlds[0], drawn, number)]
        kept.append(replace(use, doubtful=outside is not None))
        asides += [SetAside(use.claims[0].event, use.claims[0].tier, reason, True) for reason in reasons]
    return tuple(kept), asides


def _last_day(use: Use) -> date:
    return max(draw.day.latest or date.max for draw in use.draws)


def _outside(use: Use, worlds: Iterable[World]) -> str | None:
    """Why it was certainly made while the license was not valid, by all that the days leave open."""
    reasons = [_out_of_validity(draw, world) for world in worlds for draw in use.draws]
    if all(reasons):
        return f"the use {use.reference} is of a day {reasons[0]}"
    return None


def _out_of_validity(draw: Draw, world: World) -> str | None:
    starts, ends = world.terms.starts, world.terms.ends
    if starts and starts.earliest and draw.day.latest and draw.day.latest < starts.earliest:
        return "before the license is valid"
    if ends and ends.latest and draw.day.earliest and draw.day.earliest > ends.latest and not world.outlived:
        return "after the license's last one"
    return None


def _over(use: Use, world: World, drawn: Drawn, number: int) -> Iterator[str]:
    """What it draws that is not there, by all that was drawn before it."""
    draw = max(use.draws, key=lambda draw: draw.quantity.amount)
    line = next((line for line in world.terms.lines if line.number == draw.line), None)
    if world.terms.single_shipment and number > 1:
        yield f"the use {use.reference} is another one of a license for a single shipment"
    if line is None:
        if world.terms.lines:
            yield f"the use {use.reference} is of line {draw.line}, which does not exist"
        return
    total = _total(draw, line, drawn)
    if total is not None and line.line.quantity and total > line.line.quantity.amount + allowance_of(line):
        so_far = f"{written(total)} {line.line.quantity.unit}"
        yield f"the use {use.reference} brings line {draw.line} to {so_far}, over its {line.line.quantity}"


def _total(draw: Draw, line: SaidLine, drawn: Drawn) -> Decimal | None:
    """What is drawn on a line with this draw, in the line's unit; None where it cannot be compared."""
    if line.line.quantity is None:
        return None
    try:
        unit, amount = _in_plain_unit(draw.quantity)
        with localcontext(EXACT):
            total = drawn[draw.line, unit] = drawn.get((draw.line, unit), NOTHING) + amount
            return convert(Quantity.model_construct(value=str(total), unit=unit), line.line.quantity.unit)
    except UnitMismatch:
        return None


def _in_plain_unit(quantity: Quantity) -> tuple[Unit, Decimal]:
    """Masses in kilograms, so that they add up; other units do not convert."""
    try:
        return "KGM", convert(quantity, "KGM")
    except UnitMismatch:
        return quantity.unit, quantity.amount
