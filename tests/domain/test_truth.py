"""Kleene's tables, against the three values written out as what they may turn out to be."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.truth import Truth, all_of, any_of

truths = st.sampled_from(Truth)
COULD_BE = {Truth.NO: {False}, Truth.POSSIBLE: {False, True}, Truth.YES: {True}}


def meaning(outcomes: set[bool]) -> Truth:
    return next(truth for truth, could_be in COULD_BE.items() if could_be == outcomes)


@given(st.lists(truths, max_size=6))
def test_and_is_what_every_way_of_deciding_the_open_claims_gives(claims: list[Truth]):
    outcomes = {all(world) for world in product(*(COULD_BE[claim] for claim in claims))}
    assert all_of(claims) is meaning(outcomes)


@given(st.lists(truths, max_size=6))
def test_or_is_what_every_way_of_deciding_the_open_claims_gives(claims: list[Truth]):
    outcomes = {any(world) for world in product(*(COULD_BE[claim] for claim in claims))}
    assert any_of(claims) is meaning(outcomes)


@given(truths)
def test_not_is_what_every_way_of_deciding_the_claim_gives(claim: Truth):
    assert claim.negated() is meaning({not outcome for outcome in COULD_BE[claim]})


@given(truths, truths)
def test_not_turns_and_into_or(one: Truth, other: Truth):
    assert all_of((one, other)).negated() is any_of((one.negated(), other.negated()))


@pytest.mark.parametrize(("truth", "word"), [(Truth.NO, "no"), (Truth.POSSIBLE, "possible"), (Truth.YES, "yes")])
def test_each_truth_has_its_word(truth: Truth, word: str):
    assert truth.word == word


def test_of_nothing_all_holds_and_not_any():
    assert all_of(()) is Truth.YES
    assert any_of(()) is Truth.NO


def test_only_no_counts_as_false():
    assert [bool(truth) for truth in (Truth.NO, Truth.POSSIBLE, Truth.YES)] == [False, True, True]
