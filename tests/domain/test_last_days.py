"""What is kept of a thing for the last days asked about."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.domain.kept import MOST_DAYS, LastDays
from service.domain.license.timeline import LicenseTimeline
from service.domain.restriction.timeline import RestrictionTimeline
from tests.domain.license.told import grant
from tests.domain.license.told import told as license_told
from tests.domain.restriction.told import announcement
from tests.domain.restriction.told import told as restriction_told

FIRST = date(2026, 1, 1)


def test_a_day_asked_about_again_is_found_once():
    kept, found = LastDays[str](), list[date]()

    def find(day: date) -> str:
        found.append(day)
        return day.isoformat()

    assert [kept.on(FIRST, find) for _ in range(3)] == ["2026-01-01"] * 3
    assert found == [FIRST]


def test_no_more_than_the_last_days_are_kept():
    kept, found = LastDays[str](), list[date]()

    def find(day: date) -> str:
        found.append(day)
        return day.isoformat()

    days = [FIRST + timedelta(days=number) for number in range(MOST_DAYS + 1)]
    assert [kept.on(day, find) for day in days] == [day.isoformat() for day in days]
    assert len(kept) == MOST_DAYS
    assert [kept.on(day, find) for day in days[1:]] == [day.isoformat() for day in days[1:]]
    assert found == days
    kept.on(FIRST, find)
    assert found == [*days, FIRST]


@pytest.mark.parametrize(
    "timeline", [restriction_told(announcement()), license_told(grant())], ids=lambda one: one.stream
)
def test_a_timeline_is_read_once_for_a_day_and_never_for_another(timeline: RestrictionTimeline | LicenseTimeline):
    on_first = timeline.on(FIRST)
    assert timeline.on(FIRST) is on_first
    assert timeline.on(FIRST + timedelta(days=1)).day == FIRST + timedelta(days=1)


def test_a_changed_timeline_keeps_nothing_of_the_one_before():
    first = restriction_told(announcement())
    assert (first.on(FIRST).controller, replace(first, controller="US").on(FIRST).controller) == ("CN", "US")
