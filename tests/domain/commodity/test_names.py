"""A name, its codes and its parts: how definitions are merged, and how goods meet through them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.commodity.match import Commodity, Definitions, ScopedCommodity, best_match, compare
from service.domain.commodity.names import Meaning
from service.domain.truth import Truth
from tests.answers.facts import defined
from tests.domain.commodity.told import definitions

NO, POSSIBLE, YES = Truth
names = st.sampled_from(["one", "two", "three", "four"])


def listed(**fields: Any) -> ScopedCommodity:
    return ScopedCommodity.model_validate(fields)


def truth(asked: dict[str, Any], line: dict[str, Any], **definitions: list[ScopedCommodity]) -> Truth:
    known = Definitions(
        Meaning(
            name,
            tuple(line for line in lines if not line.name),
            tuple(line.name for line in lines if line.name),
        )
        for name, lines in definitions.items()
    )
    found = compare(Commodity.model_validate(asked), listed(**line), known)
    assert found.because
    return found.truth


def test_a_part_falls_under_the_whole_and_the_whole_reaches_a_part_in_part():
    known = {"earths": [listed(name="heavy")], "heavy": [listed(name="dysprosium")]}
    assert truth({"name": "dysprosium"}, {"name": "earths"}, **known) is YES
    assert truth({"name": "earths"}, {"name": "dysprosium"}, **known) is POSSIBLE
    assert truth({"name": "dysprosium"}, {"name": "earths", "match": "ex"}, **known) is POSSIBLE


def test_the_codes_of_a_part_are_codes_of_the_whole():
    known = {"earths": [listed(name="dysprosium")], "dysprosium": [listed(cas="7429-91-6")]}
    assert truth({"cas": "7429-91-6"}, {"name": "earths"}, **known) is YES
    assert truth({"name": "earths"}, {"cas": "7429-91-6"}, **known) is POSSIBLE


def test_two_names_of_which_one_is_all_of_a_code_meet_by_it():
    known = {"ndfeb": [listed(hs="850511")]}
    assert truth({"name": "ndfeb"}, {"name": "magnets", "hs": "8505"}, **known) is YES
    assert truth({"name": "ndfeb"}, {"name": "magnets", "hs": "85051110"}, **known) is POSSIBLE
    assert truth({"name": "ndfeb"}, {"name": "magnets", "hs": "8505", "match": "ex"}, **known) is NO


@given(st.dictionaries(names, st.lists(names, max_size=3)), names, names)
def test_parts_of_each_other_in_any_way_come_to_an_end(parts: dict[str, list[str]], asked: str, line: str):
    known = {name: [listed(name=part) for part in of] for name, of in parts.items()}
    found = truth({"name": asked}, {"name": line}, **known)
    assert found is (YES if asked == line else found)
    assert truth({"hs": "850511"}, {"name": line}, **known) is POSSIBLE


OTHERWISE = definitions(
    defined("rare_earth_magnets", {"hs": "850511"}, title="Rare-earth permanent magnets", aliases=["NdFeB magnets"]),
    defined("steel", {"hs": "72"}, aliases=["metal"]),
    defined("copper", {"hs": "74"}, aliases=["metal"]),
)


@pytest.mark.parametrize(
    "name", ["rare-earth magnets", "Rare_Earth_Magnets", "ndfeb-magnets", "rare earth permanent magnets"]
)
def test_other_signs_or_words_for_goods_mean_the_goods(name: str):
    assert OTHERWISE.meant_by(name) == "rare_earth_magnets"


@pytest.mark.parametrize("name", ["magnets", "metal", "steel"])
def test_a_name_of_no_goods_or_of_several_stays(name: str):
    assert OTHERWISE.meant_by(name) == name


@pytest.mark.parametrize(
    ("asked", "truth"),
    [
        ("gallium-metal", Truth.YES),
        ("gallium_metals", Truth.POSSIBLE),
        ("galliummetal", Truth.POSSIBLE),
        ("gallium", Truth.POSSIBLE),
        ("high_purity_gallium_metal", Truth.POSSIBLE),
        ("galium_metax", Truth.POSSIBLE),
        ("galium_metaxx", Truth.NO),
        ("gallium_alloy_wire", Truth.POSSIBLE),
        ("rare_earth_magnets", Truth.NO),
    ],
)
def test_a_name_that_nobody_defined_is_held_against_those_that_are_spelled_alike(asked: str, truth: Truth):
    match = best_match(Commodity(name=asked), [ScopedCommodity(name="gallium_metal")], OTHERWISE)
    assert match.truth is truth


NAMED = definitions(
    defined("earths", parts=["dysprosium", "terbium"], complete=True),
    defined("dysprosium", {"cas": "7429-91-6"}),
    defined("terbium", {"cas": "7440-27-9"}),
    defined("steel", {"hs": "72"}),
)


@pytest.mark.parametrize(
    ("asked", "line", "because"),
    [
        ({"name": "dysprosium"}, {"name": "dysprosium"}, "dysprosium is listed by name"),
        ({"name": "dysprosium"}, {"name": "earths"}, "dysprosium is a part of earths"),
        ({"name": "earths"}, {"name": "dysprosium"}, "only a part of earths is listed: dysprosium"),
        ({"name": "steel"}, {"name": "dysprosium"}, "steel is not dysprosium"),
        ({"name": "all"}, {"name": "steel"}, "all goods are more than what is listed"),
        ({"name": "steel_wire"}, {"name": "steel"}, "no record defines steel_wire, which is spelled like steel"),
        (
            {"name": "wire_of_terbium_and_more"},
            {"name": "terbium"},
            "no record defines wire_of_terbium_and_more, which ",
        ),
        ({"hs": "850511"}, {"name": "magnets"}, "no record says which codes magnets stands for"),
        ({"description": "A rod"}, {"description": "a  ROD"}, "the description is the same"),
        ({"description": "A rod"}, {"hs": "7216"}, "the two are described in different terms"),
    ],
)
def test_why_goods_meet_or_not_is_said_in_words(asked: dict[str, Any], line: dict[str, Any], because: str):
    match = best_match(Commodity.model_validate(asked), [ScopedCommodity.model_validate(line)], NAMED)
    assert match.because.startswith(because)


def test_goods_of_which_a_part_is_listed_are_settled_by_the_part_that_they_are():
    match = best_match(Commodity(name="earths"), [ScopedCommodity(name="dysprosium")], NAMED)
    (fact,) = match.open
    assert (fact.ask, [(goods.name, truth) for goods, truth in fact.outcomes]) == (
        "commodity.name",
        [("dysprosium", YES), ("terbium", NO)],
    )


def test_a_class_that_may_have_more_members_leaves_codes_open():
    open_ = definitions(defined("earths", parts=["dysprosium"]), defined("dysprosium", {"cas": "7429-91-6"}))
    match = best_match(Commodity(cas="7440-27-9"), [ScopedCommodity(name="earths")], open_)
    assert (match.truth, match.because) == (
        POSSIBLE,
        "no source says that what is named among earths is all",
    )


def test_what_is_spelled_like_a_part_of_what_is_listed_may_be_it():
    names = definitions(defined("magnet_materials", parts=["rare_earth_magnets"], complete=True))
    match = best_match(Commodity(name="rare_earth_magnet"), [ScopedCommodity(name="magnet_materials")], names)
    assert (match.truth, match.because) == (
        Truth.POSSIBLE,
        "no record defines rare_earth_magnet, which is spelled like rare_earth_magnets",
    )
