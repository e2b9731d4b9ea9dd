"""A question reads the licenses that may concern it. None that matters is left out, whatever it is found by."""

from typing import Any

import pytest

from tests.answers.facts import HELLA, JAY, Answer, Register, announced, granted, registered

HS = {"hs": "850511"}
OTHER_HS = {"hs": "811292"}


@pytest.fixture
def told(register: Register) -> Register:
    register.record(
        announced("m", commodities=[HS, OTHER_HS]),
        registered("jay-ushin", "Jay Ushin", "IN", aliases=["JUL"]),
        granted("by-stream", {"company": "company/jay-ushin"}, commodities=[HS]),
        granted("by-name", JAY, commodities=[HS]),
        granted("by-alias", {"name": "JUL", "country": "IN"}, commodities=[HS]),
        granted("by-form", {"name": "Jay Ushin Ltd", "country": "IN"}, commodities=[HS]),
        granted("by-class", {"class": {"country": "IN"}}, commodities=[HS]),
        granted("described", {"described": "a maker of locks", "country": "IN"}, commodities=[HS]),
        granted("of-nobody", commodities=[HS]),
        granted("to-consignee", consignees=[JAY], commodities=[HS]),
        granted("of-another", HELLA, commodities=[HS]),
        granted("other-goods", JAY, commodities=[OTHER_HS]),
        granted("named-goods", JAY, commodities=[{"name": "rare_earth_magnets"}]),
        granted("any-goods", JAY, commodities=[]),
    )
    return register


def known(answer: Answer) -> set[str]:
    return {one["license"].removeprefix("license/") for one in answer["licenses"]["known"]}


@pytest.mark.parametrize("party", [{"company": "company/jay-ushin"}, JAY, {"name": "JUL", "country": "IN"}])
def test_a_company_is_found_by_all_that_it_is_called_and_by_what_leaves_open_who_is_meant(
    told: Register, party: dict[str, Any]
):
    found = known(told.answer(commodity=HS, end_user=party))
    assert {"by-stream", "by-name", "by-alias", "by-form", "by-class", "of-nobody", "to-consignee"} <= found
    assert {"of-another", "other-goods", "described"}.isdisjoint(found)
    assert {"named-goods", "any-goods"} <= found


def test_goods_are_found_by_a_finer_and_a_coarser_code(told: Register):
    fine = known(told.answer(commodity={"hs": "8505119000"}))
    coarse = known(told.answer(commodity={"hs": "85"}))
    assert {"by-name", "named-goods", "any-goods"} <= fine & coarse
    assert "other-goods" not in fine | coarse


def test_a_correction_is_found_by_what_it_says(register: Register):
    event = granted("l", HELLA, commodities=[OTHER_HS])
    register.record(announced("m", commodities=[HS]), event)
    data = {"event": event["id"], "data": event["data"] | {"end_users": [JAY], "lines": [{"commodity": HS}]}}
    correction = {"stream": "license/l", "type": "record.corrected", "data": data, "source": event["source"]}
    register.record(correction)
    assert known(register.answer(commodity=HS, end_user=JAY)) == {"l"}


def test_the_party_decides_whether_the_goods_are_asked_about_or_not(told: Register):
    both = told.answer(commodity=HS, end_user=JAY)
    assert (both["standing"], both["covered"]) == ("confirmed", "yes")
    assert told.answer(commodity=HS, end_user=HELLA)["standing"] == "confirmed"
    assert told.answer(commodity=OTHER_HS, end_user=HELLA)["standing"] == "none"
