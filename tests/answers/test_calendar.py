"""The calendar of what changes by itself: which days it takes in, and that all of them can be read."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from tests.answers.facts import Register, announced, granted, period, suspended

TODAY = "2026-11-24"


def entries(register: Register, **window: str) -> list[tuple[str, str, str]]:
    found = register.get("/v1/calendar", **window)["entries"]
    return [(one["earliest"], one["about"], one["what"]) for one in found]


@pytest.fixture
def today() -> date:
    return date.fromisoformat(TODAY)


def test_without_a_window_it_is_the_next_five_years(register: Register, today: date):
    last = today + timedelta(days=1_826)
    days = {"over": today - timedelta(days=1), "now": today, "last": last, "after": last + timedelta(days=1)}
    register.record(
        *(announced(f"cn-{slug}", in_force=period(day.isoformat()), on="2025-04-01") for slug, day in days.items())
    )
    with time_machine.travel(datetime(2026, 11, 24, 12, tzinfo=UTC), tick=False):
        shown = register.get("/v1/calendar")
    assert [one["about"] for one in shown["entries"]] == ["restriction/cn-now", "restriction/cn-last"]
    assert (shown["from"], shown["through"]) == (TODAY, last.isoformat())


def test_a_window_may_take_in_every_day_there_is(register: Register):
    register.record(
        announced("cn-m", in_force=period("1990-01-01", "2999-12-31")),
        suspended("cn-m", "2025-11-10", "2026-11-27"),
        granted("cn-l", validity=period("2025-05-01", "2026-05-01")),
    )
    assert entries(register, **{"from": "0001-01-01", "through": "9999-12-31"}) == [
        ("1990-01-01", "restriction/cn-m", "enters into force"),
        ("2025-05-01", "license/cn-l", "becomes valid"),
        ("2025-11-10", "restriction/cn-m", "is suspended"),
        ("2026-05-02", "license/cn-l", "expires"),
        ("2026-11-28", "restriction/cn-m", "applies again, its suspension having lapsed"),
        ("3000-01-01", "restriction/cn-m", "expires"),
    ]


def test_a_large_window_is_given_whole(register: Register):
    register.record(
        *(announced(f"cn-{n}", in_force=period("2027-01-01", f"2028-{n % 12 + 1:02}-01")) for n in range(600))
    )
    assert len(entries(register, **{"from": "2027-01-01", "through": "2028-12-31"})) == 1_200
