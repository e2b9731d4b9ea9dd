"""Numbers as sources give them: decimals in a unit, and counts with bounds and words."""

from decimal import Context, Decimal, Inexact, localcontext
from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints, model_validator

from service.domain.base import Frozen, Line, Whole

DecimalText = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,17})(\.[0-9]{1,12})?$")]
"""A decimal number as text, zero or more: no sign, no exponent, at most 18 digits before and 12 after the point."""


def _at_most_all(share: str) -> str:
    if Decimal(share) > 100:
        raise ValueError("must be at most 100 percent")
    return share


Percent = Annotated[DecimalText, AfterValidator(_at_most_all)]
"""A share of a whole in percent, from 0 to 100, as decimal text."""

Unit = Literal["KGM", "TNE", "GRM", "LTR", "MTR", "MTK", "MTQ", "NMB", "C62"]
"""UN/CEFACT Recommendation 20: kilogram, tonne, gram, liter, meter, square and cubic meter, number of, piece."""


EXACT = Context(prec=100, traps=[Inexact])
"""Far more digits than a thousand uses need; a result that would be rounded is an error."""

KILOGRAMS: dict[str, Decimal] = {"GRM": Decimal("0.001"), "KGM": Decimal(1), "TNE": Decimal(1000)}
"""The units of mass, which convert into each other exactly. No other two units do."""


class UnitMismatch(ValueError):
    """Quantities in units of different kinds: they cannot be compared."""


class Quantity(Frozen):
    """How much, exactly. `value` is a decimal as text, zero or more."""

    value: DecimalText
    unit: Unit

    @property
    def amount(self) -> Decimal:
        return Decimal(self.value)

    def __str__(self) -> str:
        return f"{self.value} {self.unit}"


def convert(quantity: Quantity, to: Unit) -> Decimal:
    """The amount in another unit, exactly. Raises UnitMismatch where the units are of different kinds."""
    if quantity.unit == to:
        return quantity.amount
    if quantity.unit not in KILOGRAMS or to not in KILOGRAMS:
        raise UnitMismatch(f"{quantity.unit} cannot be compared with {to}")
    with localcontext(EXACT):
        return quantity.amount * KILOGRAMS[quantity.unit] / KILOGRAMS[to]


def written(amount: Decimal) -> str:
    """A decimal as text, without an exponent, without zeros that say nothing."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class Count(Frozen):
    """How many: at least `min`, at most `max` (null: no upper bound), in the source's words."""

    min: Whole
    max: Whole | None = None
    text: Line | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Count":
        if self.max is not None and self.max < self.min:
            raise ValueError("min is greater than max")
        return self
