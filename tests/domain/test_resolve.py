"""Rival values of one field: resolved by tier, never by order of arrival."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.claims import Claim, Record
from service.domain.ledger import ledger
from service.domain.resolve import Resolved, distinct, drives, resolve
from service.domain.sources import RANKS, Tier

TIERS = [tier.value for tier in Tier]


def claims(*said: tuple[str, dict[str, Any]]) -> tuple[Claim, ...]:
    """Milestones, each of a tier, with what it says beside what every milestone says."""
    base = {"kind": "meeting", "parties": ["IN", "CN"], "title": "A meeting"}
    records = [
        Record(n, f"e{n}", "milestone.recorded", 1, None, date(2025, 11, 1), base | data, {"tier": tier})
        for n, (tier, data) in enumerate(said, 1)
    ]
    return ledger("milestone/m", records).claims


def title(*said: tuple[str, str]) -> Resolved:
    return resolve("title", claims(*((tier, {"title": text}) for tier, text in said)))


@pytest.mark.parametrize("order", [1, -1])
def test_the_highest_tier_is_followed_whenever_it_came(order: int):
    said = [("press_named", "a"), ("issuer_text", "b"), ("holder", "c")][::order]
    found = title(*said)
    assert (found.value, found.disputed) == ("b", False)
    assert found.claim is not None
    assert found.claim.tier is Tier.ISSUER_TEXT
    assert {one.tier for one in found.set_aside} == {Tier.PRESS_NAMED, Tier.HOLDER}
    assert all(one.conflicting for one in found.set_aside)


def test_equal_tiers_that_disagree_are_both_followed():
    found = title(("holder", "a"), ("other_official", "b"), ("press_named", "a"))
    assert (found.values, found.value, found.disputed, found.set_aside) == (("a", "b"), "a", True, ())


def test_a_lower_tier_that_says_the_same_is_not_set_aside():
    found = title(("issuer_text", "a"), ("press_named", "a"))
    assert (found.values, found.set_aside) == (("a",), ())


def test_what_goes_together_with_what_is_followed_contradicts_nothing():
    said = claims(("issuer_text", {"parties": ["IN", "CN"]}), ("press_named", {"parties": ["CN", "IN"]}))
    assert [one.event for one in resolve("parties", said).set_aside] == ["e2"]
    assert resolve("parties", said, lambda one, other: set(one) == set(other)).set_aside == ()


def test_silence_contradicts_nothing_and_a_default_is_nobodys_word():
    said = claims(("issuer_text", {}), ("press_named", {"summary": "words", "about": ["license/l"]}))
    assert resolve("summary", said).value == "words"
    assert resolve("about", said).values == (["license/l"],)
    assert resolve("claimed_by", said) == Resolved((), None, ())
    null = claims(("issuer_text", {"summary": None}), ("press_named", {"summary": "words"}))
    assert resolve("summary", null).value == "words"


def test_a_conflict_says_which_field_differs():
    (aside,) = title(("issuer_text", "a"), ("press_named", "b")).set_aside
    assert (aside.event, aside.reason) == ("e2", "its title differs from a higher-tier source")


def test_a_field_of_several_words_is_named_in_words():
    said = claims(("issuer_text", {"claimed_by": "IN"}), ("press_named", {"claimed_by": "CN"}))
    (aside,) = resolve("claimed_by", said).set_aside
    assert (aside.reason, aside.conflicting) == ("its claimed by differs from a higher-tier source", True)


def test_no_claims_resolve_to_nothing():
    found = resolve("title", ())
    assert (found.value, found.disputed, found.claim) == (None, False, None)


def test_commentary_moves_no_status_and_is_told():
    moving, idle = drives(claims(("commentary", {}), ("press_anonymous", {}), ("issuer_text", {})))
    assert [one.tier for one in moving] == [Tier.PRESS_ANONYMOUS, Tier.ISSUER_TEXT]
    assert [(one.event, one.conflicting) for one in idle] == [("e1", False)]


def test_distinct_values_stay_in_their_order():
    assert distinct([["b"], ["a"], ["b"]]) == [["b"], ["a"]]


@given(st.lists(st.tuples(st.sampled_from(TIERS), st.sampled_from("abc")), min_size=1, max_size=6))
def test_what_is_followed_is_of_the_highest_rank_and_every_other_value_is_told(said: list[tuple[str, str]]):
    found = title(*said)
    highest = max(RANKS[Tier(tier)] for tier, _ in said)
    assert set(found.values) == {text for tier, text in said if RANKS[Tier(tier)] == highest}
    others = {text for _, text in said} - set(found.values)
    lower = {f"e{n}": text for n, (_, text) in enumerate(said, 1)}
    assert others == {lower[one.event] for one in found.set_aside}


@given(st.permutations([("issuer_text", "a"), ("holder", "b"), ("press_named", "c"), ("holder", "a")]))
def test_the_order_of_arrival_changes_no_value(said: list[tuple[str, str]]):
    assert set(title(*said).values) == {"a"}
