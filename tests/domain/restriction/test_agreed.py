"""Rule 13: what was agreed on and not enacted leaves both possible, until something settles it."""

import pytest

from tests.answers.facts import Event, period
from tests.domain.restriction.told import act, announcement, changes, on, phases, report, suspension, told, words

SUSPENDED = (announcement(), suspension("2025-11-10", "2026-11-09", published="2025-11-07"))
LAPSE = "applies again because its suspension ends"


def agreed(name: str, on: str | None = "2026-09-28", *, tier: str = "issuer_statement", **data: object) -> Event:
    published = data.pop("published", "2026-09-28")
    return act(name, on, tier=tier, published=str(published), certainty="agreed", **data)


LONGER = agreed("suspension_extended", period=period("2026-11-10", "2027-01-10"))


def test_an_agreed_extension_leaves_suspended_and_in_force_possible_from_its_first_day_on():
    found = told(*SUSPENDED, LONGER)
    assert words(found, "2026-11-09", "2026-11-10", "2027-01-10", "2027-01-11") == {
        "2026-11-09": "suspended",
        "2026-11-10": "undetermined",
        "2027-01-10": "undetermined",
        "2027-01-11": "in_force",
    }
    assert phases(found, "2026-11-10") == {"suspended", "in_force"}


def test_the_calendar_has_what_follows_with_it_and_without_it():
    assert changes(told(*SUSPENDED, LONGER))[1:] == [
        ("2025-11-10", "is suspended"),
        ("2026-11-10", LAPSE),
        ("2027-01-11", LAPSE + " (agreed)"),
    ]


@pytest.mark.parametrize("tier", ["other_official", "press_named", "commentary"])
def test_only_the_authority_can_say_what_it_will_do(tier: str):
    found = told(*SUSPENDED, agreed("suspension_extended", tier=tier, period=period("2026-11-10", "2027-01-10")))
    assert on(found, "2026-11-10").state.word == "in_force"
    assert len(found.set_aside) == 1


def test_an_enacted_act_on_the_same_matter_settles_it():
    enacted = act("suspension_extended", "2026-11-05", period=period("2026-11-10", "2027-11-10"))
    assert words(told(*SUSPENDED, LONGER, enacted), "2026-11-10", "2027-01-11", "2027-11-11") == {
        "2026-11-10": "suspended",
        "2027-01-11": "suspended",
        "2027-11-11": "in_force",
    }
    assert on(told(*SUSPENDED, LONGER, act("reinstated", "2026-11-10")), "2026-11-10").state.word == "in_force"


def test_what_was_enacted_before_settles_nothing():
    assert phases(told(*SUSPENDED, LONGER), "2026-11-10") == phases(told(LONGER, *SUSPENDED), "2026-11-10")


def test_an_act_on_another_matter_settles_nothing():
    amended = act("amended", "2026-10-15", provision="other words")
    assert on(told(*SUSPENDED, LONGER, amended), "2026-11-10").state.word == "undetermined"


@pytest.mark.parametrize(
    ("state", "later"), [("suspended", "in_force"), ("in_force", "in_force"), ("still_applies", "in_force")]
)
def test_the_word_of_the_authority_settles_it(state: str, later: str):
    said = report(state, "2026-11-12", "issuer_statement")
    stood = "suspended" if state == "suspended" else "in_force"
    assert words(told(*SUSPENDED, LONGER, said), "2026-11-11", "2026-11-12", "2027-01-10", "2027-01-11") == {
        "2026-11-11": "undetermined",
        "2026-11-12": stood,
        "2027-01-10": stood,
        "2027-01-11": later,
    }


def test_the_word_of_the_press_does_not():
    found = told(*SUSPENDED, LONGER, report("suspended", "2026-11-12", "press_named"))
    assert on(found, "2026-11-12").state.word == "undetermined"


def test_a_report_from_before_its_first_day_settles_nothing():
    found = told(*SUSPENDED, LONGER, report("suspended", "2026-10-01", "issuer_statement"))
    assert on(found, "2026-11-10").state.word == "undetermined"


def test_an_agreed_amendment_leaves_both_kinds_possible():
    found = told(announcement(), agreed("amended", "2026-12-01", kind="prohibition"))
    assert [on(found, day).kinds for day in ("2026-11-30", "2026-12-01")] == [
        ("licensing",),
        ("licensing", "prohibition"),
    ]
    enacted = act("amended", "2026-12-15", kind="quota", published="2026-12-10")
    settled = told(announcement(), agreed("amended", "2026-12-01", kind="prohibition"), enacted)
    assert [on(settled, day).kinds for day in ("2026-12-14", "2026-12-15")] == [
        ("licensing", "prohibition"),
        ("quota",),
    ]


def test_an_agreed_repeal_and_an_agreed_end_leave_both_possible():
    assert phases(told(announcement(), agreed("repealed", "2026-12-01")), "2026-12-01") == {"in_force", "ended"}
    ending = announcement(in_force=period("2025-04-04", "2026-11-09"))
    longer = agreed("extended", in_force=period(None, "2027-01-10"))
    assert phases(told(ending, longer), "2026-11-10") == {"in_force", "ended"}
    assert phases(told(ending, longer), "2027-01-11") == {"ended"}


def test_a_measure_agreed_on_may_never_have_been_announced():
    found = told(agreed_announcement())
    assert phases(found, "2026-12-01") == {"in_force"}
    assert on(found, "2026-12-01").state.word == "undetermined"
    assert on(told(agreed_announcement(), announcement()), "2026-12-01").state.word == "in_force"


def agreed_announcement() -> Event:
    event = announcement(in_force=period("2026-12-01"), on="2026-09-28")
    event["data"]["certainty"] = "agreed"
    return event


def test_two_agreed_acts_leave_each_mixture_possible():
    found = told(*SUSPENDED, LONGER, agreed("repealed", "2026-12-01"))
    assert phases(found, "2026-12-15") == {"suspended", "in_force", "ended"}
    assert phases(found, "2026-11-15") == {"suspended", "in_force"}


def test_an_act_published_with_the_agreement_is_not_what_settles_it():
    together = suspension("2025-11-10", "2026-11-09", published="2026-09-28")
    assert on(told(announcement(), together, LONGER), "2026-11-10").state.word == "undetermined"
