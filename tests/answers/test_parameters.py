"""Goods of one customs code that a technical parameter tells apart, such as the dysprosium content of a magnet."""

import pytest

from tests.answers.facts import Register, announced

HEAVY = {
    "hs": "850511",
    "match": "ex",
    "description": "magnets with dysprosium",
    "parameters": {"dysprosium_percent": "0.1"},
}


def magnet(content: str | None, hs: str = "850511") -> dict[str, object]:
    return {"hs": hs, "description": "a magnet", **({"parameters": {"dysprosium_percent": content}} if content else {})}


@pytest.mark.parametrize(
    ("content", "control"),
    [("0.1", "license_required"), ("1.9", "license_required"), ("0.09", "not_restricted"), (None, "undetermined")],
)
def test_the_parameter_decides_where_both_sides_state_it(register: Register, content: str | None, control: str):
    register.record(announced("m", commodities=[HEAVY]))
    assert register.control_of(commodity=magnet(content)) == control


def test_goods_that_the_description_leaves_out_are_no_data_where_the_measure_reaches_another_place(register: Register):
    register.record(announced("m", commodities=[HEAVY], destinations={"only": ["US"]}))
    assert register.control_of(commodity=magnet("0")) == "no_data"


def test_no_parameter_brings_goods_of_another_code_under_a_measure(register: Register):
    register.record(announced("m", commodities=[HEAVY]))
    assert register.control_of(commodity=magnet("1.9", hs="260111")) == "no_data"


def test_a_greatest_value_is_marked_as_one(register: Register):
    light = HEAVY | {"parameters": {"dysprosium_percent_at_most": "0.1"}}
    register.record(announced("m", commodities=[light]))
    assert register.control_of(commodity=magnet("0.1")) == "license_required"
    assert register.control_of(commodity=magnet("0.2")) == "not_restricted"


def test_what_the_description_leaves_out_falls_under_another_measure_all_the_same(register: Register):
    register.record(
        announced("m", commodities=[HEAVY]), announced("all", kind="notification", commodities=[{"hs": "8505"}])
    )
    assert register.control_of(commodity=magnet("0")) == "notification"


def test_a_value_to_be_exceeded_is_itself_not_listed(register: Register):
    with_dysprosium = HEAVY | {"parameters": {"dysprosium_percent_more_than": "0"}}
    register.record(announced("m", commodities=[with_dysprosium]))
    assert register.control_of(commodity=magnet("0.001")) == "license_required"
    assert register.control_of(commodity=magnet("0")) == "not_restricted"
    assert register.control_of(commodity=magnet(None)) == "undetermined"
