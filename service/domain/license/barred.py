"""What keeps a license from being used for a party: a prohibition, or a list that names it (rules 21 and 23).

Earlier licenses are unusable. One issued after it, that names the party, counts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from service.domain.dates import ONE_DAY, Bounds
from service.domain.truth import Truth, all_of

BARS = ("prohibited", "presumption_of_denial")
"""The controls that bar whomever they reach. A license that is required bars those whom its provision lists."""
NOT_FOR_LISTED = frozenset({"general"})
"""The types of license that serve nobody on a list."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A provision that keeps licenses from being used. `truth`: whether it bears on the question.

    `roles` are those of the parties asked about whom its list may mean; none: it lists nobody. `types` are those of
    licenses that it makes unusable whenever they were issued; all others are, where it bars earlier ones. `bore_on`
    tells whether it bore on an earlier day.
    """

    stream: str
    truth: Truth
    roles: frozenset[str]
    types: frozenset[str]
    bars_earlier: bool
    bore_on: Callable[[date], Truth]


@dataclass(frozen=True, slots=True)
class Barred:
    """Whether a license cannot be used for what a question is about, and why."""

    truth: Truth
    because: str


NOT_BARRED = Barred(Truth.NO, "")


def barred_by(bars: Sequence[Bar], type_: str, issued: Bounds, names: frozenset[str]) -> Barred:
    """Whether one of several bars keeps a license from use. `names` are the roles in which it names a party asked."""
    found = [Barred(_truth(bar, type_, issued, names), _sentence(bar)) for bar in bars]
    return max(found, key=lambda one: one.truth, default=NOT_BARRED)


def _sentence(bar: Bar) -> str:
    roles = " or ".join(role.replace("_", " ") for role in sorted(bar.roles))
    whom = f"the {roles} is listed by {bar.stream}" if bar.roles else f"{bar.stream} bars it"
    return f"{whom}, and no license issued later names it"


def _truth(bar: Bar, type_: str, issued: Bounds, names: frozenset[str]) -> Truth:
    if type_ in bar.types:
        return bar.truth
    if not bar.bars_earlier:
        return Truth.NO
    names_whom_it_means = bool(names) and bar.roles <= names
    if not names_whom_it_means or bar.truth is Truth.NO:
        return bar.truth
    return all_of((bar.truth, _issued_after(bar, issued).negated()))


def _issued_after(bar: Bar, issued: Bounds) -> Truth:
    """Whether the bar bore already when a license was issued. Of one day, nobody can tell which came first."""
    first, last = issued.earliest, issued.latest
    if first and first > date.min and bar.bore_on(first - ONE_DAY) is Truth.YES:
        return Truth.YES
    return Truth.POSSIBLE if last is None or bar.bore_on(last) is not Truth.NO else Truth.NO
