"""How a provision stands on a day: what its dates and its acts make of it, and what a report adds."""

import pytest

from tests.answers.facts import (
    Register,
    announced,
    period,
    possible_controls,
    repealed,
    reported,
    reported_measure,
    suspended,
    unconfirmed,
)


def test_a_restriction_binds_from_its_first_day_and_says_nothing_before_its_announcement(register: Register):
    register.record(announced("m", on="2025-04-01", in_force=period("2025-04-04")))
    assert register.controls("2025-03-31", "2025-04-01", "2025-04-03", "2025-04-04", "2025-04-05") == {
        "2025-03-31": "no_data",
        "2025-04-01": "not_yet_in_force",
        "2025-04-03": "not_yet_in_force",
        "2025-04-04": "license_required",
        "2025-04-05": "license_required",
    }


def test_not_yet_in_force_shows_the_start(register: Register):
    register.record(announced("m", on="2025-04-01", in_force=period("2025-04-04")))
    change = register.answer(as_of="2025-04-03")["next_change"]
    assert (change["about"], change["earliest"], change["latest"]) == ("restriction/m", "2025-04-04", "2025-04-04")


def test_announced_without_a_start_is_not_yet_in_force_however_late_one_asks(register: Register):
    register.record(announced("m", in_force=period(None)))
    assert register.controls("2025-04-01", "2031-01-01") == dict.fromkeys(
        ["2025-04-01", "2031-01-01"], "not_yet_in_force"
    )


@pytest.mark.parametrize("end", [None, "open"])
def test_a_restriction_with_no_end_stated_stays_in_force_until_an_act_ends_it(register: Register, end: str | None):
    register.record(announced("m", in_force=period("2025-04-04", end)))
    answer = register.answer(as_of="2045-01-01")
    assert (answer["control"], answer["possible"]) == ("license_required", [])
    register.record(repealed("m", "2045-01-01"))
    assert register.controls("2044-12-31", "2045-01-01") == {
        "2044-12-31": "license_required",
        "2045-01-01": "not_restricted",
    }


def test_a_restriction_binds_through_its_last_day_and_its_expiry_is_marked_as_inferred(register: Register):
    register.record(announced("m", in_force=period("2025-04-04", "2025-12-31")))
    last, after = register.answers({"as_of": "2025-12-31"}, {"as_of": "2026-01-01"})
    assert (last["control"], unconfirmed(last)) == ("license_required", [])
    assert (last["next_change"]["earliest"], last["next_change"]["latest"]) == ("2026-01-01", "2026-01-01")
    assert (after["control"], len(unconfirmed(after))) == ("not_restricted", 1)


def test_a_suspension_lasts_from_its_first_day_through_its_last(register: Register):
    register.record(announced("m"), suspended("m", "2025-11-10", "2026-11-09"))
    assert register.controls("2025-11-09", "2025-11-10", "2026-11-09", "2026-11-10") == {
        "2025-11-09": "license_required",
        "2025-11-10": "suspended",
        "2026-11-09": "suspended",
        "2026-11-10": "license_required",
    }


def test_the_lapse_of_a_suspension_is_announced_as_the_next_change_and_then_marked_as_inferred(register: Register):
    register.record(announced("m"), suspended("m", "2025-11-10", "2026-11-09"))
    during, after = register.answers({"as_of": "2026-11-09"}, {"as_of": "2026-11-10"})
    assert (during["next_change"]["earliest"], during["next_change"]["latest"]) == ("2026-11-10", "2026-11-10")
    assert unconfirmed(during) == []
    assert {entry["about"] for entry in after["inferred"]} == {"restriction/m"}
    assert len(unconfirmed(after)) == 1


@pytest.mark.parametrize("state", ["in_force", "still_applies"])
def test_a_report_that_the_measure_applies_again_ends_unconfirmed_since(register: Register, state: str):
    register.record(announced("m"), suspended("m", "2025-11-10", "2026-11-09"))
    before = register.answer(as_of="2026-11-20")
    register.record(reported("m", state, "2026-11-15"))
    after = register.answer(as_of="2026-11-20")
    assert (before["control"], len(unconfirmed(before))) == ("license_required", 1)
    assert (after["control"], unconfirmed(after), after["conflicts"]) == ("license_required", [], [])


def test_a_report_that_the_measure_is_lifted_ends_unconfirmed_since_of_its_expiry(register: Register):
    register.record(announced("m", in_force=period("2025-04-04", "2025-12-31")))
    register.record(reported("m", "lifted", "2026-01-15"))
    answer = register.answer(as_of="2026-01-20")
    assert (answer["control"], unconfirmed(answer)) == ("not_restricted", [])


def test_a_measure_suspended_before_it_applied_applies_when_the_suspension_lapses(register: Register):
    register.record(
        announced("m", on="2025-10-09", in_force=period("2025-11-08")), suspended("m", "2025-11-07", "2026-11-09")
    )
    assert register.controls("2025-11-06", "2025-11-08", "2026-11-09", "2026-11-10") == {
        "2025-11-06": "not_yet_in_force",
        "2025-11-08": "suspended",
        "2026-11-09": "suspended",
        "2026-11-10": "license_required",
    }
    assert register.control_of(as_of="2025-11-07") in {"suspended", "not_yet_in_force"}


def test_a_suspension_whose_last_day_is_left_open_leaves_that_day_open(register: Register):
    """Section 3: where the text leaves the day itself open, a one-of set of the two days."""
    register.record(announced("m"), suspended("m", "2025-11-10", "[2026-11-09,2026-11-10]"))
    assert register.controls("2026-11-09", "2026-11-10", "2026-11-11") == {
        "2026-11-09": "suspended",
        "2026-11-10": "undetermined",
        "2026-11-11": "license_required",
    }
    open_day = register.answer(as_of="2026-11-10")
    assert "license_required" in possible_controls(open_day)


def test_a_repeal_works_from_its_own_day_and_rests_on_no_inference(register: Register):
    register.record(announced("m"), repealed("m", "2025-08-01"))
    assert register.controls("2025-07-31", "2025-08-01") == {
        "2025-07-31": "license_required",
        "2025-08-01": "not_restricted",
    }
    assert register.answer(as_of="2025-08-01")["inferred"] == []


def test_a_repeal_ends_a_suspended_measure_too_so_that_no_lapse_revives_it(register: Register):
    register.record(announced("m"), suspended("m", "2025-11-10", "2026-11-09"), repealed("m", "2026-06-01"))
    assert register.controls("2026-05-31", "2026-06-01", "2026-11-10") == {
        "2026-05-31": "suspended",
        "2026-06-01": "not_restricted",
        "2026-11-10": "not_restricted",
    }


def test_a_repeal_in_a_month_is_possible_in_it_and_certain_on_its_last_day(register: Register):
    register.record(announced("m"), repealed("m", "2025-08"))
    assert register.controls("2025-07-31", "2025-08-01", "2025-08-30", "2025-08-31") == {
        "2025-07-31": "license_required",
        "2025-08-01": "undetermined",
        "2025-08-30": "undetermined",
        "2025-08-31": "not_restricted",
    }


def test_repealed_because_replaced_keeps_the_control_under_the_new_basis(register: Register):
    register.record(
        announced("old"),
        announced("new", on="2025-07-20", in_force=period("2025-08-01")),
        repealed("old", "2025-08-01", superseded_by="new"),
    )
    before, after = register.answers({"as_of": "2025-07-31"}, {"as_of": "2025-08-01"})
    assert (before["control"], after["control"]) == ("license_required", "license_required")
    assert [entry["restriction"] for entry in before["basis"]] == ["restriction/old"]
    assert [entry["restriction"] for entry in after["basis"]] == ["restriction/new"]


def test_a_vague_start_is_open_between_its_earliest_and_its_latest_day(register: Register):
    last_ten_days = {
        "2025-04-20": "not_yet_in_force",
        "2025-04-21": "undetermined",
        "2025-04-29": "undetermined",
        "2025-04-30": "license_required",
    }
    expected = {
        "2025-04": {
            "2025-03-31": "not_yet_in_force",
            "2025-04-01": "undetermined",
            "2025-04-29": "undetermined",
            "2025-04-30": "license_required",
        },
        "2025-04-21/2025-04-30": last_ten_days,
        "[2025-04-21..2025-04-30]": last_ten_days,
        "[2025-04-21,2025-04-30]": last_ten_days,
        # About a day: a month around it, so that only what is more than 31 days away is certain.
        "2025-04-15~": {
            "2025-03-14": "not_yet_in_force",
            "2025-03-18": "undetermined",
            "2025-04-15": "undetermined",
            "2025-05-12": "undetermined",
            "2025-05-16": "license_required",
        },
    }
    for number, (start, controls) in enumerate(expected.items()):
        goods = {"name": f"goods-{number}"}
        register.record(announced(f"m-{number}", commodities=[goods], on="2025-01-02", in_force=period(start)))
        assert register.controls(*controls, commodity=goods) == controls


def test_about_a_year_is_open_for_a_year_around_it(register: Register):
    register.record(announced("m", on="2018-01-02", in_force=period("2020~")))
    expected = {
        "2018-12-31": "not_yet_in_force",
        "2019-01-02": "undetermined",
        "2020-07-01": "undetermined",
        "2021-12-30": "undetermined",
        "2022-01-01": "license_required",
    }
    assert register.controls(*expected) == expected


def test_a_start_at_the_latest_on_a_day_is_certain_from_that_day(register: Register):
    event = announced("m", in_force=period("../2025-04-04"), said={"published": "2025-04-04"})
    del event["data"]["announced_on"], event["effective"]
    register.record(event)
    expected = {"2020-01-01": "undetermined", "2025-04-03": "undetermined", "2025-04-04": "license_required"}
    assert register.controls(*expected) == expected


def test_a_vague_last_day_is_open_after_its_earliest_and_past_after_its_latest(register: Register):
    register.record(announced("m", in_force=period("2025-04-04", "2025-12")))
    expected = {
        "2025-12-01": "license_required",
        "2025-12-02": "undetermined",
        "2025-12-31": "undetermined",
        "2026-01-01": "not_restricted",
    }
    assert register.controls(*expected) == expected


@pytest.mark.parametrize("state", ["in_force", "still_applies"])
def test_a_report_of_a_state_is_certain_on_its_day_possible_before_it_and_so_afterwards(register: Register, state: str):
    register.record(reported_measure("m", state, "2025-10-30", {"tier": "press_named"}))
    expected = {
        "2024-01-01": "undetermined",
        "2025-10-29": "undetermined",
        "2025-10-30": "license_required",
        "2025-10-31": "license_required",
        "2026-12-31": "license_required",
    }
    assert register.controls(*expected) == expected


@pytest.mark.parametrize("tier", ["press_named", "issuer_text"])
def test_a_measure_known_by_a_report_alone_holds_until_an_act_repeals_it(register: Register, tier: str):
    register.record(
        reported_measure("m", "in_force", "2025-10-30", {"tier": "press_named"}),
        repealed("m", "2026-01-01", tier=tier),
    )
    expected = {"2025-10-30": "license_required", "2025-12-31": "license_required", "2026-01-01": "not_restricted"}
    assert register.controls(*expected) == expected


def test_a_measure_known_by_a_report_alone_can_be_suspended_and_the_suspension_lapses(register: Register):
    register.record(reported_measure("m", "in_force", "2025-10-30"), suspended("m", "2025-11-10", "2026-11-09"))
    expected = {
        "2025-11-09": "license_required",
        "2025-11-10": "suspended",
        "2026-11-09": "suspended",
        "2026-11-10": "license_required",
    }
    assert register.controls(*expected) == expected


def test_what_a_report_leaves_possible_is_listed(register: Register):
    register.record(reported_measure("m", "in_force", "2025-10-30"))
    answer = register.answer(as_of="2025-10-29")
    assert [(entry["restriction"], entry["control"]) for entry in answer["possible"]] == [
        ("restriction/m", "license_required")
    ]
    assert answer["basis"] == []


def test_a_report_on_a_vague_day_is_certain_from_the_latest_of_its_days(register: Register):
    register.record(reported_measure("m", "in_force", "2025-10-21/2025-10-30"))
    expected = {"2025-10-20": "undetermined", "2025-10-29": "undetermined", "2025-10-30": "license_required"}
    assert register.controls(*expected) == expected


def test_a_report_that_a_measure_is_suspended_is_certain_on_its_day_and_possible_before_it(register: Register):
    register.record(announced("m"), reported("m", "suspended", "2025-11-15"))
    assert register.controls("2025-11-14", "2025-11-15") == {
        "2025-11-14": "undetermined",
        "2025-11-15": "suspended",
    }


def test_the_thing_itself_tells_the_same_phases_as_the_answer(register: Register):
    register.record(
        announced("m", on="2025-04-01", in_force=period("2025-04-04", "2026-12-31")),
        suspended("m", "2025-11-10", "2026-11-09"),
    )
    states = {
        day: register.get("/v1/restrictions/m", as_of=day)["state"]
        for day in ("2025-04-03", "2025-04-04", "2025-11-10", "2026-11-10")
    }
    assert states == {
        "2025-04-03": "not_yet_in_force",
        "2025-04-04": "in_force",
        "2025-11-10": "suspended",
        "2026-11-10": "in_force",
    }
    assert register.get("/v1/restrictions/m", as_of="2027-01-01")["phases"]["in_force"] == "no"
    assert len(unconfirmed(register.get("/v1/restrictions/m", as_of="2026-11-10"))) == 1
