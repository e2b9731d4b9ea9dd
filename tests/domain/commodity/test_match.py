"""Evidence by name, code and description, weighed together; and the parameters that a line states as conditions."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.commodity.match import (
    Commodity,
    CommodityMatch,
    Definitions,
    ScopedCommodity,
    best_match,
    compare,
    may_fall_under,
)
from service.domain.commodity.names import Meaning
from service.domain.truth import Truth
from tests.answers.facts import defined
from tests.domain.commodity.told import definitions

NO, POSSIBLE, YES = Truth
SUBJECT = definitions(
    defined("all_subject", parts=["fast_chips"]),
    defined("gallium", {"hs": "811292", "match": "ex"}),
    defined("cobalt", {"hs": "8105", "match": "ex"}),
)
MAGNETS = definitions(
    defined("magnets", {"hs": "850511", "match": "reference_only"}, parts=["heavy", "light"]),
    defined(
        "heavy",
        {"hs": "850511", "match": "ex"},
        parameters_one_of=[{"dysprosium_more_than": "0"}, {"terbium_more_than": "0"}],
    ),
    defined("light", {"hs": "850511", "match": "ex"}),
)
WITH_DYSPROSIUM = {"name": "heavy", "parameters": {"dysprosium_more_than": "0"}}
WITH_TERBIUM = {"name": "heavy", "parameters": {"terbium_more_than": "0"}}


def found(asked: dict[str, Any], *lines: dict[str, Any], names: Definitions = SUBJECT, **read: Any) -> CommodityMatch:
    listed = [ScopedCommodity.model_validate(line) for line in lines]
    match = best_match(Commodity.model_validate(asked), listed, names, **read)
    assert match.because
    assert match.truth is POSSIBLE or not match.open
    return match


def truth(asked: dict[str, Any], *lines: dict[str, Any], names: Definitions = SUBJECT, **read: Any) -> Truth:
    return found(asked, *lines, names=names, **read).truth


@pytest.mark.parametrize(
    ("asked", "truths"),
    [
        ({"name": "fast_chips"}, YES),
        ({"name": "gallium"}, POSSIBLE),
        ({"hs": "811292"}, POSSIBLE),
        ({"control_code": "3A090"}, POSSIBLE),
        ({"name": "never_heard_of"}, POSSIBLE),
        ({"name": "never_heard_of", "hs": "090111"}, POSSIBLE),
    ],
)
def test_goods_that_a_class_does_not_list_may_belong_to_it(asked: dict[str, Any], truths: Truth):
    assert truth(asked, {"name": "all_subject"}) is truths


def test_goods_that_a_complete_definition_does_not_list_are_not_meant_by_it():
    whole = definitions(
        defined("all_subject", parts=["fast_chips"], complete=True), defined("fast_chips", {"hs": "854231"})
    )
    goods: list[dict[str, Any]] = [{"name": "gallium"}, {"hs": "811292"}, {"name": "fast_chips"}, {"hs": "854231"}]
    assert [truth(one, {"name": "all_subject"}, names=whole) for one in goods] == [NO, NO, YES, YES]


def test_equal_tiers_that_disagree_about_completeness_leave_a_class_open():
    both = definitions(
        defined("all_subject", parts=["fast_chips"], complete=True), defined("all_subject", complete=False)
    )
    assert truth({"name": "gallium"}, {"name": "all_subject"}, names=both) is POSSIBLE


def test_a_class_that_is_a_part_of_other_goods_leaves_them_open():
    names = definitions(
        defined("goods", {"hs": "8542"}, parts=["all_subject"]), defined("all_subject", parts=["fast_chips"])
    )
    assert truth({"name": "gallium"}, {"name": "goods"}, names=names) is POSSIBLE


def test_goods_that_a_definition_excludes_and_their_parts_are_not_meant_by_it():
    names = definitions(
        defined("minerals", parts=["lithium_ore"], excludes=["concentrates"]),
        defined("concentrates", parts=["lithium_concentrate"]),
    )
    truths = [
        truth({"name": name}, {"name": "minerals"}, names=names)
        for name in ("lithium_ore", "concentrates", "lithium_concentrate", "bauxite")
    ]
    assert truths == [YES, NO, NO, POSSIBLE]


def test_one_kind_of_goods_is_not_another():
    assert truth({"name": "gallium"}, {"name": "cobalt"}) is NO
    assert truth({"name": "gallium", "hs": "8105"}, {"name": "cobalt"}) is NO
    assert truth({"name": "never_heard_of"}, {"name": "cobalt"}) is NO


def test_a_name_that_nobody_defined_excludes_nothing_that_a_code_leaves_open():
    assert truth({"name": "scrap", "hs": "810520"}, {"name": "cobalt"}) is POSSIBLE
    assert truth({"hs": "810520"}, {"name": "cobalt"}) is POSSIBLE


@pytest.mark.parametrize("match", ["ex", "reference_only"])
def test_beside_a_code_that_does_not_decide_the_name_does(match: str):
    line = {"name": "gallium", "hs": "811292", "match": match}
    assert truth({"name": "gallium"}, line) is YES
    assert truth({"name": "gallium", "hs": "811292"}, line) is YES
    assert truth({"name": "gallium", "hs": "285390"}, line) is YES
    assert truth({"hs": "811292"}, line) is POSSIBLE
    assert truth({"name": "cobalt", "hs": "811292"}, line) is NO


def test_a_flag_without_a_code_is_the_names_own():
    line = {"name": "gallium", "match": "ex"}
    exact = definitions(defined("gallium", {"hs": "811292"}))
    assert truth({"name": "gallium"}, line) is POSSIBLE
    assert truth({"hs": "811292"}, line, names=exact) is POSSIBLE
    assert truth({"hs": "811292"}, {"name": "gallium"}, names=exact) is YES
    assert truth({"description": "Wafers"}, {"description": "wafers", "match": "ex"}) is POSSIBLE


def test_beside_a_code_that_does_not_decide_equal_words_do():
    line = {"hs": "381800", "match": "ex", "description": "gallium arsenide wafers"}
    assert truth({"hs": "381800", "description": "Gallium  arsenide wafers"}, line) is YES
    assert truth({"hs": "811292", "description": "gallium arsenide wafers"}, line) is YES
    assert truth({"hs": "381800", "description": "other wafers"}, line) is POSSIBLE


def test_a_code_of_which_a_whole_is_listed_decides_beside_another_name():
    assert truth({"name": "gallium", "hs": "850511"}, {"hs": "850511"}) is YES
    assert truth({"name": "cobalt", "hs": "850511"}, {"name": "gallium", "hs": "850511"}) is YES


def test_all_codes_of_a_name_have_to_be_listed():
    two = definitions(defined("magnets", {"hs": "850511"}, {"hs": "284690"}))
    assert truth({"name": "magnets"}, {"hs": "8505"}, names=two) is POSSIBLE
    assert truth({"name": "magnets"}, {"hs": "8505"}, {"hs": "2846"}, names=two) is POSSIBLE
    assert truth({"name": "magnets"}, {"hs": "2811"}, names=two) is NO


def test_a_substance_has_more_numbers_than_a_definition_gives_unless_they_are_known_for_others():
    names = definitions(
        defined("gallium", {"hs": "811292", "match": "ex"}, {"cas": "7440-55-3"}),
        defined("dysprosium", {"cas": "7429-91-6"}),
    )
    gallium_arsenide = "1303-00-0"
    assert truth({"cas": gallium_arsenide}, {"name": "gallium"}, names=names) is POSSIBLE
    assert truth({"cas": "7429-91-6"}, {"name": "gallium"}, names=names) is NO
    assert truth({"name": "gallium"}, {"cas": gallium_arsenide}, names=names) is POSSIBLE
    assert truth({"name": "gallium"}, {"cas": "7429-91-6"}, names=names) is NO


@pytest.mark.parametrize(
    ("asked", "line", "controller", "truths"),
    [
        ({"control_code": "1C902"}, {"control_code": "1C902"}, "CN", YES),
        ({"control_code": "1C902", "system": "cn"}, {"control_code": "1C902"}, "CN", YES),
        ({"control_code": "3A090", "system": "eccn"}, {"control_code": "3A090"}, "US", YES),
        ({"control_code": "3A090", "system": "eccn"}, {"control_code": "3A090"}, "CN", NO),
        ({"control_code": "3A090", "system": "eccn"}, {"control_code": "3A090", "system": "eccn"}, "CN", YES),
        ({"control_code": "3A090"}, {"control_code": "3A090", "system": "eccn"}, "CN", NO),
        ({"control_code": "1C902"}, {"hs": "850511"}, "CN", NO),
        ({"control_code": "1C902"}, {"name": "gallium"}, "CN", NO),
        ({"control_code": "1C902"}, {"name": "never_heard_of"}, "CN", POSSIBLE),
        ({"control_code": "1C902"}, {"description": "wafers"}, "CN", POSSIBLE),
        ({"control_code": "1C902", "system": "cn", "hs": "850511"}, {"hs": "850511"}, "US", YES),
        ({"control_code": "1C902", "system": "cn", "hs": "850511"}, {"hs": "850511", "match": "ex"}, "US", POSSIBLE),
        ({"control_code": "1C902", "system": "cn"}, {"control_code": "1C903"}, None, NO),
        ({"control_code": "1C902", "system": "cn"}, {"control_code": "1C902"}, None, YES),
    ],
)
def test_a_control_code_speaks_of_its_own_list_only(
    asked: dict[str, Any], line: dict[str, Any], controller: str | None, truths: Truth
):
    assert truth(asked, line, controller=controller) is truths


def test_a_code_of_another_list_does_not_undo_what_the_name_leaves_open():
    names = definitions(defined("magnets", parts=["heavy"], complete=True), defined("heavy", {"control_code": "1C902"}))
    asked = {"name": "magnets", "control_code": "3A090", "system": "eccn"}
    assert truth(asked, {"name": "heavy"}, names=names, controller="CN") is POSSIBLE


@pytest.mark.parametrize("name", ["magnet", "ndfeb_magnets", "permanent-magnets", "magnets_sintered", "heavy_goods"])
def test_a_name_that_nobody_defined_is_possibly_what_it_has_a_telling_word_of(name: str):
    assert truth({"name": name}, {"name": "magnets"}, {"name": "heavy"}, names=MAGNETS) is POSSIBLE


@pytest.mark.parametrize("name", ["raw_ore", "machine_tool", "coffee", "goods_of_high_purity"])
def test_a_word_that_all_goods_have_makes_nothing_possible(name: str):
    known = definitions(defined("cobalt_ore"), defined("gallium_machine"))
    assert truth({"name": name}, {"name": "cobalt_ore"}, {"name": "gallium_machine"}, names=known) is NO


DUAL_USE = definitions(
    defined("magnets", {"hs": "850511", "match": "reference_only"}, parts=["neodymium", "cobalt"]),
    defined("neodymium", parts=["heavy", "light"]),
    defined(
        "heavy",
        {"hs": "850511", "match": "ex"},
        parameters_one_of=[{"dysprosium_more_than": "0"}, {"terbium_more_than": "0"}],
    ),
    defined("dual_use", parts=["heavy", "gallium"]),
)


@pytest.mark.parametrize("goods", [{"name": "magnets"}, {"name": "neodymium"}, {"name": "heavy"}, {"hs": "850511"}])
@pytest.mark.parametrize("line", [{"name": "dual_use"}, {"name": "heavy"}])
@pytest.mark.parametrize(
    "stated", [{"dysprosium": "1.9"}, {"terbium": "0.1"}, {"dysprosium": "0", "terbium_more_than": "0"}]
)
def test_goods_with_the_parameters_of_a_listed_part_are_listed(
    goods: dict[str, Any], line: dict[str, Any], stated: dict[str, str]
):
    assert truth({**goods, "parameters": stated}, line, names=DUAL_USE) is YES


@pytest.mark.parametrize("goods", [{"name": "magnets"}, {"name": "neodymium"}, {"hs": "850511"}])
@pytest.mark.parametrize("stated", [{}, {"dysprosium": "0"}, {"dysprosium_at_least": "0"}, {"samarium": "20"}])
def test_goods_that_may_lack_the_parameters_of_a_listed_part_are_possibly_listed(
    goods: dict[str, Any], stated: dict[str, str]
):
    assert truth({**goods, "parameters": stated}, {"name": "dual_use"}, names=DUAL_USE) is POSSIBLE


def test_a_set_of_no_parameters_tells_no_part_from_the_rest():
    names = definitions(defined("magnets", parts=["heavy", "light"]), defined("heavy", parameters_one_of=[{}]))
    assert truth({"name": "magnets", "parameters": {"samarium": "20"}}, {"name": "heavy"}, names=names) is POSSIBLE


def test_across_editions_a_customs_code_is_possible():
    line = {"hs": "854231", "edition": "HS2022"}
    assert truth({"hs": "854231", "edition": "HS2017"}, line) is POSSIBLE
    assert truth({"hs": "854232", "edition": "HS2017"}, line) is POSSIBLE
    assert truth({"hs": "854231", "edition": "HS2022"}, line) is YES
    assert truth({"hs": "854231"}, line) is YES
    assert truth({"hs": "854232"}, line) is NO


@pytest.mark.parametrize("fields", [{"edition": "HS2022", "name": "x"}, {"system": "eccn", "hs": "8542"}])
def test_an_edition_and_a_control_list_belong_to_a_code(fields: dict[str, str]):
    with pytest.raises(ValueError, match="is only for a"):
        Commodity.model_validate(fields)


def test_parameters_that_are_not_stated_leave_it_open_whatever_the_flag():
    for line in ({"hs": "681511"}, {"hs": "681511", "match": "ex"}, {"name": "gallium"}, {"description": "fibre"}):
        asked = {name: value for name, value in line.items() if name != "match"}
        listed = line | {"parameters": {"tensile_gpa": "5"}}
        assert truth(asked, listed) is POSSIBLE
        assert truth(asked | {"parameters": {"width_mm": "1"}}, listed) is POSSIBLE
        assert truth(asked | {"parameters": {"tensile_gpa": "5"}}, listed) is YES
        assert truth(asked | {"parameters": {"tensile_gpa": "4.9"}}, listed) is NO


def test_every_listed_parameter_is_a_condition():
    line = {"hs": "681511", "parameters": {"tensile_gpa": "5", "width_mm_at_most": "2"}}
    assert truth({"hs": "681511", "parameters": {"tensile_gpa": "6"}}, line) is POSSIBLE
    assert truth({"hs": "681511", "parameters": {"tensile_gpa": "6", "width_mm": "2"}}, line) is YES
    assert truth({"hs": "681511", "parameters": {"tensile_gpa": "4"}}, line) is NO


def test_parameters_tell_the_listed_part_from_the_rest_but_not_a_narrower_code():
    dysprosium = {"parameters": {"dysprosium": "1.9"}}
    line = {"name": "heavy", "parameters": {"dysprosium_more_than": "0"}}
    assert truth({"hs": "850511"} | dysprosium, line, names=MAGNETS) is YES
    assert truth({"name": "magnets"} | dysprosium, line, names=MAGNETS) is YES
    assert truth({"hs": "8505"} | dysprosium, {"hs": "850511", **line}, names=MAGNETS) is POSSIBLE
    assert truth({"description": "words"} | dysprosium, line, names=MAGNETS) is POSSIBLE


def test_what_the_parameters_leave_out_is_told_as_left_out_by_the_description():
    line = {"name": "heavy", "parameters": {"dysprosium_more_than": "0"}}
    none = {"parameters": {"dysprosium": "0"}}
    assert found({"hs": "850511"} | none, line, names=MAGNETS).described
    assert not found({"description": "words"} | none, line, names=MAGNETS).described
    assert not found({"hs": "090111"} | none, line, names=MAGNETS).described


def test_a_name_whose_goods_all_have_one_of_the_listed_parameters_is_listed():
    assert truth({"name": "heavy"}, WITH_DYSPROSIUM, WITH_TERBIUM, names=MAGNETS) is YES
    assert truth({"name": "heavy"}, WITH_DYSPROSIUM, names=MAGNETS) is POSSIBLE
    no_dysprosium = {"name": "heavy", "parameters": {"dysprosium": "0"}}
    assert truth(no_dysprosium, WITH_TERBIUM, names=MAGNETS) is YES
    assert truth(no_dysprosium, WITH_DYSPROSIUM, names=MAGNETS) is NO


def test_parameters_that_contradict_the_name_are_read_as_they_are_stated():
    neither = {"name": "heavy", "parameters": {"dysprosium": "0", "terbium": "0"}}
    assert truth(neither, WITH_DYSPROSIUM, WITH_TERBIUM, names=MAGNETS) is NO


def test_a_line_of_a_definition_may_state_parameters():
    names = definitions(defined("fibre", {"hs": "681511", "parameters": {"tensile_gpa": "5"}}))
    assert truth({"hs": "681511"}, {"name": "fibre"}, names=names) is POSSIBLE
    assert truth({"hs": "681511", "parameters": {"tensile_gpa": "5"}}, {"name": "fibre"}, names=names) is YES
    assert truth({"hs": "681511", "parameters": {"tensile_gpa": "4"}}, {"name": "fibre"}, names=names) is NO


def test_goods_as_a_question_names_them_carry_no_bound_of_a_scope():
    line = ScopedCommodity.model_validate({"hs": "850511", "match": "ex", "parameters": {"dysprosium_more_than": "0"}})
    assert line.plain() == Commodity(hs="850511")
    assert compare(line.plain(), line, SUBJECT).truth is POSSIBLE


def test_goods_of_every_kind_are_reached_in_part():
    assert truth({"name": "all"}, {"name": "gallium"}) is POSSIBLE
    assert truth({"name": "all"}, {"hs": "8112"}) is POSSIBLE


# What would settle it.


def asks(match: CommodityMatch) -> list[str]:
    return [fact.ask for fact in match.open]


def outcomes(match: CommodityMatch, ask: str) -> list[tuple[dict[str, Any], Truth]]:
    return [(goods.model_dump(), truths) for fact in match.open if fact.ask == ask for goods, truths in fact.outcomes]


def test_a_parameter_that_is_not_stated_is_asked_for_with_both_sides_of_its_bound():
    match = found({"hs": "850511"}, {"hs": "850511", "parameters": {"dysprosium_more_than": "0"}})
    assert asks(match) == ["commodity.parameters.dysprosium"]
    assert outcomes(match, "commodity.parameters.dysprosium") == [
        ({"hs": "850511", "parameters": {"dysprosium_more_than": "0"}}, YES),
        ({"hs": "850511", "parameters": {"dysprosium_at_most": "0"}}, NO),
    ]


def test_goods_wider_than_a_scope_are_asked_for_their_part():
    match = found({"name": "magnets"}, WITH_DYSPROSIUM, names=MAGNETS)
    assert asks(match) == ["commodity.name", "commodity.parameters.dysprosium"]
    parts = outcomes(found({"name": "magnets"}, {"name": "heavy"}, names=MAGNETS), "commodity.name")
    assert parts == [({"name": "heavy"}, YES), ({"name": "light"}, NO)]


def test_a_code_wider_than_the_listed_one_is_asked_for_more_digits():
    match = found({"hs": "8505"}, {"hs": "850511"}, {"hs": "850519"})
    assert outcomes(match, "commodity.hs") == [({"hs": "850511"}, YES), ({"hs": "850519"}, YES)]


def test_a_code_that_does_not_decide_is_asked_for_the_name_or_the_control_code():
    match = found({"hs": "811292"}, {"name": "gallium"})
    assert outcomes(match, "commodity.name") == [({"hs": "811292", "name": "gallium"}, YES)]
    referring = found({"hs": "850511"}, {"control_code": "1C902", "hs": "850511"}, codes_refer=True)
    assert outcomes(referring, "commodity.control_code") == [({"hs": "850511", "control_code": "1C902"}, YES)]


def test_what_is_certain_asks_for_nothing():
    assert not found({"name": "gallium"}, {"name": "gallium"}, {"name": "never", "hs": "811292", "match": "ex"}).open


# Rules over all goods and lines.


def known(**lines: Sequence[dict[str, str]]) -> Definitions:
    """Kinds of goods with these codes, magnets with two parts, and a class."""
    kinds = (
        Meaning(name, tuple(ScopedCommodity.model_validate(line) for line in several))
        for name, several in lines.items()
    )
    whole = Meaning("magnets", (ScopedCommodity(hs="850511", match="ex"),), ("heavy", "light"))
    return Definitions((*kinds, whole, Meaning("klass", parts=("member", "heavy"))))


ALL_KNOWN = [
    known(),
    known(gallium=[{"hs": "8105"}], heavy=[{"hs": "850511"}, {"hs": "0901", "match": "ex"}]),
    known(gallium=[{"hs": "811292", "match": "ex"}], cobalt=[{"hs": "8105", "match": "reference_only"}]),
    known(heavy=[{"hs": "85051110"}], light=[{"hs": "850519"}], gallium=[{"hs": "8505", "match": "ex"}]),
]
CODES = ["8505", "850511", "85051110", "850519", "811292", "8105", "0901"]
NAMES = ["gallium", "cobalt", "magnets", "heavy", "light", "klass", "member"]
WORDS = ["words", "other words"]


def one_of(*values: str) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, *values])


def stated(**fields: object) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


definitions_ = st.sampled_from(ALL_KNOWN)
bounds = st.dictionaries(
    st.sampled_from(["a", "a_at_least", "a_at_most", "a_more_than", "a_less_than", "b", "b_more_than"]),
    st.sampled_from(["0", "0.5", "1", "2"]),
    min_size=1,
    max_size=3,
)
by_code = st.builds(stated, hs=st.sampled_from(CODES), description=one_of(*WORDS))
by_name = st.builds(stated, name=st.sampled_from(NAMES), hs=one_of(*CODES), description=one_of(*WORDS))
questions = by_code | by_name
named_lines = st.builds(
    stated,
    name=st.sampled_from(NAMES),
    hs=one_of(*CODES),
    description=one_of("words"),
    match=st.sampled_from(["exact", "ex", "reference_only"]),
    parameters=st.none() | bounds,
)
lines = named_lines | st.builds(
    stated,
    hs=st.sampled_from(CODES),
    description=one_of("words"),
    match=st.sampled_from(["exact", "ex", "reference_only"]),
    parameters=st.none() | bounds,
)


def met(asked: dict[str, Any], line: dict[str, Any], names: Definitions) -> Truth:
    return compare(Commodity.model_validate(asked), ScopedCommodity.model_validate(line), names).truth


@given(st.builds(stated, name=st.sampled_from(NAMES), description=one_of(*WORDS)), lines, definitions_)
def test_goods_that_are_listed_stay_listed_with_one_more_code(
    asked: dict[str, Any], line: dict[str, Any], names: Definitions
):
    true = [code for code in CODES if met({"hs": code}, {"name": asked["name"]}, names) is not NO]
    if met(asked, line, names) is YES:
        assert {met(asked | {"hs": code}, line, names) for code in true} <= {YES}


@given(questions, lines, definitions_)
def test_one_more_description_changes_nothing_unless_it_is_the_listed_one(
    asked: dict[str, Any], line: dict[str, Any], names: Definitions
):
    without = {name: value for name, value in asked.items() if name != "description"}
    alone = set(without) == {"name"}
    before, after = met(without, line, names), met(without | {"description": "more words"}, line, names)
    assert after is before or (alone and before is NO and "member" not in names.by_name)
    assert met(without | {"description": "words"}, line, names) >= min(before, after)


@given(questions, lines, definitions_, bounds)
def test_parameters_only_settle_what_was_possible(
    asked: dict[str, Any], line: dict[str, Any], names: Definitions, parameters: dict[str, str]
):
    before, after = met(asked, line, names), met(asked | {"parameters": parameters}, line, names)
    assert before is POSSIBLE or after is before


@given(by_code, named_lines, definitions_)
def test_adding_the_listed_name_itself_makes_nothing_less_exact(
    asked: dict[str, Any], line: dict[str, Any], names: Definitions
):
    assert met(asked | {"name": line["name"]}, line, names) >= met(asked, line, names)


@given(by_code, lines, definitions_)
def test_a_name_that_nobody_knows_never_clears(asked: dict[str, Any], line: dict[str, Any], names: Definitions):
    assert met(asked | {"name": "never_heard_of"}, line, names) >= met(asked, line, names)


@given(questions, lines, definitions_, bounds)
def test_a_scope_with_a_bound_is_never_certain_of_goods_that_do_not_state_it(
    asked: dict[str, Any], line: dict[str, Any], names: Definitions, limits: dict[str, str]
):
    assert met(asked, line | {"parameters": limits}, names) is not YES


@given(lines, definitions_)
def test_goods_of_a_line_never_fall_out_of_it(line: dict[str, Any], names: Definitions):
    listed = ScopedCommodity.model_validate(line)
    assert compare(listed.plain(), listed, names).truth is not NO


def test_a_customs_code_that_only_refers_rules_nothing_out_of_its_heading():
    names, listed = definitions(), ScopedCommodity(hs="850511", control_code="1C902")
    asked = Commodity(hs="850519")
    assert [may_fall_under(asked, listed, names, codes_refer=refer) for refer in (True, False)] == [True, False]


def test_a_control_code_alone_is_in_no_scope_without_codes_of_its_list():
    match = found({"control_code": "3A090"}, {"hs": "850511"})
    assert (match.truth, match.because) == (NO, "it has no code of the control list of 3A090")
    assert truth({"control_code": "3A090"}, {"name": "gallium"}) is NO
    assert truth({"control_code": "3A090", "description": "a fast chip"}, {"hs": "850511"}) is POSSIBLE
    assert truth({"control_code": "3A090"}, {"description": "a fast chip"}) is POSSIBLE


PURE = definitions(
    defined("pure", {"hs": "811292", "match": "ex", "parameters": {"purity_at_least": "99"}}),
    defined("all_of_it", {"hs": "811292", "parameters": {"purity_at_least": "99"}}),
)


@pytest.mark.parametrize(
    ("parameters", "name", "truths", "said"),
    [
        ({"purity": "99"}, "pure", YES, "its parameters are those listed"),
        ({"purity": "98"}, "pure", NO, "its purity is not what is listed"),
        ({"purity": "98"}, "all_of_it", NO, "its purity is not what is listed"),
        ({"purity": "99"}, "all_of_it", YES, "code 811292 is listed"),
        ({}, "all_of_it", POSSIBLE, "its purity is not stated"),
    ],
)
def test_the_parameters_of_a_defined_code_say_which_goods_of_the_code_are_meant(
    parameters: dict[str, str], name: str, truths: Truth, said: str
):
    match = found({"hs": "811292", "parameters": parameters}, {"name": name}, names=PURE)
    assert match.truth is truths
    assert said in match.because


@pytest.mark.parametrize(
    ("bound", "truths"),
    [
        ("less_than", [YES, NO, NO]),
        ("at_most", [YES, YES, NO]),
        ("at_least", [NO, YES, YES]),
        ("more_than", [NO, NO, YES]),
    ],
)
def test_a_bound_is_itself_reached_or_not_as_its_name_says(bound: str, truths: list[Truth]):
    line = {"hs": "811292", "parameters": {f"purity_{bound}": "99"}}
    assert [truth({"hs": "811292", "parameters": {"purity": value}}, line) for value in ("98", "99", "100")] == truths
