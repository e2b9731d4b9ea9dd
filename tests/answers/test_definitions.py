"""Names of goods and of country groups: what they stand for is recorded too, and an answer follows from the log."""

from typing import Any

import pytest

from tests.answers.facts import (
    MAGNETS,
    Register,
    announced,
    corrected,
    defined,
    granted,
    group,
    period,
    registered,
    retracted,
)

APPLIES, MAY_APPLY, SAYS_NOTHING = "license_required", "undetermined", "no_data"
EU = "group/eu"


def reach(register: Register, *goods: dict[str, Any]) -> list[str]:
    found = register.answers(*({"controller": "US", "commodity": wanted} for wanted in goods))
    return [answer["control"] for answer in found]


def listed(register: Register, *commodities: dict[str, Any]) -> None:
    register.record(announced("m", controller="US", commodities=commodities))


def test_a_name_is_asked_by_code_through_its_definition(register: Register):
    listed(register, MAGNETS)
    assert reach(register, {"hs": "850511"}) == [MAY_APPLY]
    before = register.head()
    register.record(defined("rare_earth_magnets", {"hs": "8505.11"}, {"control_code": "1C902"}))
    goods: list[dict[str, Any]] = [{"hs": "85051110"}, {"hs": "8505"}, {"hs": "850519"}, {"control_code": "1C902.a"}]
    assert reach(register, *goods) == [APPLIES, MAY_APPLY, SAYS_NOTHING, APPLIES]
    then = register.answer(controller="US", commodity={"hs": "850511"}, known_at=before)
    assert then["control"] == MAY_APPLY


def test_a_code_is_asked_by_a_name_through_its_definition(register: Register):
    listed(register, {"hs": "8505"})
    assert reach(register, MAGNETS) == [MAY_APPLY]
    register.record(defined("rare_earth_magnets", {"hs": "850511"}))
    assert reach(register, MAGNETS) == [APPLIES]


def test_a_name_wider_than_the_listed_code_is_reached_in_part(register: Register):
    listed(register, {"hs": "85051110"})
    register.record(defined("rare_earth_magnets", {"hs": "850511"}))
    assert reach(register, MAGNETS) == [MAY_APPLY]


@pytest.mark.parametrize("match", ["ex", "reference_only"])
def test_a_line_of_a_definition_is_no_better_than_its_flag(register: Register, match: str):
    listed(register, MAGNETS)
    register.record(defined("rare_earth_magnets", {"hs": "850511", "match": match}))
    goods: list[dict[str, Any]] = [{"hs": "850511"}, {"hs": "850519"}, {"hs": "850610"}]
    assert reach(register, *goods) == [MAY_APPLY, MAY_APPLY, SAYS_NOTHING]


def test_the_best_line_of_a_definition_wins(register: Register):
    listed(register, MAGNETS)
    register.record(defined("rare_earth_magnets", {"hs": "8505", "match": "ex"}, {"hs": "850511"}))
    assert reach(register, {"hs": "850511"}, {"hs": "850519"}) == [APPLIES, MAY_APPLY]


def test_a_name_asked_by_a_kind_of_code_that_its_definition_has_not_stays_possible(register: Register):
    listed(register, MAGNETS)
    register.record(defined("rare_earth_magnets", {"control_code": "1C902"}))
    assert reach(register, {"hs": "850511"}) == [MAY_APPLY]


def test_two_names_that_share_a_code_of_which_each_is_a_part_stay_apart(register: Register):
    """Gallium and germanium stand under one subheading."""
    shared = {"hs": "811292", "match": "ex"}
    register.record(defined("gallium", shared), defined("germanium", shared))
    listed(register, {"name": "germanium"} | shared)
    assert reach(register, {"name": "gallium"}, {"name": "germanium"}, {"hs": "811292"}) == [
        SAYS_NOTHING,
        APPLIES,
        MAY_APPLY,
    ]


def test_a_part_is_reached_by_the_name_of_the_whole_and_the_whole_by_a_part_only_in_part(register: Register):
    register.record(
        defined("rare_earths", parts=["heavy_rare_earths"]),
        defined("heavy_rare_earths", parts=["dysprosium", "terbium"]),
        defined("dysprosium", {"cas": "7429-91-6"}),
        defined("terbium", {"hs": "280530", "match": "ex"}),
    )
    listed(register, {"name": "rare_earths"})
    goods: list[dict[str, Any]] = [{"name": "dysprosium"}, {"cas": "7429-91-6"}, {"hs": "280530"}, {"name": "gallium"}]
    assert reach(register, *goods) == [APPLIES, APPLIES, MAY_APPLY, MAY_APPLY]
    register.record(announced("part", controller="JP", commodities=[{"name": "dysprosium"}]))
    whole = register.answer(controller="JP", commodity={"name": "rare_earths"})
    assert whole["control"] == MAY_APPLY


def test_a_part_that_nobody_defined_leaves_every_code_open(register: Register):
    listed(register, {"name": "rare_earths"})
    register.record(defined("rare_earths", {"hs": "280530"}, parts=["scandium"]))
    assert reach(register, {"hs": "280530"}, {"hs": "850511"}) == [APPLIES, MAY_APPLY]


def test_names_that_are_parts_of_each_other_come_to_an_end(register: Register):
    register.record(defined("one", parts=["other"]), defined("other", {"hs": "280530"}, parts=["one"]))
    listed(register, {"name": "one"})
    assert reach(register, {"hs": "280530"}, {"hs": "850511"}) == [APPLIES, MAY_APPLY]


def test_a_code_that_only_commentary_gives_is_a_reference(register: Register):
    listed(register, MAGNETS)
    register.record(defined("rare_earth_magnets", {"hs": "850511"}, said={"tier": "commentary"}))
    assert reach(register, {"hs": "850511"}) == [MAY_APPLY]


def test_of_two_flags_for_one_code_the_higher_tier_counts_and_of_equal_tiers_the_weaker_flag(register: Register):
    listed(register, MAGNETS)
    exact, part = {"hs": "850511"}, {"hs": "8505.11", "match": "ex"}
    register.record(
        defined("rare_earth_magnets", exact), defined("rare_earth_magnets", part, said={"tier": "press_named"})
    )
    assert reach(register, {"hs": "850511"}) == [APPLIES]
    register.record(defined("rare_earth_magnets", part))
    assert reach(register, {"hs": "850511"}) == [MAY_APPLY]


def test_a_definition_is_corrected_and_retracted_like_any_claim(register: Register):
    listed(register, MAGNETS)
    wrong = defined("rare_earth_magnets", {"hs": "850519"})
    register.record(wrong)
    right = corrected(wrong, lines=[{"hs": "850511"}])
    register.record(right)
    assert reach(register, {"hs": "850511"}, {"hs": "850519"}) == [APPLIES, SAYS_NOTHING]
    register.record(retracted(right), retracted(wrong))
    assert reach(register, {"hs": "850511"}, {"hs": "850519"}) == [MAY_APPLY, MAY_APPLY]


def test_since_december_2024_chinas_customs_codes_refer_to_the_control_code_of_a_definition_too(register: Register):
    register.record(
        announced("m", in_force=period("2024-01-01"), on="2023-12-01"),
        defined("rare_earth_magnets", {"control_code": "1C902", "hs": "850511"}),
    )
    found = register.controls("2024-11-30", "2024-12-01", commodity={"hs": "850511"})
    assert found == {"2024-11-30": APPLIES, "2024-12-01": MAY_APPLY}
    assert register.control_of(commodity={"control_code": "1C902"}) == APPLIES


def test_a_license_line_is_matched_through_a_definition(register: Register):
    register.record(
        defined("rare_earth_magnets", {"hs": "850511"}),
        granted("l", {"name": "Jay Ushin", "country": "IN"}),
    )
    asked = [{"commodity": {"hs": code}} for code in ("850511", "8505", "284690")]
    standings = [register.standing_of({"name": "Jay Ushin", "country": "IN"}, **one) for one in asked]
    assert standings == ["confirmed", "possible", "none"]


@pytest.mark.parametrize("line", [{"name": "gallium"}, {"name": "gallium", "hs": "811292"}, {"description": "words"}])
def test_a_definition_goes_by_codes_alone(register: Register, line: dict[str, Any]):
    assert register.refusal(defined("rare_earths", line)) == 422


def test_definitions_are_listed_and_read_with_who_says_so(register: Register):
    register.record(defined("rare_earth_magnets", {"hs": "850511", "match": "ex"}, parts=["ndfeb"], title="Magnets"))
    found = register.get("/v1/commodities")["commodities"]
    assert [(one["id"], one["name"], one["parts"]) for one in found] == [
        ("rare-earth-magnets", "rare_earth_magnets", ["ndfeb"])
    ]
    assert register.get("/v1/commodities/rare-earth-magnets")["lines"] == [{"hs": "850511", "match": "ex"}]
    assert len(register.get("/v1/commodities/rare-earth-magnets/history")["history"]) == 1


def towards(register: Register, *countries: str, on: str = "2025-07-01") -> list[str]:
    found = register.answers(*({"destination": country, "as_of": on} for country in countries))
    return [answer["control"] for answer in found]


def test_a_group_as_a_destination_has_its_members_of_the_day(register: Register):
    register.record(
        group("eu", DE=period("1958-01-01", "open"), GB=period("1973-01-01", "2020-01-31"), HR=period("2013-07-01")),
        announced("m", destinations={"only": [EU, "JP"]}, in_force=period("2010-01-01"), on="2009-12-01"),
    )
    assert towards(register, "DE", "GB", "HR", "JP", "IN") == [APPLIES, SAYS_NOTHING, APPLIES, APPLIES, SAYS_NOTHING]
    assert towards(register, "GB", on="2020-01-31") == [APPLIES]
    assert towards(register, "GB", on="2020-02-01") == [SAYS_NOTHING]
    assert towards(register, "HR", on="2013-06-30") == [SAYS_NOTHING]


def test_a_group_that_nobody_defined_may_have_any_member(register: Register):
    register.record(announced("m", destinations={"only": ["group/quad"]}))
    assert towards(register, "JP") == [MAY_APPLY]
    before = register.head()
    register.record(group("quad", JP=period("2007")))
    assert towards(register, "JP", "DE") == [APPLIES, SAYS_NOTHING]
    assert register.answer(destination="JP", known_at=before)["control"] == MAY_APPLY


def test_all_but_a_group_reaches_who_is_no_member_on_the_day(register: Register):
    register.record(
        group("eu", DE=period("1958-01-01", "open"), GB=period("1973-01-01", "2020-01-31")),
        announced("m", destinations={"except": [EU]}, in_force=period("2010-01-01"), on="2009-12-01"),
    )
    assert towards(register, "DE", "GB", "IN") == [SAYS_NOTHING, APPLIES, APPLIES]
    assert towards(register, "GB", on="2019-01-01") == [SAYS_NOTHING]


def test_a_group_among_the_destinations_named_leaves_the_others_open(register: Register):
    register.record(group("eu", DE=period("1958-01-01", "open")), announced("m", destinations={"including": [EU]}))
    assert towards(register, "DE", "IN") == [APPLIES, MAY_APPLY]


def test_a_membership_with_a_vague_day_is_possible_within_it(register: Register):
    register.record(
        group("eu", HR=period("2013")),
        announced("m", destinations={"only": [EU]}, in_force=period("2010-01-01"), on="2009-12-01"),
    )
    found = [towards(register, "HR", on=day)[0] for day in ("2012-12-31", "2013-07-01", "2013-12-31")]
    assert found == [SAYS_NOTHING, MAY_APPLY, APPLIES]


def test_a_member_without_a_stated_start_is_one_from_the_claims_day_on_and_may_have_been_before(register: Register):
    register.record(
        group("eu", said={"published": "2015-01-01"}, DE=None),
        announced("m", destinations={"only": [EU]}, in_force=period("2010-01-01"), on="2009-12-01"),
    )
    assert [towards(register, "DE", on=day)[0] for day in ("2014-01-01", "2015-01-01", "2025-01-01")] == [
        MAY_APPLY,
        APPLIES,
        APPLIES,
    ]


def test_a_lower_tier_adds_members_and_ends_no_membership(register: Register):
    register.record(
        group("eu", DE=period("1958-01-01", "open")),
        group("eu", said={"tier": "press_named"}, DE=period("1958-01-01", "2020-01-01"), FR=period("1958-01-01")),
        announced("m", destinations={"only": [EU]}),
    )
    assert towards(register, "DE", "FR") == [APPLIES, APPLIES]


def test_equal_tiers_that_disagree_about_a_membership_leave_it_open(register: Register):
    register.record(
        group("eu", DE=period("1958-01-01", "open")),
        group("eu", DE=period("1958-01-01", "2020-01-01")),
        announced("m", destinations={"only": [EU]}),
    )
    assert towards(register, "DE") == [MAY_APPLY]


def test_the_code_eu_stands_for_its_members(register: Register):
    register.record(
        group("eu", DE=period("1958-01-01", "open")),
        announced("by-code", destinations={"only": ["EU"]}),
    )
    assert towards(register, "EU", "DE", "IN") == [APPLIES, APPLIES, SAYS_NOTHING]


def test_a_question_names_a_country_and_a_scope_names_a_group_by_its_stream(register: Register):
    response = register.client.post(
        "/v1/determinations", json={"questions": [{"destination": EU, "commodity": MAGNETS}]}
    )
    assert response.status_code == 422
    assert register.refusal(announced("m", destinations={"only": ["group/EU"]})) == 422
    assert register.refusal(announced("m", destinations={"only": ["company/eu"]})) == 422


def test_groups_are_listed_with_their_members_on_a_day(register: Register):
    register.record(
        group("eu", DE=period("1958-01-01", "open"), GB=period("1973-01-01", "2020-01-31"), HR=period("2013")),
        registered("jay-ushin", "Jay Ushin", "IN"),
    )
    assert register.get("/v1/groups/eu", as_of="2013-07-01")["members"] == {"DE": "yes", "GB": "yes", "HR": "possible"}
    assert register.get("/v1/groups/eu", as_of="2025-07-01")["members"] == {"DE": "yes", "HR": "yes"}
    assert [one["id"] for one in register.get("/v1/groups", country="GB")["groups"]] == ["eu"]
    assert register.get("/v1/groups", country="IN")["groups"] == []
