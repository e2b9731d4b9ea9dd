"""Kleene's three-valued logic: what is so, what may be so, what is not so."""

from collections.abc import Iterable
from enum import IntEnum
from typing import Literal

Certainty = Literal["no", "possible", "yes"]


class Truth(IntEnum):
    """Ordered from weakest to strongest, so that `and` is the minimum and `or` the maximum."""

    NO = 0
    POSSIBLE = 1
    YES = 2

    def negated(self) -> "Truth":
        return NEGATED[self]

    @property
    def word(self) -> Certainty:
        return WORDS[self]


NEGATED = {Truth.NO: Truth.YES, Truth.POSSIBLE: Truth.POSSIBLE, Truth.YES: Truth.NO}
WORDS: dict[Truth, Certainty] = {Truth.NO: "no", Truth.POSSIBLE: "possible", Truth.YES: "yes"}


def all_of(claims: Iterable[Truth]) -> Truth:
    """Kleene's and. Of nothing: YES."""
    return min(claims, default=Truth.YES)


def any_of(claims: Iterable[Truth]) -> Truth:
    """Kleene's or. Of nothing: NO."""
    return max(claims, default=Truth.NO)
