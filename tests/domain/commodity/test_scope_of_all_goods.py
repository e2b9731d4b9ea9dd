"""A scope that reaches all goods (rule 7), and a share of content that has to be exceeded (rule 19)."""

from decimal import Decimal
from typing import Any

import pytest

from service.domain.commodity.match import NONE_DEFINED, Commodity, ScopedCommodity
from service.domain.restriction.timeline import RestrictionOnDay
from service.domain.scope import Scope, Subject, match_scope
from service.domain.truth import Truth
from tests.answers.facts import Event, announced, reported_measure
from tests.domain.restriction.told import on, told

NO, POSSIBLE, YES = Truth
PRESS = {"tier": "press_named"}


def everything(**said: Any) -> dict[str, Any]:
    event = announced("m", **said)
    event["data"]["scope"]["commodities"] = "all"
    return event


@pytest.mark.parametrize("goods", [{"name": "never_heard_of"}, {"hs": "090111"}, {"description": "anything"}])
def test_all_goods_are_reached_by_whatever_they_are_asked(goods: dict[str, str]):
    scope = Scope.model_validate({"commodities": "all"})
    found = match_scope(Subject(Commodity.model_validate(goods)), scope, NONE_DEFINED)
    assert found.truth is YES
    assert found.dimensions[0].because == "it reaches all goods"


def test_a_scope_of_all_goods_names_none_and_is_written_back_as_it_was_stated():
    scope = Scope.model_validate({"commodities": "all"})
    assert scope.named_goods() == []
    assert scope.model_dump(mode="json") == {"commodities": "all"}


def described(*events: Event) -> RestrictionOnDay:
    return on(told(*events), "2025-07-01").narrowed(NONE_DEFINED)


def test_all_goods_by_the_highest_tier_take_in_what_others_list():
    assert described(everything(), reported_measure("m", "in_force", "2025-06-01", PRESS)).scope.commodities == "all"


def test_all_goods_by_one_of_equal_tiers_are_all_goods():
    assert described(announced("m"), everything()).scope.commodities == "all"


def test_all_goods_by_a_lower_tier_add_nothing_to_what_a_higher_one_lists():
    wide = everything(said=PRESS)
    found = described(announced("m"), wide)
    assert [line.name for line in found.scope.named_goods()] == ["rare_earth_magnets"]
    assert [(one.event, one.conflicting) for one in found.set_aside] == [(wide["id"], False)]


def test_all_goods_that_are_all_that_is_known_stand():
    assert described(everything(said=PRESS)).scope.commodities == "all"


def test_wider_words_leave_a_scope_of_all_goods_alone():
    found = described(everything()).said.without([ScopedCommodity(name="rare_earth_magnets")])
    assert [scope.commodities for scope in found.scopes] == ["all"]


@pytest.mark.parametrize(
    ("threshold", "share", "reached"),
    [
        ("content_more_than_percent", "25", NO),
        ("content_more_than_percent", "25.01", YES),
        ("content_more_than_percent", None, POSSIBLE),
        ("content_at_least_percent", "24.99", NO),
        ("content_at_least_percent", "25", YES),
        ("content_at_least_percent", None, POSSIBLE),
    ],
)
def test_a_share_of_content_is_reached_or_has_to_be_exceeded(threshold: str, share: str | None, reached: Truth):
    scope = Scope.model_validate({"commodities": [{"hs": "901210"}], "abroad": {threshold: "25"}})
    asked = Subject(Commodity(hs="901210"), shipped_from="SG", content_percent=Decimal(share) if share else None)
    assert match_scope(asked, scope, NONE_DEFINED).truth is reached
