"""Standing and covered: what the licenses considered for a question give, in one table (rules 22-24, 27, 28).

`docs/how-an-answer-follows.md` holds the same table in words.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from service.domain.answer import STRICTEST_FIRST, Control, Covered, Standing
from service.domain.license.considered import LicenseConsidered
from service.domain.license.parties import NAMED_BY
from service.domain.truth import Truth, all_of

WEAKEST_FIRST: tuple[Covered, ...] = ("no", "unknown", "possible", "yes_with_conditions", "yes")
GOODS, DESTINATION, USE = ("commodities",), ("destinations",), ("end_uses", "re_export")


@dataclass(frozen=True, slots=True)
class Row:
    """What one license is to a company. The first row whose `when` holds is the license's own."""

    standing: Standing
    when: Callable[[LicenseConsidered], bool]
    cause: Callable[[LicenseConsidered], str | None] = lambda _: None


def _elsewhere(one: LicenseConsidered) -> bool:
    """For somebody else, or another destination: no evidence about the company asked about (rule 24)."""
    return one.named is None or one.truth_of(*DESTINATION) is Truth.NO or not one.parties.told_of


def _out_of_scope(one: LicenseConsidered) -> bool:
    """Its own, and active, but not for these goods or this use."""
    return one.state.active is not Truth.NO and one.matches is Truth.NO


TABLE: tuple[Row, ...] = (
    Row("confirmed", lambda one: one.usable is Truth.YES and one.named in NAMED_BY),
    Row("reported", lambda one: one.usable is Truth.YES and one.named is not None),
    Row("possible", lambda one: one.usable is not Truth.NO and one.parties.told_of, lambda one: open_causes(one)[0]),
    Row("pending", lambda one: one.parties.told_of and all_of((one.state.pending, one.matches)) is not Truth.NO),
    Row("none", lambda one: one.parties.told_of and one.valid is not Truth.NO, lambda _: "barred"),
    Row("unknown", _elsewhere),
    Row("none", _out_of_scope, lambda _: "out_of_scope"),
    Row("none", lambda one: one.matches is not Truth.NO and one.state.cause is not None, lambda one: one.state.cause),
    Row("unknown", lambda _: True),
)
"""What one license gives, from the strongest standing to the weakest. What bars it comes before what befell it."""

BEST_FIRST: tuple[Standing, ...] = ("confirmed", "reported", "possible", "pending", "none", "unknown")


def row_of(one: LicenseConsidered) -> Row:
    return next(row for row in TABLE if row.when(one))


def cause_of(one: LicenseConsidered) -> str | None:
    """Why a license gives no more than it does: what leaves it open, or why it cannot be used."""
    return row_of(one).cause(one)


def open_causes(one: LicenseConsidered) -> tuple[str, ...]:
    """What leaves it open whether a license may be used for this: each cause that there is, one at least (rule 28)."""
    whole, state = one.on_day.state, one.state
    found = (
        *((doubt, True) for doubt in one.parties.doubts),
        ("end_not_stated", state.open_ended),
        ("destination_not_stated", one.truth_of(*DESTINATION) is Truth.POSSIBLE),
        ("vague_date", whole.active is Truth.POSSIBLE and not state.open_ended),
        ("goods_not_exact", one.truth_of(*GOODS) is Truth.POSSIBLE),
        ("uses_not_exact", whole.active is Truth.YES and state.active is Truth.POSSIBLE),
        ("end_use_not_exact", one.truth_of(*USE) is Truth.POSSIBLE),
    )
    # What is otherwise under each of several terms is open by the day of an amendment.
    return tuple(cause for cause, open_ in found if open_) or ("vague_date",)


def standing_of(found: Sequence[LicenseConsidered]) -> tuple[Standing, str | None]:
    """A company's standing: the first that holds for any license, and its cause where it is `none` or `possible`."""
    rows = [(row_of(one), one) for one in found]
    best = min((row.standing for row, _ in rows), key=BEST_FIRST.index, default=None)
    ours = [(row, one) for row, one in rows if row.standing == best]
    if not ours:
        return "unknown", None
    row, one = max(ours, key=_foremost)
    return row.standing, row.cause(one)


def _foremost(pair: tuple[Row, LicenseConsidered]) -> tuple[int, int, tuple[date, int]]:
    """Of licenses of one standing, the one whose cause is told: the least doubtful, then what bars, then the one that
    something befell last, by day and then by position (rule 24)."""
    row, one = pair
    doubts = len(open_causes(one)) if row.standing == "possible" else 0
    return -doubts, -TABLE.index(row), one.on_day.latest_act


def license_gives(one: LicenseConsidered, *, asks: bool) -> Covered | None:
    """How far one license covers a shipment for which one is needed; None where it has no bearing (rule 27).

    `asks`: the question names a party. Without one, no license is known to be for whoever asks.
    """
    if one.usable is Truth.NO:
        return None
    enough = one.quantity.truth if one.quantity else Truth.YES
    if enough is Truth.NO:
        return "no" if asks else "unknown"
    open_ = one.named is None or one.parties.unnamed or one.barred.truth is Truth.POSSIBLE
    if not asks or open_ or all_of((one.usable, enough)) is not Truth.YES:
        return "possible"
    return "yes_with_conditions" if one.bound else "yes"


def licenses_give(found: Sequence[LicenseConsidered], standing: Standing, *, asks: bool) -> Covered:
    """How far all of them together do: as far as the best one."""
    covers = [cover for one in found if (cover := license_gives(one, asks=asks)) is not None]
    if covers:
        return max(covers, key=WEAKEST_FIRST.index)
    return "no" if asks and standing in ("pending", "none") else "unknown"


Need = Literal["nothing", "condition", "license", "open", "forbidden"]
NEED_OF: Mapping[Control, Need] = {
    "prohibited": "forbidden",
    "presumption_of_denial": "license",
    "quota": "license",
    "license_required": "license",
    "conditional": "condition",
    "notification": "condition",
    "undetermined": "open",
    "not_yet_in_force": "nothing",
    "suspended": "nothing",
    "not_restricted": "nothing",
    "no_data": "nothing",
}
"""What a control asks for. What is `open` may ask for a license."""

_AS_GIVEN: dict[Covered, Covered | None] = {given: given for given in WEAKEST_FIRST}
_NEVER_YES: dict[Covered, Covered | None] = _AS_GIVEN | {"yes": "possible", "yes_with_conditions": "possible"}


def _always(covered: Covered | None) -> dict[Covered, Covered | None]:
    return dict.fromkeys(WEAKEST_FIRST, covered)


COVERED: Mapping[tuple[Need, bool], Mapping[Covered, Covered | None]] = {
    ("nothing", False): _always(None),
    ("nothing", True): _always(None),
    ("condition", False): _always("yes_with_conditions"),
    ("condition", True): _always("possible"),
    ("license", False): _AS_GIVEN,
    ("license", True): _NEVER_YES,
    ("open", False): _AS_GIVEN | {"no": "unknown"},
    ("open", True): _NEVER_YES | {"no": "unknown"},
    ("forbidden", False): _always("no"),
    ("forbidden", True): _always("no"),
}
"""Covered, by what the control asks for, whether something stricter is possible beside it, and what licenses give."""


def covered_of(control: Control, possible: Iterable[Control], given: Covered) -> Covered | None:
    """Whether a shipment is covered where a control is in force that a license or a condition can meet (rule 27).

    `possible` are the controls that possibly apply beside it; `given` is what the licenses give.
    """
    return COVERED[NEED_OF[control], _stricter_is_possible(control, possible)][given]


def _stricter_is_possible(control: Control, possible: Iterable[Control]) -> bool:
    """Where nothing is certain, what a license meets is no stricter than what may be needed."""
    limit = control if control in STRICTEST_FIRST else "license_required"
    return any(STRICTEST_FIRST.index(one) < STRICTEST_FIRST.index(limit) for one in possible if one in STRICTEST_FIRST)


def worst_of(covers: Iterable[Covered | None]) -> Covered | None:
    """Covered under several countries' controls: as little as under the worst of those that ask for something."""
    return min((one for one in covers if one is not None), key=WEAKEST_FIRST.index, default=None)
