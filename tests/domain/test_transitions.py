"""A change that a date brings by itself: when it has come, and when it is still ahead."""

from datetime import date

import pytest

from service.domain.dates import Bounds
from service.domain.transitions import Transition, day_after

FIRST, DAY, LAST = date(2025, 4, 30), date(2025, 5, 1), date(2025, 5, 2)


def change(earliest: date | None, latest: date | None) -> Transition:
    return Transition("license/l", "expires", Bounds(earliest, latest), confirmed=False)


@pytest.mark.parametrize(
    ("bounds", "on", "due", "ahead"),
    [
        ((DAY, DAY), FIRST, False, True),
        ((DAY, DAY), DAY, True, False),
        ((DAY, DAY), LAST, True, False),
        ((DAY, LAST), FIRST, False, True),
        ((DAY, LAST), DAY, True, True),
        ((DAY, LAST), LAST, True, False),
        ((None, DAY), FIRST, False, True),
        ((None, DAY), DAY, True, False),
        ((DAY, None), DAY, True, False),
        ((DAY, None), FIRST, False, False),
        ((None, None), DAY, False, False),
    ],
)
def test_a_change_is_due_once_it_may_have_come_and_ahead_while_it_may_still_come(
    bounds: tuple[date | None, date | None], on: date, due: bool, ahead: bool
):
    found = change(*bounds)
    assert (found.due(on), found.ahead(on)) == (due, ahead)


def test_what_lasts_through_a_day_is_over_on_the_next_and_the_last_day_of_all_has_none():
    assert day_after(Bounds(FIRST, DAY)) == Bounds(DAY, LAST)
    assert day_after(Bounds(None, date.max)) == Bounds(None, date.max)
