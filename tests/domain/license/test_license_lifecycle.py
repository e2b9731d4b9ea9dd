"""A license's state on a day: every course that model.md gives it, and the days that sources leave vague."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.domain.license.acts import REFUSED
from service.domain.license.changes import transitions
from service.domain.license.events import LicenseAmended
from service.domain.truth import Truth, all_of
from tests.answers.facts import Event, period
from tests.domain.license.told import act, applied, conflicts, grant, on, report, told, words


def test_an_application_may_be_returned_denied_and_granted_in_the_end():
    course = [
        applied("2025-01-10"),
        act("returned", "2025-02-01"),
        applied("2025-02-10"),
        act("under_review", "2025-02-20"),
        act("denied", "2025-03-01"),
        applied("2025-03-10"),
        grant("2025-05-01"),
    ]
    days = ("2025-01-09", "2025-01-10", "2025-02-01", "2025-02-20", "2025-03-01", "2025-03-10", "2025-05-01")
    expected = ["not_granted", "pending", "returned", "pending", "denied", "pending", "active"]
    assert words(*course, days=days) == expected
    assert words(*reversed(course), days=days) == expected


def test_an_application_that_its_applicant_takes_back_is_withdrawn():
    assert words(
        applied("2025-01-10"), act("withdrawn", "2025-02-01", "holder"), days=("2025-01-31", "2025-02-01")
    ) == [
        "pending",
        "withdrawn",
    ]


def test_a_suspension_without_an_end_lasts_until_it_is_reinstated_and_does_not_lengthen_the_validity():
    course = [grant(), act("suspended", "2025-07-01"), act("reinstated", "2025-10-01")]
    days = ("2025-06-30", "2025-07-01", "2025-09-30", "2025-10-01", "2025-12-31", "2026-01-01")
    assert words(*course, days=days) == ["active", "suspended", "suspended", "active", "active", "expired"]
    assert words(*course[:2], days=("2025-12-31", "2026-01-01")) == ["suspended", "expired"]


def test_a_suspension_with_a_period_lapses_by_itself():
    license_ = told(grant(), act("suspended", period=period("2025-07-01", "2025-07-31")))
    assert [on(license_, day).word for day in ("2025-06-30", "2025-07-01", "2025-07-31", "2025-08-01")] == [
        "active",
        "suspended",
        "suspended",
        "active",
    ]
    lapse = next(found for found in transitions(license_) if "suspension ends" in found.what)
    assert (lapse.day.earliest, lapse.confirmed) == (date(2025, 8, 1), False)


def test_the_lapse_of_a_suspension_is_confirmed_by_a_later_word_of_it():
    license_ = told(
        grant(), act("suspended", period=period("2025-07-01", "2025-07-31")), report("active", "2025-09-01", "holder")
    )
    assert [found.confirmed for found in transitions(license_) if "suspension ends" in found.what] == [True]


def test_a_suspension_that_was_lifted_early_does_not_lapse_later():
    license_ = told(
        grant(), act("suspended", period=period("2025-07-01", "2025-09-30")), act("reinstated", "2025-08-01")
    )
    assert [found.what for found in transitions(license_)] == [
        "becomes valid",
        "is suspended",
        "is reinstated",
        "expires",
    ]
    assert on(license_, "2025-08-01").word == "active"


def test_a_suspension_of_a_vague_length_is_possible_while_it_may_last():
    license_ = told(grant(), act("suspended", period=period("2025-07-01", "2025-08")))
    assert [on(license_, day).word for day in ("2025-08-01", "2025-08-02", "2025-08-31", "2025-09-01")] == [
        "suspended",
        "undetermined",
        "undetermined",
        "active",
    ]


@pytest.mark.parametrize("ending", ["revoked", "surrendered"])
def test_what_is_revoked_or_surrendered_stays_so_after_the_old_end(ending: str):
    days = ("2025-06-30", "2025-07-01", "2026-06-01")
    assert words(grant(), act(ending, "2025-07-01"), days=days) == ["active", ending, ending]


@pytest.mark.parametrize("ending", ["revoked", "surrendered"])
def test_a_revocation_or_a_surrender_set_aside_on_appeal_leaves_the_license_as_it_was(ending: str):
    course = [grant(), act(ending, "2025-07-01"), act("reinstated", "2025-09-01")]
    assert words(*course, days=("2025-08-31", "2025-09-01", "2026-01-01")) == [ending, "active", "expired"]


def test_a_denial_set_aside_on_appeal_leaves_the_application_pending():
    course = [applied("2025-01-10"), act("denied", "2025-02-01"), act("reinstated", "2025-03-01")]
    assert words(*course, days=("2025-02-28", "2025-03-01")) == ["denied", "pending"]


def test_what_was_revoked_while_suspended_is_suspended_again_on_appeal():
    course = [
        grant(),
        act("suspended", period=period("2025-07-01", "2025-10-31")),
        act("revoked", "2025-08-01"),
        act("reinstated", "2025-09-01"),
    ]
    days = ("2025-08-01", "2025-09-01", "2025-10-31", "2025-11-01")
    assert words(*course, days=days) == ["revoked", "suspended", "suspended", "active"]


def test_a_suspension_or_a_second_grant_does_not_revive_what_is_revoked():
    course = [grant(), act("revoked", "2025-07-01"), act("suspended", "2025-08-01"), grant("2025-09-01")]
    assert words(*course, days=("2025-08-01", "2025-09-01")) == ["revoked", "revoked"]


def test_a_license_that_may_be_suspended_is_possible():
    license_ = told(grant(), act("suspended", "2025-07"))
    assert [on(license_, day).active for day in ("2025-06-30", "2025-07-15", "2025-07-31")] == [
        Truth.YES,
        Truth.POSSIBLE,
        Truth.NO,
    ]


def test_a_license_that_is_suspended_or_already_reinstated_is_possible():
    license_ = told(grant(), act("suspended", "2025-07-01"), act("reinstated", "2025-08"))
    assert [on(license_, day).active for day in ("2025-07-31", "2025-08-15", "2025-08-31")] == [
        Truth.NO,
        Truth.POSSIBLE,
        Truth.YES,
    ]


def test_acts_of_vague_days_come_in_their_order():
    """Denied some day in June, granted some day in July: on no day are both open at once."""
    license_ = told(applied("2025-05-01"), act("denied", "2025-06"), grant("2025-07", validity=period(None, "open")))
    assert [on(license_, day).pending for day in ("2025-05-31", "2025-06-15", "2025-06-30")] == [
        Truth.YES,
        Truth.POSSIBLE,
        Truth.NO,
    ]
    assert [on(license_, day).active for day in ("2025-06-30", "2025-07-15", "2025-07-31")] == [
        Truth.NO,
        Truth.POSSIBLE,
        Truth.YES,
    ]


def test_a_grant_of_a_vague_day_had_come_by_the_first_act_that_presupposes_it():
    license_ = told(grant("../2025-10-30", validity=period(None, "open")), act("suspended", "2025-06-01"))
    assert [on(license_, day).word for day in ("2025-05-31", "2025-06-01", "2025-11-01")] == [
        "undetermined",
        "suspended",
        "suspended",
    ]


def test_what_is_pending_or_granted_is_both_possible():
    license_ = told(applied("2025-05-01"), grant("2025-06", validity=period(None, "open")))
    state = on(license_, "2025-06-15")
    assert (state.pending, state.active, state.granted) == (Truth.POSSIBLE,) * 3


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([grant(), act("revoked", "2025-07-01", "press_named")], "active"),
        ([grant(), act("suspended", "2025-07-01", "other_official")], "active"),
        ([grant(), act("revoked", "2025-06-01"), act("reinstated", "2025-07-01", "press_named")], "revoked"),
        ([applied("2025-01-01"), act("denied", "2025-06-01"), grant("2025-07-01", "press_named")], "denied"),
        ([grant(), act("amended", "2025-07-01", "press_named", validity=period(None, "2025-07-15"))], "active"),
        ([grant(), report("revoked", "2025-07-01", "press_named")], "active"),
    ],
)
def test_a_lower_tier_never_undoes_what_a_higher_one_set_and_is_kept_as_a_conflict(events: list[Event], state: str):
    license_ = told(*events)
    assert on(license_, "2025-08-01").word == state
    assert conflicts(license_) == [events[-1]["id"]]


@pytest.mark.parametrize(
    ("events", "reasons"),
    [
        ([grant(), act("revoked", "2025-07-01", "press_named")], ["a higher tier set the state that it would undo"]),
        (
            [grant(), report("under_review", "2025-07-01", "press_named")],
            ["it says under review, and a higher tier set the state that it would undo"],
        ),
        (
            [grant("2025-05-01"), grant("2025-05-10", "press_named")],
            ["a higher tier says that it was granted earlier"],
        ),
        ([grant("2025-05-01", "press_named"), grant("2025-05-10")], ["a higher tier says that it was granted later"]),
    ],
)
def test_a_conflict_says_what_a_higher_tier_says_instead(events: list[Event], reasons: list[str]):
    assert [aside.reason for aside in told(*events).set_aside] == reasons


def test_a_higher_tier_undoes_what_a_lower_one_set():
    course = [grant(tier="press_named"), act("revoked", "2025-07-01", "issuer_statement")]
    assert words(*course, days=("2025-07-01",)) == ["revoked"]


def test_a_grant_tells_what_became_of_the_application_whoever_says_so():
    license_ = told(applied("2025-01-10", "holder"), grant("2025-05-01", "press_named"))
    assert on(license_, "2025-05-01").word == "active"
    assert conflicts(license_) == []


def test_the_day_of_a_grant_is_the_one_that_the_higher_tier_states():
    official, press = grant("2025-06-01", "issuer_text"), grant("2025-05-10", "press_named")
    for course in ([official, press], [press, official]):
        license_ = told(*course)
        assert [on(license_, day).granted for day in ("2025-05-31", "2025-06-01")] == [Truth.NO, Truth.YES]
        assert conflicts(license_) == [press["id"]]


def test_a_higher_tier_tells_again_of_a_grant_with_its_own_day_and_a_lower_one_does_not():
    press, official = grant("2025-06-10", "press_named"), grant("2025-06-01", "issuer_text")
    assert [on(told(press, official), day).granted for day in ("2025-05-31", "2025-06-01")] == [Truth.NO, Truth.YES]
    assert [on(told(official, press), day).granted for day in ("2025-05-31", "2025-06-01")] == [Truth.NO, Truth.YES]


def test_a_grant_on_two_days_by_sources_of_equal_tier_is_possible_between_them():
    license_ = told(grant("2025-05-10", "press_named"), grant("2025-05-20", "press_named"))
    assert [on(license_, day).granted for day in ("2025-05-09", "2025-05-15", "2025-05-20")] == [
        Truth.NO,
        Truth.POSSIBLE,
        Truth.YES,
    ]


def test_a_report_says_how_it_stood_on_its_day_and_leaves_open_since_when():
    license_ = told(grant(), report("suspended", "2025-09-01"))
    assert [on(license_, day).word for day in ("2025-05-01", "2025-05-02", "2025-08-31", "2025-09-01")] == [
        "active",
        "undetermined",
        "undetermined",
        "suspended",
    ]


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("applied", "pending"),
        ("under_review", "pending"),
        ("suspended", "suspended"),
        ("denied", "denied"),
        ("returned", "returned"),
        ("withdrawn", "withdrawn"),
        ("revoked", "revoked"),
        ("lifted", "revoked"),
        ("surrendered", "surrendered"),
        ("expired", "expired"),
        ("exhausted", "exhausted"),
        ("granted", "active"),
        ("active", "active"),
    ],
)
def test_a_report_may_be_all_that_is_known(state: str, word: str):
    license_ = told(report(state, "2025-09-01"))
    assert on(license_, "2025-09-01").word == word
    assert on(license_, "2025-08-31").word == ("not_granted" if word in REFUSED else "undetermined")


def test_what_is_reported_as_revoked_may_have_been_active_before():
    license_ = told(applied("2025-05-01"), report("revoked", "2025-09-01"))
    assert on(license_, "2025-05-01").word == "pending"
    state = on(license_, "2025-08-31")
    assert (state.active, state.pending, state.granted) == (Truth.POSSIBLE,) * 3


def test_a_report_that_agrees_changes_nothing_and_confirms():
    license_ = told(grant(), report("expired", "2026-02-01", "press_named"))
    assert on(license_, "2025-12-31").word == "active"
    assert [found.confirmed for found in transitions(license_) if found.what == "expires"] == [True]
    assert conflicts(license_) == []


def test_reports_of_equal_tier_that_disagree_about_a_day_leave_both_possible():
    license_ = told(report("active", "2025-09-01"), report("suspended", "2025-09-01"))
    assert on(license_, "2025-09-01").active is Truth.POSSIBLE


def test_a_report_that_it_is_held_after_its_last_day_counts_by_its_tier():
    lower = told(grant(), report("active", "2026-02-01", "press_named"))
    assert on(lower, "2026-02-01").word == "expired"
    assert len(conflicts(lower)) == 1
    equal = told(grant(), report("active", "2026-02-01"))
    assert [on(equal, day).active for day in ("2026-02-01", "2026-02-02")] == [Truth.YES, Truth.POSSIBLE]


def test_an_amendment_lengthens_the_validity_from_its_own_day_on():
    license_ = told(grant(), act("amended", "2025-12-01", validity=period(None, "2026-03-31")))
    assert [on(license_, day).word for day in ("2025-05-01", "2026-03-31", "2026-04-01")] == [
        "active",
        "active",
        "expired",
    ]


def test_an_amendment_that_comes_after_the_end_revives_the_license_from_its_own_day():
    license_ = told(grant(), act("amended", "2026-02-01", validity=period(None, "2026-03-31")))
    assert [on(license_, day).word for day in ("2026-01-31", "2026-02-01")] == ["expired", "active"]


def test_an_amendment_of_a_vague_day_leaves_open_whether_it_has_expired():
    license_ = told(grant(), act("amended", "2026-01", validity=period(None, "2026-03-31")))
    assert [on(license_, day).active for day in ("2026-01-15", "2026-01-31")] == [Truth.POSSIBLE, Truth.YES]


def test_a_renewal_as_another_license_ends_nothing():
    course = [grant(), act("renewed", "2025-11-01", renewed_as="license/next")]
    assert words(*course, days=("2025-11-01", "2025-12-31", "2026-01-01")) == ["active", "active", "expired"]


def test_a_license_of_which_all_lines_are_revoked_is_revoked():
    goods = [{"name": "gallium"}, {"name": "germanium"}]
    course = [grant(commodities=goods), act("partially_revoked", "2025-06-01", lines=[1])]
    assert words(*course, days=("2025-06-01",)) == ["active"]
    course.append(act("partially_revoked", "2025-07-01", lines=[2]))
    assert words(*course, days=("2025-06-30", "2025-07-01")) == ["active", "revoked"]


def test_a_license_with_an_unstated_end_is_certain_while_a_source_speaks_of_it():
    license_ = told(grant(validity=period("2025-05-01", None)), act("reinstated", "2025-07-01"))
    assert [on(license_, day).active for day in ("2025-07-01", "2025-07-02")] == [Truth.YES, Truth.POSSIBLE]


def test_commentary_drives_nothing():
    license_ = told(grant(), act("revoked", "2025-06-01", "commentary"))
    assert on(license_, "2025-07-01").word == "active"
    assert conflicts(license_) == []


def test_what_is_denied_while_equally_well_said_to_be_granted_is_possible():
    license_ = told(grant("2025-05-01", "press_named"), act("denied", "2025-06-01", "press_named"))
    assert on(license_, "2025-07-01").active is Truth.POSSIBLE


def test_an_amendment_says_what_changes():
    with pytest.raises(ValidationError, match="says what changes"):
        LicenseAmended()


VAGUE = st.sampled_from(["2025-03-10", "2025-04", "../2025-06-15", "2025-02-01/2025-07-01", "2025~", "2025-05-20"])
ACTS = st.sampled_from(
    ["under_review", "granted", "denied", "returned", "withdrawn", "suspended", "reinstated", "revoked", "surrendered"]
)


@given(st.lists(st.tuples(ACTS, VAGUE, st.sampled_from(["issuer_text", "holder", "press_named"])), max_size=7))
def test_the_states_of_a_day_fit_together_whatever_happened(course: list[tuple[str, str, str]]):
    events = [grant(day, tier) if name == "granted" else act(name, day, tier) for name, day, tier in course]
    license_ = told(applied("2025-01-10"), *events)
    for day in ("2025-01-09", "2025-03-15", "2025-05-20", "2025-06-30", "2027-01-01"):
        state = on(license_, day)
        assert all_of((state.active, state.pending)) is not Truth.YES
        assert state.active <= state.granted
        assert state.cause is None or state.active is Truth.NO
        assert not (state.pending is Truth.YES and state.cause)
    assert on(license_, "2025-01-09").word == "not_granted" or any("~" in day or ".." in day for _, day, _ in course)
