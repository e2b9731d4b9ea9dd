"""What dates bring to a license by themselves; what an act made impossible is not told (rule 15)."""

from datetime import date

import pytest

from service.domain.license.changes import transitions
from service.domain.license.timeline import LicenseTimeline
from tests.answers.facts import Event, period
from tests.domain.license.told import act, grant, report, told

LAPSED = "may be used again because its suspension ends"
SUMMER = period("2025-07-01", "2025-08-31")


def days(license_: LicenseTimeline, what: str) -> list[str]:
    return [str(one.day.earliest or one.day.latest) for one in transitions(license_) if one.what == what]


def test_a_license_becomes_valid_on_its_first_day_and_expires_on_the_day_after_its_last():
    license_ = told(grant("2025-04-01"))
    assert days(license_, "becomes valid") == ["2025-05-01"]
    assert days(license_, "expires") == ["2026-01-01"]


@pytest.mark.parametrize(
    ("event", "told_of"),
    [
        (act("revoked", "2025-05-01"), []),
        (act("revoked", "2025-05-02"), ["2025-05-01"]),
        (act("surrendered", "2025-04-15"), []),
        (act("suspended", period=period("2025-04-15", "2025-05-01")), []),
        (act("suspended", period=period("2025-04-15", "2025-04-30")), ["2025-05-01"]),
        (act("revoked", "2025-04-15/2025-05-02"), ["2025-05-01"]),
    ],
)
def test_what_is_taken_away_before_it_starts_is_not_said_to_become_valid(event: Event, told_of: list[str]):
    assert days(told(grant("2025-04-01"), event), "becomes valid") == told_of


@pytest.mark.parametrize(
    ("events", "told_of"),
    [
        ([], ["2025-09-01"]),
        ([act("reinstated", "2025-08-31")], []),
        ([act("reinstated", "2025-09-02")], ["2025-09-01"]),
        ([act("revoked", "2025-09-01")], []),
        ([act("revoked", "2025-09-02")], ["2025-09-01"]),
        ([act("amended", "2025-08-01", destination="SG"), act("surrendered", "2025-08-02")], []),
        ([act("amended", "2025-08-01", validity=period(None, "2025-08-31"))], []),
        ([act("amended", "2025-08-01", validity=period(None, "2025-09-01"))], ["2025-09-01"]),
        ([act("suspended", period=period("2025-09-01", "2025-10-31"))], ["2025-11-01"]),
        ([act("suspended", period=period("2025-09-02", "2025-10-31"))], ["2025-09-01", "2025-11-01"]),
    ],
)
def test_a_suspension_lapses_unless_something_else_came_first(events: list[Event], told_of: list[str]):
    license_ = told(grant(), act("suspended", period=SUMMER), *events)
    assert days(license_, LAPSED) == told_of


@pytest.mark.parametrize("ending", ["revoked", "surrendered"])
def test_what_is_taken_away_does_not_expire(ending: str):
    assert days(told(grant(), act(ending, "2025-07-01")), "expires") == []


def test_what_was_found_held_after_its_last_day_is_not_said_to_expire_on_it():
    assert days(told(grant(), report("active", "2026-02-01")), "expires") == []


def test_each_act_is_told_on_its_day_and_a_report_is_none():
    events = [act("amended", "2025-06-01", destination="SG"), act("partially_revoked", "2025-06-02", lines=[1])]
    events += [act("suspended", "2025-06-03"), act("reinstated", "2025-06-04"), act("surrendered", "2025-06-05")]
    license_ = told(
        grant(commodities=[{"name": "gallium"}, {"name": "germanium"}]), *events, report("revoked", "2026-01-01")
    )
    found = [one.what for one in transitions(license_)]
    assert found == [
        "becomes valid",
        "is amended",
        "is revoked in part",
        "is suspended",
        "is reinstated",
        "is surrendered",
    ]


def test_a_renewal_names_the_license_that_it_was_renewed_as():
    license_ = told(grant(), act("renewed", "2025-11-01", renewed_as="license/next"), act("renewed", "2025-11-02"))
    assert days(license_, "is renewed as license/next") == ["2025-11-01"]


@pytest.mark.parametrize(("on", "confirmed"), [("2025-12-31", False), ("2026-01-01", True)])
def test_a_change_is_confirmed_by_what_is_said_on_its_day_or_later(on: str, confirmed: bool):
    license_ = told(grant(), report("expired", on, "press_named"))
    assert [one.confirmed for one in transitions(license_) if one.what == "expires"] == [confirmed]


def test_a_change_of_which_no_day_is_known_is_confirmed_by_nothing():
    license_ = told(grant(validity=period("2025-05-01", "[2025-12-01..]")))
    assert [one.confirmed for one in transitions(license_) if one.what == "expires"] == [False]
    assert [one.day.earliest for one in transitions(license_) if one.what == "expires"] == [date(2025, 12, 2)]
