"""An affiliates rule reaches up chains of owners: shares add up, an owner that is reached counts whole, cycles end."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.company.affiliates import Affiliation, Listing, affiliation
from service.domain.parties import Asked, Near, Owner, RegisteredParty
from service.domain.screening import PartyList
from service.domain.truth import Truth

NO, POSSIBLE, YES = Truth


def share(of: str, owner: str, least: int, most: int | None = None) -> Owner:
    key = f"company/{owner}"
    held = (Decimal(least), Decimal(least if most is None else most))
    who = Asked(key, frozenset(), None, label=owner)
    return Owner(who, *held, events=(f"{owner} owns",), key=key, of=f"company/{of}")


def held(*shares: Owner, more: bool = False) -> Asked:
    return Asked("company/it", frozenset(), None, label="It", owners=shares, more_owners=more)


def listing(*slugs: str, kind: str = "prohibition", holds: Truth = YES) -> Listing:
    parties = PartyList([RegisteredParty(company=f"company/{slug}") for slug in slugs])
    return Listing(f"restriction/{kind}", kind, parties, holds, (f"{kind} lists",))


def rule(asked: Asked, *listings: Listing, at_least: tuple[str, ...] = ("50",)) -> Affiliation:
    return affiliation(asked, listings or (listing("x"),), at_least)


@pytest.mark.parametrize(
    ("shares", "truth"),
    [
        ([share("it", "x", 50)], YES),
        ([share("it", "x", 49)], NO),
        ([share("it", "a", 50), share("a", "x", 50)], YES),
        ([share("it", "a", 49), share("a", "x", 100)], NO),
        ([share("it", "a", 100), share("a", "x", 49)], NO),
        # An owner that is not reached counts for nothing, and one that is counts whole.
        ([share("it", "a", 50), share("it", "b", 50), share("a", "x", 25), share("b", "x", 25)], NO),
        ([share("it", "a", 10), share("it", "x", 40), share("a", "x", 50)], YES),
        ([share("it", "a", 51), share("a", "b", 51), share("b", "c", 51), share("c", "x", 51)], YES),
    ],
)
def test_shares_add_up_and_an_owner_that_is_reached_counts_whole(shares: list[Owner], truth: Truth):
    assert rule(held(*shares)).truth is truth


def test_what_holds_itself_in_a_circle_is_reached_by_nobody_in_it():
    circle = [share("it", "a", 100), share("a", "b", 100), share("b", "a", 100), share("b", "it", 100)]
    assert rule(held(*circle)).truth is NO
    assert rule(held(*circle, share("b", "x", 50))).truth is YES


@pytest.mark.parametrize(
    ("shares", "truth"),
    [
        ([share("it", "x", 0, 50)], POSSIBLE),
        ([share("it", "a", 60), share("a", "x", 40, 60)], POSSIBLE),
        ([share("it", "a", 0, 60), share("a", "x", 100)], POSSIBLE),
        ([share("it", "a", 0, 49), share("a", "x", 100)], NO),
    ],
)
def test_a_share_that_may_be_held_reaches_possibly(shares: list[Owner], truth: Truth):
    assert rule(held(*shares)).truth is truth


def test_sources_that_disagree_about_the_share_it_takes_leave_it_possible_in_between():
    asked = held(share("it", "x", 40))
    assert rule(asked, at_least=("25", "50")).truth is POSSIBLE
    assert rule(asked, at_least=("25",)).truth is YES
    assert rule(asked, at_least=()).truth is POSSIBLE


def test_it_passes_on_the_strictest_listing_and_rests_on_every_share_of_the_chain():
    asked = held(share("it", "a", 60), share("a", "x", 60), share("a", "y", 1))
    found = rule(asked, listing("x", kind="licensing"), listing("y"))
    assert (found.truth, found.kinds) == (YES, ("prohibition",))
    assert set(found.events) == {"a owns", "x owns", "y owns", "licensing lists", "prohibition lists"}


def test_a_listing_that_may_hold_reaches_possibly():
    assert rule(held(share("it", "x", 100)), listing("x", holds=POSSIBLE)).truth is POSSIBLE


def test_a_party_that_may_be_a_company_which_is_reached_may_be_reached_and_no_more():
    near = (Near("company/a", "A", "namesake", 100),)
    asked = Asked(None, frozenset({"a"}), "IN", label="A", near=near, owners=(share("a", "x", 60),))
    found = rule(asked)
    assert (found.truth, found.events) == (POSSIBLE, ("x owns", "prohibition lists"))
    owner = Owner(asked, Decimal(60), Decimal(60), key="IN a", of="company/it")
    assert rule(held(owner, share("a", "x", 60))).truth is POSSIBLE
    assert rule(held(owner, share("a", "x", 40))).truth is NO


def test_where_more_owners_stand_above_than_were_looked_at_nothing_is_excluded():
    assert rule(held(share("it", "a", 100), more=True)).truth is POSSIBLE
    assert rule(held(share("it", "x", 100), more=True)).truth is YES
    assert affiliation(held(more=True), (), ("50",)).truth is NO


SLUGS = st.sampled_from(["it", "a", "b", "c"])
SHARES = st.lists(st.builds(share, SLUGS, st.sampled_from(["a", "b", "c", "x", "it"]), st.integers(0, 60)), max_size=8)


@given(SHARES, st.builds(share, SLUGS, st.just("x"), st.integers(1, 100)))
def test_one_more_share_of_a_listed_party_never_reaches_less(shares: list[Owner], more: Owner):
    assert rule(held(*shares)).truth <= rule(held(*shares, more)).truth


@given(SHARES)
def test_without_a_share_of_a_listed_party_it_reaches_nobody(shares: list[Owner]):
    assert rule(held(*(one for one in shares if one.key != "company/x"))).truth is NO
