"""Rule 11: what is spelled alike, and goods found by words and codes."""

import pytest

from service.domain.commodity.definition import overlapping
from service.domain.commodity.match import ScopedCommodity
from service.domain.commodity.search import found_by, name_of, spelled_alike, suggested, telling_words
from tests.answers.facts import defined
from tests.domain.commodity.told import definitions

KNOWN = {
    "rare_earth_magnets": ("rare_earth_magnets", "Permanent magnets of rare earths", "NdFeB"),
    "gallium": ("gallium", "Gallium and its compounds"),
    "germanium": ("germanium", "Germanium and its compounds"),
    "cobalt": ("cobalt",),
}


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("rare_earth_magnet", "rare_earth_magnets"),
        ("magnets_rare_earth", "rare_earth_magnets"),
        ("rare-earth-magnets", "rare_earth_magnets"),
        ("rareearthmagnets", "rare_earth_magnets"),
        ("sintered_rare_earth_magnets", "rare_earth_magnets"),
        ("ndfeb", "rare_earth_magnets"),
        ("magnets", "rare_earth_magnets"),
        ("galium", "gallium"),
        ("germanum", "germanium"),
    ],
)
def test_what_is_spelled_alike_is_suggested_the_nearest_first(name: str, first: str):
    found = suggested(name, KNOWN)
    assert found[0][0] == first
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("NdFeB magnets", {"ndfeb", "magnet"}),
        ("Lithography machines", {"lithography"}),
        ("Gallium-extraction technology", {"gallium"}),
        ("glass of high purity", {"glass"}),
        ("ore", set()),
    ],
)
def test_the_words_that_tell_goods_are_singular_and_not_those_of_all_goods(text: str, words: set[str]):
    assert telling_words(text) == words


@pytest.mark.parametrize("name", ["magnet", "Neodymium magnets", "permanent magnets", "NdFeB magnet, sintered"])
def test_goods_with_a_telling_word_in_common_are_suggested(name: str):
    assert suggested(name, KNOWN)[0][0] == "rare_earth_magnets"


def test_a_title_is_spelled_alike_as_a_whole_only():
    title = "Technology for making magnets"
    assert spelled_alike("magnets", ["rare_earth_technology"], title) < 88
    assert spelled_alike("technology for making a magnet", ["rare_earth_technology"], title) >= 88
    assert spelled_alike("magnets", ["rare_earth_magnets"], title) >= 88


def test_what_is_spelled_otherwise_is_not_suggested():
    assert suggested("coffee", KNOWN) == []
    assert suggested("_", KNOWN) == []


def test_only_the_same_words_are_certain_and_suggestions_are_few():
    assert suggested("NdFeB", KNOWN)[0] == ("rare_earth_magnets", 100)
    assert suggested("ndfe", KNOWN)[0][1] < 100
    many = {f"gallium_{number}": (f"gallium_{number}",) for number in range(20)}
    assert len(suggested("gallium", many)) == 5


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Rare earth magnets", "rare_earth_magnets"),
        (" gallium ", "gallium"),
        ("rare_earth_magnets", "rare_earth_magnets"),
    ],
)
def test_a_name_of_goods_is_typed_with_blanks_and_capitals(typed: str, name: str):
    assert name_of(typed) == name


@pytest.mark.parametrize(
    ("text", "found"),
    [("8505", True), ("8505.11.00", True), ("1c902", True), ("8506", False), ("9", False), ("magnet", True)],
)
def test_goods_are_found_by_a_code_of_theirs_or_by_words(text: str, found: bool):
    lines = [ScopedCommodity(hs="850511"), ScopedCommodity(control_code="1C902")]
    assert (found_by(text, ("rare_earth_magnets", "magnets"), lines) >= 72) is found


def test_names_that_claim_all_of_one_code_overlap_unless_one_is_a_part_of_the_other():
    names = definitions(
        defined("chips", {"control_code": "3A090"}),
        defined("memory", {"control_code": "3A090.c"}),
        defined("computers", {"hs": "8471"}, parts=["servers"]),
        defined("servers", {"hs": "847150"}),
        defined("gallium", {"hs": "811292", "match": "ex"}),
        defined("germanium", {"hs": "811292", "match": "ex"}),
    )
    assert list(overlapping(names)) == [("chips", "memory", "3A090.c")]
