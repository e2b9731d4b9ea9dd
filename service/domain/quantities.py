"""Numbers as sources give them: decimals in a unit, and counts with bounds and words."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import StringConstraints, model_validator

from service.domain.base import Frozen, Line, Whole

DecimalText = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,17})(\.[0-9]{1,12})?$")]
"""A decimal number as text, zero or more: no sign, no exponent, at most 18 digits before and 12 after the point."""

Unit = Literal["KGM", "TNE", "GRM", "LTR", "MTR", "MTK", "MTQ", "NMB", "C62"]
"""UN/CEFACT Recommendation 20: kilogram, tonne, gram, liter, meter, square and cubic meter, number of, piece."""


class Quantity(Frozen):
    """How much, exactly. `value` is a decimal as text, zero or more."""

    value: DecimalText
    unit: Unit

    @property
    def amount(self) -> Decimal:
        return Decimal(self.value)


class Count(Frozen):
    """How many: at least `min`, at most `max` (null: no upper bound), in the source's words."""

    min: Whole
    max: Whole | None = None
    text: Line | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Count":
        if self.max is not None and self.max < self.min:
            raise ValueError(f"at least {self.min} is more than at most {self.max}")
        return self


NONE_KNOWN = Count(min=0)
