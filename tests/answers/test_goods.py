"""Goods as people ask about them, over HTTP: the contract of what tests/domain/commodity holds rule by rule."""

from typing import Any

import pytest

from tests.answers.facts import Register, announced, defined

DYSPROSIUM: dict[str, Any] = {"hs": "850511", "match": "ex", "parameters": {"dysprosium_percent_more_than": "0"}}


def everything(slug: str, **said: Any) -> dict[str, Any]:
    event = announced(slug, **said)
    event["data"]["scope"]["commodities"] = "all"
    return event


def test_a_ban_on_all_goods_reaches_goods_that_nobody_knows(register: Register):
    register.record(everything("ban", kind="prohibition", destinations={"only": ["JP"]}))
    for goods in ({"name": "never_heard_of"}, {"hs": "090111"}, {"description": "anything"}):
        assert register.control_of(commodity=goods, destination="JP") == "prohibited"
        assert register.control_of(commodity=goods, destination="IN") == "no_data"


def test_a_status_has_a_row_for_a_ban_on_all_goods(register: Register):
    register.record(everything("ban", kind="prohibition"))
    rows = register.get("/v1/countries/IN/status", as_of="2025-07-01")["controls"]
    assert [(row["commodity"]["name"], row["control"]) for row in rows] == [("all", "prohibited")]


def test_a_status_row_states_no_bound_of_a_scope_as_a_value(register: Register):
    register.record(announced("m", commodities=[DYSPROSIUM]))
    rows = register.get("/v1/countries/IN/status", as_of="2025-07-01")["controls"]
    assert [(row["commodity"], row["control"]) for row in rows] == [({"hs": "850511"}, "undetermined")]


@pytest.mark.parametrize(
    ("stated", "control"),
    [
        ({"dysprosium_percent_more_than": "0"}, "license_required"),
        ({"dysprosium_percent_at_most": "0"}, "not_restricted"),
        ({"dysprosium_percent_at_most": "0.1"}, "undetermined"),
        ({"terbium_percent": "1"}, "undetermined"),
    ],
)
def test_a_question_states_values_and_bounds(register: Register, stated: dict[str, str], control: str):
    register.record(announced("m", commodities=[DYSPROSIUM]))
    assert register.control_of(commodity={"hs": "850511", "parameters": stated}) == control


def test_a_question_names_the_list_of_its_control_code_and_the_edition_of_its_customs_code(register: Register):
    register.record(announced("m", commodities=[{"control_code": "1C902"}, {"hs": "854231", "edition": "HS2022"}]))
    asked = [
        {"control_code": "1C902", "system": "cn"},
        {"control_code": "1C902", "system": "eccn"},
        {"hs": "854231", "edition": "HS2022"},
        {"hs": "854231", "edition": "HS2017"},
    ]
    found = [register.control_of(commodity=goods) for goods in asked]
    assert found == ["license_required", "no_data", "license_required", "undetermined"]


def test_a_definition_tells_whether_it_is_complete_and_what_it_excludes(register: Register):
    told: dict[str, Any] = {
        "complete": True,
        "excludes": ["scrap"],
        "aliases": ["NdFeB"],
        "parameters_one_of": [{"iron_more_than": "0"}],
    }
    register.record(defined("magnets", {"hs": "850511"}, **told))
    read = register.get("/v1/commodities/magnets")
    assert {name: read[name] for name in told} == told


def test_a_name_that_no_record_knows_is_answered_and_marked_with_what_is_spelled_alike(register: Register):
    register.record(announced("m"), defined("gallium", {"hs": "811292"}))
    asked = register.answer(commodity={"name": "rare_earth_magnet"})["question"]
    assert (asked["unknown_commodity"], asked["did_you_mean"]) == (True, ["rare_earth_magnets"])
    for name in ("gallium", "rare_earth_magnets"):
        assert "unknown_commodity" not in register.answer(commodity={"name": name})["question"]


def test_commodities_are_found_by_words_and_codes(register: Register):
    register.record(
        defined("rare_earth_magnets", {"hs": "850511"}, title="Permanent magnets", aliases=["NdFeB"]),
        defined("gallium", {"hs": "811292"}),
    )
    for text in ("rare earth magnet", "NDFEB", "permanent magnets", "8505.11"):
        assert [one["name"] for one in register.get("/v1/commodities", q=text)["commodities"]] == ["rare_earth_magnets"]
    assert register.get("/v1/commodities", q="coffee")["commodities"] == []


def test_a_status_takes_goods_as_people_type_them(register: Register):
    register.record(announced("m"))
    rows = register.get("/v1/countries/IN/status", commodity="Rare earth magnets", as_of="2025-07-01")["controls"]
    assert [row["control"] for row in rows] == ["license_required"]


def test_an_end_use_that_no_record_classifies_leaves_a_class_of_uses_open(register: Register):
    register.record(announced("m", end_uses=["military"]))
    found = [register.control_of(end_use=use) for use in ("military", "civil", "quantum_research")]
    assert found == ["license_required", "no_data", "undetermined"]


@pytest.mark.parametrize(
    ("goods", "control"),
    [
        ({"name": "fast_chips"}, "presumption_of_denial"),
        ({"name": "gallium"}, "undetermined"),
        ({"hs": "811292"}, "undetermined"),
        ({"name": "never_heard_of"}, "undetermined"),
    ],
)
def test_what_a_list_of_parties_reaches_is_open_where_the_class_of_its_goods_is(
    register: Register, goods: dict[str, str], control: str
):
    firm = {"name": "Wenzhi Technology", "country": "CN"}
    register.record(
        defined("all_subject", parts=["fast_chips"]),
        defined("gallium", {"hs": "811292", "match": "ex"}),
        announced(
            "list", kind="presumption_of_denial", commodities=[{"name": "all_subject"}], end_users={"only": [firm]}
        ),
    )
    answer = register.answer(commodity=goods, destination="CN", end_user=firm)
    assert answer["control"] == control
    assert "presumption_of_denial" in {answer["control"], *(one["control"] for one in answer["possible"])}


@pytest.mark.parametrize(
    ("stated", "exempt"), [(None, True), ({"weight_kg": "3"}, True), ({"value_jpy": "60000"}, False)]
)
def test_an_exemption_for_a_parameter_that_is_not_stated_is_possible(
    register: Register, stated: dict[str, str] | None, exempt: bool
):
    small = {"hs": "853710", "parameters": {"value_jpy_at_most": "50000"}}
    register.record(
        announced("control", controller="JP", commodities=[{"hs": "853710"}]),
        announced("small", kind="exemption", controller="JP", commodities=[small]),
    )
    goods = {"hs": "853710"} | ({"parameters": stated} if stated else {})
    answer = register.answer(controller="JP", commodity=goods)
    assert answer["control"] == "license_required"
    assert ("not_restricted" in {one["control"] for one in answer["possible"]}) is exempt


def test_goods_in_a_question_may_be_written_as_people_type_them(register: Register):
    register.record(announced("m"))
    assert register.control_of(commodity={"name": "Rare earth magnets"}) == "license_required"


def test_a_content_beyond_one_bound_settles_nothing_of_goods_that_are_wider_than_the_line(register: Register):
    register.record(
        defined("rare_earth_magnets", parts=["samarium_magnets", "dysprosium_magnets"]),
        announced(
            "m",
            commodities=[
                {"name": "samarium_magnets", "parameters": {"samarium_percent_more_than": "0"}},
                {"name": "dysprosium_magnets", "parameters": {"dysprosium_percent_more_than": "0"}},
            ],
        ),
    )
    asked = {one["ask"]: one["outcomes"] for one in register.answer()["turns_on"]}
    assert asked["commodity.parameters.samarium_percent"] == {"more than 0": "license_required", "0": "undetermined"}
