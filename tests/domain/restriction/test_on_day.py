"""Rule 12: what an act can change is asked for on a day."""

import pytest

from tests.answers.facts import period
from tests.domain.restriction.told import act, announcement, changes, on, proposal, report, suspension, told, words

GOODS = [{"hs": "2844"}]


@pytest.mark.parametrize("name", ["kind", "kinds", "scope", "scopes", "label", "instrument", "in_force", "state"])
def test_a_timeline_has_nothing_that_an_act_can_change(name: str):
    assert not hasattr(told(announcement()), name)


def test_an_amendment_changes_kind_scope_and_words_from_its_day_on():
    amended = act("amended", "2025-06-01", kind="prohibition", provision="all of it", scope={"commodities": GOODS})
    found = told(announcement(), amended)
    before, after = on(found, "2025-05-31"), on(found, "2025-06-01")
    assert (before.kind, before.label, after.kind, after.label) == ("licensing", None, "prohibition", "all of it")
    assert (before.scope.named_goods()[0].name, after.scope.named_goods()[0].hs) == ("rare_earth_magnets", "2844")


def test_an_amendment_that_may_have_come_leaves_both_possible():
    found = told(announcement(), act("amended", "2025-06-01/2025-06-30", kind="prohibition"))
    assert on(found, "2025-05-31").kinds == ("licensing",)
    assert on(found, "2025-06-01").kinds == ("licensing", "prohibition")
    assert on(found, "2025-06-30").kinds == ("prohibition",)


def test_what_is_looked_up_is_every_commodity_it_ever_named():
    found = told(proposal(), announcement(), act("amended", "2025-06-01", scope={"commodities": GOODS}))
    assert [line.name or line.hs for line in found.every_commodity] == ["rare_earth_magnets", "2844"]


def test_an_extension_counts_from_its_day_on():
    end, later = period("2025-04-04", "2025-12-31"), period(None, "2026-12-31")
    found = told(announcement(in_force=end), act("extended", "2025-10-01", in_force=later))
    assert [on(found, day).through for day in ("2025-09-30", "2025-10-01")] == ["2025-12-31", "2026-12-31"]
    assert words(found, "2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01") == {
        "2025-12-31": "in_force",
        "2026-01-01": "in_force",
        "2026-12-31": "in_force",
        "2027-01-01": "ended",
    }


def test_an_extension_made_after_the_end_shows_its_end_for_the_days_between():
    found = told(
        announcement(in_force=period("2025-04-04", "2025-12-31")),
        act("extended", "2026-01-15", in_force=period(None, "2026-12-31")),
    )
    assert [on(found, day).through for day in ("2025-12-31", "2026-01-01")] == ["2025-12-31", "2026-12-31"]


def test_a_repeal_names_its_successor_from_its_day_on():
    found = told(announcement(), act("repealed", "2025-06-01", superseded_by="restriction/s"))
    assert [on(found, day).successor for day in ("2025-05-31", "2025-06-01")] == [None, "restriction/s"]


def test_a_draft_stays_what_it_was_until_its_rule_is_announced():
    found = told(proposal("2025-02-01", kind="prohibition"), announcement(on="2025-04-01"))
    before, after = on(found, "2025-03-31"), on(found, "2025-04-01")
    assert (before.proposed, before.kind, before.state.word) == (True, "prohibition", "not_announced")
    assert (after.proposed, after.kind, after.state.word) == (False, "licensing", "not_yet_in_force")
    assert not on(found, "2025-01-31").proposed


def test_an_act_on_the_draft_leaves_the_announced_rule_alone():
    found = told(
        proposal("2025-01-01"),
        act("amended", "2025-02-01", kind="quota"),
        act("withdrawn", "2025-03-01"),
        announcement(on="2025-04-01"),
    )
    days = ("2025-01-31", "2025-02-01", "2025-03-01", "2025-04-04")
    assert [on(found, day).proposed for day in days] == [True, True, False, False]
    assert [on(found, day).kind for day in days] == ["licensing", "quota", "quota", "licensing"]
    assert on(found, "2025-04-04").state.word == "in_force"


def test_a_second_suspension_does_not_reopen_the_first():
    found = told(
        announcement(),
        suspension("2025-05-01", "2025-08-31"),
        act("reinstated", "2025-06-01"),
        suspension("2025-10-01", "2025-12-31"),
        act("reinstated", "2025-11-01"),
    )
    assert words(found, "2025-05-31", "2025-06-01", "2025-08-31", "2025-10-01", "2025-10-31", "2025-11-01") == {
        "2025-05-31": "suspended",
        "2025-06-01": "in_force",
        "2025-08-31": "in_force",
        "2025-10-01": "suspended",
        "2025-10-31": "suspended",
        "2025-11-01": "in_force",
    }


def test_an_act_binds_on_its_own_day():
    found = told(announcement(in_force=period("2025-04-04", "2025-12-31")), suspension("2025-05-01", "2025-05-31"))
    days = (
        "2025-04-03",
        "2025-04-04",
        "2025-04-30",
        "2025-05-01",
        "2025-05-31",
        "2025-06-01",
        "2025-12-31",
        "2026-01-01",
    )
    expected = ("not_yet_in_force", "in_force", "in_force", "suspended", "suspended", "in_force", "in_force", "ended")
    assert tuple(words(found, *days).values()) == expected


def test_since_is_a_day_on_which_it_applied():
    early = told(announcement(in_force=period("2025-04-04")), suspension("2025-04-02", "2025-04-30"))
    assert [on(early, day).since for day in ("2025-04-30", "2025-05-01")] == [None, "2025-05-01"]
    later = told(announcement(in_force=period("2025-04-04")), suspension("2025-05-01", "2025-05-31"))
    assert [on(later, day).since for day in ("2025-05-01", "2025-06-01")] == ["2025-04-04", "2025-04-04"]
    lifted = told(
        announcement(in_force=period("2025-04-04")),
        suspension("2025-04-02", "2025-04-30"),
        act("reinstated", "2025-04-20"),
    )
    assert on(lifted, "2025-04-20").since == "2025-04-20"
    withdrawn = told(announcement(in_force=period("2025-04-04")), act("withdrawn", "2025-04-02"))
    assert on(withdrawn, "2025-05-01").since is None


def test_a_report_alone_says_nothing_of_since_when():
    report_only = report("in_force", "2025-10-30", "press_named")
    report_only["data"] |= {"kind": "licensing", "controller": "CN", "scope": {"commodities": GOODS}}
    found = told(report_only)
    assert (on(found, "2025-11-01").since, on(found, "2025-11-01").state.word) == (None, "in_force")
    assert changes(found) == []


def test_a_report_of_an_acts_own_day_is_heard_after_it_and_ends_with_a_later_act():
    said = (announcement(), act("repealed", "2025-06-01"), report("in_force", "2025-06-01"))
    assert words(told(*said), "2025-05-31", "2025-06-01")["2025-06-01"] == "in_force"
    later = told(*said, act("repealed", "2025-07-01"))
    assert words(later, "2025-06-30", "2025-07-01") == {"2025-06-30": "in_force", "2025-07-01": "ended"}


def test_a_report_that_takes_back_an_earlier_one_is_followed_from_its_day_on():
    found = told(announcement(), report("lifted", "2025-06-01"), report("in_force", "2025-07-01"))
    assert words(found, "2025-06-01", "2025-07-01") == {"2025-06-01": "ended", "2025-07-01": "in_force"}
