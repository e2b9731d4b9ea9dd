"""What a provision reaches: goods by name and code, destinations, end users and end uses, each matched three-valued."""

from typing import Any

import pytest

from tests.answers.facts import (
    GALLIUM,
    HELLA,
    JAY,
    MAGNETS,
    Register,
    announced,
    granted,
    possible_controls,
    registered,
)

APPLIES, MAY_APPLY, SAYS_NOTHING = "license_required", "undetermined", "no_data"
MARUTI = {"name": "Maruti Suzuki", "country": "IN"}


def reach(register: Register, *goods: dict[str, Any], controller: str = "US") -> list[str]:
    """The control of each of the goods. By default of the United States, whose codes define what they control."""
    found = register.answers(*({"controller": controller, "commodity": wanted} for wanted in goods))
    return [answer["control"] for answer in found]


def listed(register: Register, *commodities: dict[str, Any], controller: str = "US") -> None:
    register.record(announced("m", controller=controller, commodities=commodities))


def test_codes_compare_on_their_digits_only(register: Register):
    listed(register, {"hs": "8505.11"}, {"hs": "8112 92"}, {"hs": "284690"})
    asked = [{"hs": code} for code in ("850511", "8505.11", "8505 11", "8505.11.00", "811292", "8112.92", "2846.90")]
    assert reach(register, *asked) == [APPLIES] * 7


def test_a_finer_code_is_reached_and_a_coarser_one_may_be(register: Register):
    listed(register, {"hs": "850511"})
    asked = [{"hs": code} for code in ("850511", "85051110", "8505111090", "8505", "85", "850519", "8506", "285051")]
    assert reach(register, *asked) == [APPLIES] * 3 + [MAY_APPLY] * 2 + [SAYS_NOTHING] * 3


def test_leading_zeros_of_a_code_stay(register: Register):
    listed(register, {"hs": "010121"})
    assert reach(register, {"hs": "010121"}, {"hs": "0101.21.00"}) == [APPLIES, APPLIES]
    response = register.client.post(
        "/v1/determinations", json={"questions": [{"controller": "US", "commodity": {"hs": "101210"}}]}
    )
    assert response.json()["answers"][0]["control"] == SAYS_NOTHING


def test_a_code_for_a_part_of_the_goods_or_for_reference_only_leaves_it_open(register: Register):
    listed(register, {"hs": "850511", "match": "ex"}, {"hs": "811292", "match": "reference_only"})
    asked = [{"hs": code} for code in ("850511", "85051110", "8505", "850519", "811292", "81129289", "8112", "811299")]
    assert reach(register, *asked, {"hs": "850611"}, {"hs": "811300"}) == [*[MAY_APPLY] * 8, *[SAYS_NOTHING] * 2]


def test_an_exact_code_is_not_weakened_by_an_ex_code_beside_it(register: Register):
    listed(register, {"hs": "8505", "match": "ex"}, {"hs": "850511"})
    assert reach(register, {"hs": "85051110"}, {"hs": "850519"}) == [APPLIES, MAY_APPLY]


def test_what_may_match_is_listed_with_what_leaves_it_open(register: Register):
    listed(register, {"hs": "850511", "match": "ex"})
    answer = register.answer(controller="US", commodity={"hs": "850511"})
    assert possible_controls(answer) == {APPLIES}
    assert all(entry["because"] for entry in answer["possible"])


def test_a_name_reaches_the_same_name_and_no_other(register: Register):
    listed(register, MAGNETS)
    assert reach(register, MAGNETS, GALLIUM, {"name": "wool"}) == [APPLIES, SAYS_NOTHING, SAYS_NOTHING]


def test_a_name_that_nobody_defined_may_be_one_that_is_spelled_alike_or_has_its_words(register: Register):
    listed(register, MAGNETS)
    assert reach(register, {"name": "magnets"}, {"name": "rare_earth_magnet"}) == [MAY_APPLY] * 2


def test_a_name_without_a_definition_asked_by_code_is_possible(register: Register):
    listed(register, MAGNETS)
    assert reach(register, {"hs": "850511"}) == [MAY_APPLY]


def test_any_of_the_names_and_codes_of_a_line_is_enough(register: Register):
    listed(register, {"name": "gallium", "cas": "7440-55-3"}, {"hs": "811292"})
    asked: list[dict[str, Any]] = [{"name": "gallium"}, {"cas": "7440-55-3"}, {"hs": "81129289"}]
    assert reach(register, *asked) == [APPLIES] * 3


def test_a_control_code_reaches_what_is_at_it_and_below_it(register: Register):
    listed(register, {"control_code": "1C902"}, controller="CN")
    asked = [{"control_code": code} for code in ("1C902", "1C902.a", "1C903", "1A902")]
    assert reach(register, *asked, controller="CN") == [APPLIES, APPLIES, SAYS_NOTHING, SAYS_NOTHING]


def test_since_december_2024_chinas_customs_codes_are_references_to_its_control_codes(register: Register):
    listed(register, {"control_code": "1C902", "hs": "850511"}, controller="CN")
    assert reach(register, {"control_code": "1C902"}, {"hs": "850511"}, controller="CN") == [APPLIES, MAY_APPLY]


def test_destinations_are_all_or_only_some_or_all_but_some_or_some_for_certain(register: Register):
    expected: list[tuple[Any, str, str]] = [
        ("all", APPLIES, APPLIES),
        ({"only": ["IN"]}, APPLIES, SAYS_NOTHING),
        ({"only": ["IN", "DE"]}, APPLIES, APPLIES),
        ({"except": ["IN"]}, SAYS_NOTHING, APPLIES),
        ({"except": ["VN"]}, APPLIES, APPLIES),
        ({"including": ["IN"]}, APPLIES, MAY_APPLY),
    ]
    for number, (destinations, _, _) in enumerate(expected):
        register.record(announced(f"m-{number}", destinations=destinations, commodities=[{"name": f"goods-{number}"}]))
    found = [
        tuple(
            answer["control"]
            for answer in register.answers(
                *({"destination": code, "commodity": {"name": f"goods-{number}"}} for code in ("IN", "DE"))
            )
        )
        for number in range(len(expected))
    ]
    assert found == [(india, germany) for _, india, germany in expected]


@pytest.mark.parametrize("role", ["end_user", "exporter"])
def test_parties_that_a_measure_names_are_reached_no_others_are_and_one_not_told_may_be(register: Register, role: str):
    scope: dict[str, Any] = {f"{role}s": {"only": [JAY]}}
    register.record(announced("m", **scope))
    jay, maruti, untold = register.answers({role: JAY}, {role: MARUTI}, {})
    assert [answer["control"] for answer in (jay, maruti)] == [APPLIES, SAYS_NOTHING]
    # A list of end users stands beside a question that names no party, and is no answer to it (rule 38).
    assert untold["control"] == (SAYS_NOTHING if role == "end_user" else MAY_APPLY)
    assert possible_controls(untold) == {APPLIES}


@pytest.mark.parametrize("role", ["end_user", "exporter"])
def test_parties_that_a_measure_excepts_are_not_reached_and_all_others_are(register: Register, role: str):
    scope: dict[str, Any] = {f"{role}s": {"except": [JAY]}}
    register.record(announced("m", **scope))
    excepted, other = register.answers({role: JAY}, {role: MARUTI})
    assert excepted["control"] in {SAYS_NOTHING, "not_restricted"}
    assert other["control"] == APPLIES


def test_end_users_by_class_are_the_companies_of_a_country(register: Register):
    register.record(announced("m", end_users={"only": [{"class": {"country": "IN"}}]}))
    assert (register.control_of(end_user=JAY), register.control_of(end_user=HELLA)) == (APPLIES, SAYS_NOTHING)


def test_a_described_end_user_is_whoever_is_described_so_and_nobody_else(register: Register):
    register.record(announced("m", end_users={"only": [{"described": "Jay Ushin"}]}))
    assert [register.control_of(end_user=party) for party in (JAY, MARUTI)] == [APPLIES, SAYS_NOTHING]


def test_an_undisclosed_end_user_may_be_any_company_of_its_country(register: Register):
    register.record(announced("m", end_users={"only": [{"undisclosed": True, "country": "IN", "count": 16}]}))
    assert [register.control_of(end_user=party) for party in (JAY, HELLA)] == [MAY_APPLY, SAYS_NOTHING]
    assert "0 of 16 are named" in register.answer(end_user=JAY)["possible"][0]["because"]


def test_a_registered_company_is_reached_by_its_name_and_country(register: Register):
    register.record(
        registered("jay-ushin", "Jay Ushin", "IN"),
        announced("m", end_users={"only": [{"company": "company/jay-ushin"}]}),
    )
    asked = [{"company": "company/jay-ushin"}, JAY, MARUTI]
    assert [register.control_of(end_user=party) for party in asked] == [APPLIES, APPLIES, SAYS_NOTHING]


def test_an_end_use_that_a_measure_names_is_reached_and_one_not_told_may_be(register: Register):
    register.record(announced("m", kind="prohibition", end_uses=["military"]))
    found = register.answers({"end_use": "military"}, {"end_use": "civil"}, {})
    assert [answer["control"] for answer in found] == ["prohibited", SAYS_NOTHING, MAY_APPLY]


def test_an_end_use_not_told_leaves_an_end_use_control_beside_the_countrys(register: Register):
    register.record(announced("rule"), announced("use", kind="prohibition", end_uses=["military"]))
    answer = register.answer()
    assert (answer["control"], possible_controls(answer)) == (APPLIES, {"prohibited"})


def test_a_scope_matches_only_where_every_dimension_does(register: Register):
    register.record(announced("m", destinations={"only": ["IN"]}, end_users={"only": [JAY]}, end_uses=["military"]))
    whole: dict[str, Any] = {"destination": "IN", "end_user": JAY, "end_use": "military"}
    others: list[dict[str, Any]] = [
        {"destination": "DE"},
        {"end_user": MARUTI},
        {"end_use": "civil"},
        {"commodity": GALLIUM},
    ]
    found = register.answers(whole, *(whole | other for other in others))
    assert [answer["control"] for answer in found] == [APPLIES] + [SAYS_NOTHING] * 4


def test_the_weakest_dimension_decides_how_certainly_a_scope_matches(register: Register):
    register.record(announced("m", commodities=[{**MAGNETS, "match": "ex"}], destinations={"only": ["IN"]}))
    assert (register.control_of(), register.control_of(destination="DE")) == (MAY_APPLY, SAYS_NOTHING)


def test_a_license_line_is_matched_like_a_scope(register: Register):
    lines = [{"hs": "8505.11"}, {"hs": "811292", "match": "ex"}]
    register.record(granted("l", JAY, issuer="US", origin="US", commodities=lines))
    codes = ("850511", "85051110", "8505", "811292")
    found = register.answers(*({"controller": "US", "commodity": {"hs": code}, "end_user": JAY} for code in codes))
    assert [answer["standing"] for answer in found] == ["confirmed", "confirmed", "possible", "possible"]
