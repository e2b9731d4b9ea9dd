"""Goods that do not simply go from the controlling country to where they are used: transit, re-export, content."""

from typing import Any

import pytest

from tests.answers.facts import JAY, Register, announced, granted

MADE_ABROAD: dict[str, Any] = {"abroad": {"origin": "CN", "content_at_least_percent": "0.1"}}


def test_a_rule_towards_the_final_destination_reaches_goods_that_pass_through_another_country(register: Register):
    register.record(announced("m", kind="prohibition", destinations={"only": ["US"]}))
    assert register.control_of() == "no_data"
    assert register.control_of(final_destination="US") == "prohibited"


def test_an_exemption_for_a_country_of_transit_exempts_nothing(register: Register):
    register.record(announced("m"), announced("door", kind="exemption", destinations={"only": ["IN"]}))
    assert register.control_of() == "not_restricted"
    assert register.control_of(final_destination="US") == "license_required"
    assert register.control_of(final_destination="IN") == "not_restricted"


def test_a_license_for_one_destination_covers_no_other_final_one(register: Register):
    register.record(announced("m"), granted("l", JAY))
    assert register.answer(end_user=JAY)["covered"] == "yes"
    assert register.answer(end_user=JAY, final_destination="US")["covered"] == "unknown"


def test_a_condition_against_re_export_bars_that_final_destination(register: Register):
    register.record(announced("m"), granted("l", JAY, conditions={"no_re_export_to": ["US"]}))
    assert register.answer(end_user=JAY)["covered"] == "yes_with_conditions"
    assert register.answer(end_user=JAY, final_destination="US")["covered"] == "no"


def test_a_rule_about_exports_reaches_nothing_that_is_shipped_from_elsewhere(register: Register):
    register.record(announced("m"))
    assert register.control_of(shipped_from="CN") == "license_required"
    assert register.control_of(shipped_from="JP") == "no_data"


def test_a_part_about_goods_abroad_says_nothing_of_exports_from_home(register: Register):
    register.record(announced("m", **MADE_ABROAD))
    assert register.control_of() == "no_data"
    assert register.control_of(shipped_from="CN") == "no_data"


@pytest.mark.parametrize(
    ("asked", "control"),
    [
        ({"shipped_from": "JP", "origin": "CN", "content_percent": "0.1"}, "license_required"),
        ({"shipped_from": "JP", "origin": "CN", "content_percent": "0.09"}, "no_data"),
        ({"shipped_from": "JP", "origin": "JP", "content_percent": "5"}, "no_data"),
        ({"shipped_from": "JP", "origin": "CN"}, "undetermined"),
        ({"shipped_from": "JP", "content_percent": "5"}, "undetermined"),
    ],
)
def test_a_part_about_goods_abroad_asks_for_each_of_its_conditions(
    register: Register, asked: dict[str, str], control: str
):
    register.record(announced("m", **MADE_ABROAD))
    assert register.control_of(**asked) == control


def test_without_the_listing_of_its_end_user_a_shipment_would_need_a_license_only(register: Register):
    register.record(
        announced("control"), announced("listing", kind="prohibition", end_users={"only": [JAY]}), granted("l", JAY)
    )
    answer = register.answer(end_user=JAY, counterfactuals=True)
    assert answer["covered"] == "no"
    (would,) = answer["counterfactuals"]
    assert (would["about"], would["control"], would["covered"]) == ("restriction/listing", "license_required", "yes")
    assert "Jay Ushin (IN) is named since 2025-04-04" in would["text"]


def test_a_license_that_fails_in_one_dimension_alone_is_named_with_it(register: Register):
    register.record(announced("m"), granted("l", JAY, destination="JP"))
    answer = register.answer(end_user=JAY, counterfactuals=True)
    assert [one["about"] for one in answer["counterfactuals"]] == ["restriction/m", "license/l"]
    assert "it is for JP" in answer["counterfactuals"][1]["text"]


def test_nothing_is_said_of_what_would_change_an_answer_unless_it_is_asked(register: Register):
    register.record(announced("m"))
    assert "counterfactuals" not in register.answer()
    assert [one["control"] for one in register.answer(counterfactuals=True)["counterfactuals"]] == ["no_data"]


def test_the_calendar_and_the_conflicts_agree_with_the_answers(register: Register):
    register.record(
        announced("m", in_force={"from": "2025-04-04", "through": "2025-12-31"}),
        announced("m", kind="prohibition", in_force={"from": "2025-04-04"}, said={"tier": "press_named"}),
    )
    window = {"from": "2025-04-04", "through": "2026-01-01"}
    entries = register.client.get("/v1/calendar", params=window).json()["entries"]
    assert [(one["what"], one["earliest"]) for one in entries] == [
        ("enters into force", "2025-04-04"),
        ("expires", "2026-01-01"),
    ]
    narrower = {"from": "2025-04-05", "through": "2025-12-31"}
    assert register.client.get("/v1/calendar", params=narrower).json()["entries"] == []
    answer = register.answer()
    listed = register.client.get("/v1/conflicts").json()["conflicts"]
    assert [one["event"] for one in listed] == [one["event"] for one in answer["conflicts"]]
    assert [one["tier"] for one in listed[0]["followed"]] == ["issuer_text"]
    assert (
        register.client.get("/v1/calendar", params={"from": "2026-01-01", "through": "2025-01-01"}).status_code == 422
    )
