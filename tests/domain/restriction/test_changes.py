"""Rule 15: a change that an act pre-empted is not told."""

from tests.answers.facts import period
from tests.domain.restriction.told import act, announcement, changes, proposal, report, suspension, told

STARTED = ("2025-04-04", "enters into force")
LAPSE = "applies again because its suspension ends"


def test_start_end_suspension_and_lapse_are_told():
    found = told(announcement(in_force=period("2025-04-04", "2025-12-31")), suspension("2025-05-01", "2025-05-31"))
    assert changes(found) == [STARTED, ("2025-05-01", "is suspended"), ("2025-06-01", LAPSE), ("2026-01-01", "expires")]


def test_a_suspension_extended_without_a_gap_does_not_lapse_in_between():
    again = act("suspension_extended", "2025-08-12", period=period("2025-08-12", "2025-11-09"))
    found = told(announcement(), suspension("2025-05-14", "2025-08-11"), again)
    assert changes(found) == [STARTED, ("2025-05-14", "is suspended"), ("2025-11-10", LAPSE)]


def test_a_suspension_extended_after_a_gap_lapses_in_between():
    again = act("suspension_extended", "2025-08-13", period=period("2025-08-13", "2025-11-09"))
    found = told(announcement(), suspension("2025-05-14", "2025-08-11"), again)
    assert changes(found)[1:] == [
        ("2025-05-14", "is suspended"),
        ("2025-08-12", LAPSE),
        ("2025-08-13", "is suspended"),
        ("2025-11-10", LAPSE),
    ]


def test_the_start_of_what_was_suspended_or_withdrawn_before_it_is_not_told():
    assert changes(told(announcement(), suspension("2025-04-03", "2025-12-31"))) == [
        ("2025-04-03", "is suspended"),
        ("2026-01-01", LAPSE),
    ]
    assert changes(told(announcement(), suspension("2025-04-04", None))) == [("2025-04-04", "is suspended")]
    assert changes(told(announcement(), act("withdrawn", "2025-04-03"))) == [("2025-04-03", "is withdrawn")]


def test_the_lapse_of_a_suspension_whose_provision_ended_is_not_told():
    found = told(announcement(), suspension("2025-05-01", "2025-12-31"), act("repealed", "2025-10-01"))
    assert changes(found) == [STARTED, ("2025-05-01", "is suspended"), ("2025-10-01", "is repealed")]


def test_the_end_of_what_was_repealed_by_then_is_not_told():
    ending = announcement(in_force=period("2025-04-04", "2025-12-31"))
    assert changes(told(ending, act("repealed", "2026-01-01"))) == [STARTED, ("2026-01-01", "is repealed")]
    assert changes(told(ending, act("repealed", "2025-06-01"))) == [STARTED, ("2025-06-01", "is repealed")]


def test_a_reinstatement_takes_the_place_of_the_lapse():
    found = told(announcement(), suspension("2025-05-01", "2025-12-31"), act("reinstated", "2025-06-01"))
    assert changes(found) == [STARTED, ("2025-05-01", "is suspended"), ("2025-06-01", "applies again")]


def test_an_end_that_was_extended_is_told_once_at_its_new_day():
    ending = announcement(in_force=period("2025-04-04", "2025-12-31"))
    longer = act("extended", "2025-10-01", in_force=period(None, "2026-12-31"))
    assert changes(told(ending, longer)) == [STARTED, ("2027-01-01", "expires")]


def test_amendments_are_told_while_there_is_something_to_amend():
    assert changes(told(announcement(), act("amended", "2025-06-01", kind="quota")))[1:] == [
        ("2025-06-01", "is amended")
    ]
    over = told(announcement(), act("repealed", "2025-05-01"), act("amended", "2025-06-01", kind="quota"))
    assert changes(over)[1:] == [("2025-05-01", "is repealed")]


def test_what_a_report_has_settled_is_not_told_as_to_come():
    found = told(announcement(), suspension("2025-05-01", "2025-12-31"), report("lifted", "2025-10-01"))
    assert changes(found) == [STARTED, ("2025-05-01", "is suspended")]


def test_a_draft_changes_by_what_becomes_of_it():
    assert changes(told(proposal(), act("withdrawn", "2025-03-01"))) == [("2025-03-01", "is withdrawn")]


def test_a_change_of_a_day_with_no_last_bound_is_told_where_it_can_come_first():
    ending = announcement(in_force=period("2025-04-04", "2025-12-31"))
    found = told(ending, act("suspended", "2025-06-01/..", period={"through": "2025-09-30"}))
    assert [what for _, what in changes(found)].count("is suspended") == 1
