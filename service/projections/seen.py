"""What a reader sees: the log up to a position, and of that, where it is asked for, only what was public by a day."""

from datetime import date
from typing import Self


class Seen(int):
    """A log position, with the day by which sources must have been published (rule 32); None asks nothing of them."""

    public_by: date | None

    def __new__(cls, position: int, public_by: date | None = None) -> Self:
        made = super().__new__(cls, position)
        made.public_by = public_by
        return made


def public_by(at: int) -> date | None:
    return at.public_by if isinstance(at, Seen) else None
