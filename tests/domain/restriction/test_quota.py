"""Rule 19: a quota that is used up or blocked stays a quota, with nothing left."""

import pytest

from tests.answers.facts import Event, announced, period
from tests.domain.restriction.asked import ask, known
from tests.domain.restriction.told import act, changes, on, told

YEARS = [
    {"period": period("2025-01-01", "2025-12-31"), "quantity": {"value": "1000", "unit": "TNE"}},
    {"period": period("2026-01-01", "2026-12-31"), "quantity": {"value": "900", "unit": "TNE"}},
]


def quota(volumes: object = YEARS) -> Event:
    event = announced("r", kind="quota", in_force=period("2025-01-01"), on="2024-12-01")
    if volumes:
        event["data"]["volume"] = volumes
    return event


def states(*events: Event, days: tuple[str, ...]) -> list[tuple[str, ...]]:
    found = told(*events)
    return [quota.states for day in days if (quota := on(found, day).quota)]


def test_used_up_it_is_a_quota_with_nothing_left_and_never_not_restricted():
    found = ask(known(quota(), act("quota_exhausted", "2025-06-01")), "2025-06-01")
    assert found.control == "quota"
    (one,) = found.decisive
    assert one.provision.quota is not None
    assert one.provision.quota.state == "exhausted"


def test_used_up_it_is_so_until_the_next_period():
    used_up = act("quota_exhausted", "2025-09-30")
    days = ("2025-09-29", "2025-09-30", "2025-12-31", "2026-01-01")
    assert states(quota(), used_up, days=days) == [("open",), ("exhausted",), ("exhausted",), ("open",)]
    assert states(quota(None), used_up, days=("2026-01-01",)) == [("exhausted",)]


def test_blocked_it_is_so_until_it_is_reopened():
    events = (quota(), act("quota_blocked", "2025-10-15"), act("quota_reopened", "2026-02-01"))
    days = ("2025-10-14", "2025-10-15", "2026-01-31", "2026-02-01")
    assert states(*events, days=days) == [("open",), ("blocked",), ("blocked",), ("open",)]


@pytest.mark.parametrize(("day", "found"), [("2025-08-31", ("open",)), ("2025-09-01", ("open", "exhausted"))])
def test_an_act_that_may_have_come_leaves_it_open(day: str, found: tuple[str, ...]):
    assert states(quota(), act("quota_exhausted", "2025-09"), days=(day,)) == [found]


def test_an_act_only_agreed_on_leaves_it_open():
    assert states(quota(), act("quota_blocked", "2025-09-01", certainty="agreed"), days=("2025-09-01",)) == [
        ("open", "blocked")
    ]


def test_the_volume_is_that_of_the_day():
    amended = act("amended", "2025-07-01", volume=[{**YEARS[0], "quantity": {"value": "800", "unit": "TNE"}}])
    found = told(quota(), amended)
    volumes = [one.volumes for day in ("2025-06-30", "2025-07-01", "2026-01-01") if (one := on(found, day).quota)]
    assert [[volume.quantity.value for volume in each] for each in volumes] == [["1000"], ["800"], []]


def test_what_is_no_quota_has_none():
    assert on(told(announced("r")), "2025-07-01").quota is None


def test_its_acts_are_among_the_changes():
    assert changes(told(quota(), act("quota_exhausted", "2025-09-30")))[1:] == [("2025-09-30", "is used up")]


def test_the_types_of_license_that_a_list_bars_are_those_of_the_day():
    listed = announced("r", kind="conditional")
    listed["data"]["bars_license_types"] = ["general"]
    found = told(listed, act("amended", "2025-07-01", bars_license_types=["general", "exception"]))
    assert [on(found, day).bars_license_types for day in ("2025-06-30", "2025-07-01")] == [
        ("general",),
        ("general", "exception"),
    ]
