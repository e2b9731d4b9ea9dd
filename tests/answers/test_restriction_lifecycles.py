"""Every act in the life of a restriction, with the day before, the first day, the last day and the day after."""

import pytest

from tests.answers.facts import (
    GALLIUM,
    MAGNETS,
    Event,
    Register,
    announced,
    fact,
    period,
    repealed,
    reported,
    suspended,
)


def act(slug: str, what: str, on: str | None = None, *, tier: str = "issuer_text", **data: object) -> Event:
    return fact(f"restriction/{slug}", f"restriction.{what}", data, effective=on, tier=tier)


def proposed(slug: str, on: str = "2025-03-01") -> Event:
    data = {"kind": "prohibition", "controller": "CN", "scope": {"commodities": [MAGNETS]}}
    return fact(f"restriction/{slug}", "restriction.proposed", data, effective=on)


def test_a_proposal_is_no_law_and_is_shown_as_a_possible_change(register: Register):
    register.record(proposed("m"))
    answer = register.answer()
    assert answer["control"] == "no_data"
    assert [(one["control"], one["state"]) for one in answer["possible"]] == [("prohibited", "proposed")]
    assert answer["covered"] is None


def test_a_proposal_is_not_shown_on_a_day_before_it(register: Register):
    register.record(proposed("m", "2025-03-01"))
    assert register.answer(as_of="2025-02-28")["possible"] == []


def test_a_proposal_that_was_dropped_is_a_possible_change_no_longer(register: Register):
    register.record(proposed("m"), act("m", "withdrawn", "2025-06-01"))
    before, after = register.answers({"as_of": "2025-05-31"}, {"as_of": "2025-06-01"})
    assert [one["state"] for one in before["possible"]] == ["proposed"]
    assert (after["control"], after["possible"]) == ("no_data", [])


def test_what_was_proposed_and_then_announced_is_what_was_announced(register: Register):
    register.record(proposed("m"), announced("m", kind="licensing"))
    assert register.control_of() == "license_required"


def test_a_proposal_takes_nothing_from_what_is_in_force(register: Register):
    register.record(announced("old", kind="licensing"), proposed("new"))
    assert register.control_of() == "license_required"


def test_an_extended_suspension_goes_on_from_the_one_before_it(register: Register):
    register.record(
        announced("m"),
        suspended("m", "2025-05-01", "2025-08-31"),
        act("m", "suspension_extended", "2025-08-20", period=period(None, "2025-11-30")),
    )
    assert register.controls("2025-08-31", "2025-09-01", "2025-11-30", "2025-12-01") == {
        "2025-08-31": "suspended",
        "2025-09-01": "suspended",
        "2025-11-30": "suspended",
        "2025-12-01": "license_required",
    }


def test_an_extension_learned_late_changes_the_answer_for_later_knowledge_only(register: Register):
    before = register.record(announced("m"), suspended("m", "2025-05-01", "2025-08-31"))
    asked = {"as_of": "2025-09-15"}
    lapsed = register.answer(**asked)
    assert (lapsed["control"], lapsed["inferred"][-1]["unconfirmed_since"]) == ("license_required", "2025-09-01")
    register.record(act("m", "suspension_extended", "2025-08-20", period=period(None, "2025-11-30")))
    assert register.answer(**asked)["control"] == "suspended"
    assert register.answer(**asked, known_at=before)["control"] == "license_required"


def test_a_reinstatement_ends_the_suspension_from_its_day_on(register: Register):
    register.record(announced("m"), suspended("m", "2025-05-01", "2025-12-31"), act("m", "reinstated", "2025-07-15"))
    assert register.controls("2025-07-14", "2025-07-15", "2026-01-01") == {
        "2025-07-14": "suspended",
        "2025-07-15": "license_required",
        "2026-01-01": "license_required",
    }


def test_a_suspension_after_a_reinstatement_is_one_of_its_own(register: Register):
    register.record(
        announced("m"),
        suspended("m", "2025-05-01", "2025-12-31"),
        act("m", "reinstated", "2025-07-15"),
        suspended("m", "2025-10-01", "2025-10-31"),
    )
    assert register.controls("2025-09-30", "2025-10-01", "2025-11-01") == {
        "2025-09-30": "license_required",
        "2025-10-01": "suspended",
        "2025-11-01": "license_required",
    }


def test_a_suspension_without_an_end_lasts_until_an_act_ends_it(register: Register):
    register.record(announced("m"), suspended("m", "2025-05-01", None))
    assert register.control_of(as_of="2030-01-01") == "suspended"
    register.record(act("m", "reinstated", "2030-01-02"))
    assert register.controls("2030-01-01", "2030-01-02") == {
        "2030-01-01": "suspended",
        "2030-01-02": "license_required",
    }


def test_an_extension_moves_the_last_day(register: Register):
    register.record(
        announced("m", kind="prohibition", in_force=period("2025-02-22", "2025-06-21")),
        act("m", "extended", "2025-06-20", in_force=period("2025-06-22", "2025-09-20")),
    )
    assert register.controls("2025-06-21", "2025-06-22", "2025-09-20", "2025-09-21") == {
        "2025-06-21": "prohibited",
        "2025-06-22": "prohibited",
        "2025-09-20": "prohibited",
        "2025-09-21": "not_restricted",
    }


def test_a_temporary_ban_extended_and_then_replaced_by_a_quota(register: Register):
    register.record(
        announced("ban", kind="prohibition", in_force=period("2025-02-22", "2025-06-21"), on="2025-02-22"),
        act("ban", "extended", "2025-06-20", in_force=period("2025-06-22", "2025-10-15")),
        announced("quota", kind="quota", in_force=period("2025-10-16", "2027-12-31"), on="2025-09-21"),
    )
    assert register.controls("2025-09-22", "2025-10-15", "2025-10-16", "2027-12-31") == {
        "2025-09-22": "prohibited",
        "2025-10-15": "prohibited",
        "2025-10-16": "quota",
        "2027-12-31": "quota",
    }


def test_what_is_withdrawn_before_it_takes_effect_never_applies(register: Register):
    register.record(announced("m", in_force=period("2025-12-01"), on="2025-10-09"), act("m", "withdrawn", "2025-11-07"))
    assert register.controls("2025-11-06", "2025-11-07", "2025-12-01") == {
        "2025-11-06": "not_yet_in_force",
        "2025-11-07": "not_restricted",
        "2025-12-01": "not_restricted",
    }


def test_an_amendment_holds_from_its_day_on_and_leaves_the_days_before(register: Register):
    register.record(
        announced("m"),
        act("m", "amended", "2025-07-01", scope={"destinations": "all", "commodities": [GALLIUM]}),
    )
    assert register.control_of(as_of="2025-06-30") == "license_required"
    assert register.control_of(as_of="2025-06-30", commodity=GALLIUM) == "no_data"
    assert register.control_of(as_of="2025-07-01") == "not_restricted"
    assert register.control_of(as_of="2025-07-01", commodity=GALLIUM) == "license_required"


def test_an_amendment_whose_day_is_vague_leaves_both_possible_in_between(register: Register):
    register.record(announced("m"), act("m", "amended", "2025-07", kind="prohibition"))
    answers = register.answers({"as_of": "2025-06-30"}, {"as_of": "2025-07-15"}, {"as_of": "2025-07-31"})
    assert [answer["control"] for answer in answers] == ["license_required", "undetermined", "prohibited"]
    assert {one["control"] for one in answers[1]["possible"]} == {"license_required", "prohibited"}


def test_a_correction_is_no_amendment_it_was_always_otherwise(register: Register):
    event = announced("m")
    register.record(event)
    data = event["data"] | {"kind": "prohibition"}
    register.record(fact("restriction/m", "record.corrected", {"event": event["id"], "data": data}))
    assert register.controls("2025-04-04", "2025-12-31") == {"2025-04-04": "prohibited", "2025-12-31": "prohibited"}


def test_parts_of_one_instrument_start_on_different_days(register: Register):
    register.record(
        announced("m-part-1", kind="licensing", in_force=period("2025-11-08")),
        announced("m-part-2", kind="prohibition", in_force=period("2025-12-01")),
    )
    assert register.controls("2025-11-07", "2025-11-08", "2025-12-01") == {
        "2025-11-07": "not_yet_in_force",
        "2025-11-08": "license_required",
        "2025-12-01": "prohibited",
    }


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("reinstated", {}),
        ("withdrawn", {}),
        ("extended", {"in_force": {"from": None, "through": "open"}}),
        ("suspension_extended", {"period": {"from": "2026-01-01", "through": None}}),
        ("amended", {"kind": "exemption"}),
    ],
)
def test_no_act_of_a_lower_tier_changes_what_a_higher_one_set(register: Register, what: str, data: dict[str, object]):
    register.record(announced("m", in_force=period("2025-04-04", "2025-12-31")))
    before = register.controls("2025-07-01", "2026-02-01")
    event = act("m", what, "2025-06-01", tier="press_named", **data)
    register.record(event)
    assert register.controls("2025-07-01", "2026-02-01") == before
    assert [one["event"] for one in register.answer()["conflicts"]] == [event["id"]]


def test_a_report_after_the_lapse_confirms_it(register: Register):
    register.record(announced("m"), suspended("m", "2025-05-01", "2025-08-31"))
    assert register.answer(as_of="2025-09-15")["inferred"]
    register.record(reported("m", "still_applies", "2025-09-10"))
    answer = register.answer(as_of="2025-09-15")
    assert (answer["control"], answer["inferred"]) == ("license_required", [])


def test_what_was_replaced_stays_controlled_under_the_new_basis(register: Register):
    register.record(
        announced("old"),
        announced("new", in_force=period("2025-07-01"), on="2025-06-15"),
        repealed("old", "2025-07-01", superseded_by="new"),
    )
    before, after = register.answers({"as_of": "2025-06-30"}, {"as_of": "2025-07-01"})
    assert [one["restriction"] for one in before["basis"]] == ["restriction/old"]
    assert [one["restriction"] for one in after["basis"]] == ["restriction/new"]
    assert before["control"] == after["control"] == "license_required"
