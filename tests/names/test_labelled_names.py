"""The figures of docs/names.md: how many names are found as others write them, and how many others are touched."""

import pytest

from tests.names.labelled import KINDS, listed, unrelated, variants
from tests.names.measure import UNRELATED, Figures, measured, recalled, told


@pytest.fixture(scope="module")
def figures() -> Figures:
    return measured()


def test_of_all_variants_of_a_listed_name_nearly_all_are_found(figures: Figures):
    assert figures.recall >= 0.97, told(figures)


def test_a_form_or_the_case_hides_hardly_any_name(figures: Figures):
    assert figures.recall_of_forms_and_case >= 0.99, told(figures)


def test_hardly_any_unrelated_name_is_touched(figures: Figures):
    assert figures.touched <= 1 / 200, told(figures)


def test_a_name_in_the_lists_own_script_and_one_of_another_country_are_always_found(figures: Figures):
    for kind in ("as it is", "its own script", "another country", "no form", "another form", "a form added"):
        found, made = figures.by_kind[kind]
        assert found == made > 90, kind


def test_of_each_kind_of_change_nearly_all_are_found(figures: Figures):
    for kind, (found, made) in figures.by_kind.items():
        assert found / made >= 0.95, kind


def test_a_higher_threshold_finds_less():
    assert recalled(100) < 0.97


def test_the_set_is_large_and_of_every_kind():
    made = [one for party in listed() for one in variants(party)]
    assert len(listed()) > 250
    assert {one.kind for one in made} == set(KINDS)
    assert len(set(unrelated(UNRELATED))) == UNRELATED
    assert not {name for name, _ in unrelated(UNRELATED)} & {party.name for party in listed()}
