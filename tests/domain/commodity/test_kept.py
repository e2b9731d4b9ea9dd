"""Matches are found once for one set of definitions, and what is kept never makes them others."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.commodity import names
from service.domain.commodity.match import Commodity, ScopedCommodity, best_match, may_fall_under
from service.domain.commodity.names import Definitions
from service.domain.truth import Truth
from service.projections.goods import may_match
from tests.answers.facts import defined
from tests.domain.commodity.told import definitions

DEFINED = (
    defined("magnets", {"hs": "850511", "match": "reference_only"}, parts=["heavy", "light"]),
    defined(
        "heavy",
        {"hs": "850511", "match": "ex"},
        {"control_code": "1C902", "hs": "8505"},
        parameters_one_of=[{"dysprosium_more_than": "0"}, {"terbium_more_than": "0"}],
    ),
    defined("light", {"hs": "850511", "match": "ex"}),
    defined("gallium", {"hs": "811292", "match": "ex"}, {"cas": "7440-55-3"}),
)
KEPT = definitions(*DEFINED)
FACTS: dict[str, list[str]] = {
    "name": ["magnets", "heavy", "light", "gallium", "unheard_of"],
    "hs": ["8505", "850511", "8505110000", "811292"],
    "control_code": ["1C902", "3C001"],
    "cas": ["7440-55-3"],
    "description": ["magnets of any kind", "Magnets of any kind"],
}
PARAMETERS = st.dictionaries(
    st.sampled_from(["dysprosium_more_than", "dysprosium", "terbium_at_most"]), st.sampled_from(["0", "2"]), max_size=2
)
goods = st.fixed_dictionaries(
    {}, optional={**{name: st.sampled_from(values) for name, values in FACTS.items()}, "parameters": PARAMETERS}
).filter(lambda stated: set(stated) - {"parameters"})
flags = st.sampled_from(["exact", "ex", "reference_only"])
lines = st.lists(st.builds(lambda stated, flag: {**stated, "match": flag}, goods, flags), max_size=3)


@given(goods, lines, st.booleans(), st.sampled_from([None, "CN", "US"]))
def test_goods_matched_before_match_as_goods_matched_for_the_first_time(
    asked: dict[str, Any], listed: list[dict[str, Any]], codes_refer: bool, controller: str | None
):
    scope = [ScopedCommodity.model_validate(line) for line in listed]
    commodity = Commodity.model_validate(asked)
    now, again, fresh = (
        best_match(commodity, scope, defs, codes_refer=codes_refer, controller=controller)
        for defs in (KEPT, KEPT, definitions(*DEFINED))
    )
    assert now == again == fresh


@given(goods, goods, flags, st.sampled_from(["CN", "US"]))
def test_a_line_is_a_candidate_wherever_any_way_to_read_it_leaves_it_open(
    asked: dict[str, Any], stated: dict[str, Any], flag: str, controller: str
):
    line = ScopedCommodity.model_validate({**stated, "match": flag})
    commodity = Commodity.model_validate(asked)
    ways = [
        (refer, whose) for refer in (False, True) for whose in (controller, None) if controller == "CN" or not refer
    ]
    open_ = any(
        may_fall_under(commodity, line, KEPT, codes_refer=refer, controller=whose) for refer, whose in ways if whose
    ) or may_fall_under(commodity, line, KEPT)
    assert may_match(commodity, line.model_dump_json(), KEPT, controller) or not open_


def test_equal_goods_are_the_same_whatever_the_order_of_their_parameters():
    one, other = (
        Commodity.model_validate({"name": "heavy", "parameters": parameters})
        for parameters in ({"a": "1", "b": "2"}, {"b": "2", "a": "1"})
    )
    assert one == other
    assert one.same == other.same
    assert one.facts != other.facts


@given(goods, goods)
def test_goods_are_the_same_exactly_where_they_are_equal(one: dict[str, Any], other: dict[str, Any]):
    first, second = Commodity.model_validate(one), Commodity.model_validate(other)
    assert (first.same == second.same) is (first == second)


def test_the_flag_of_a_line_tells_it_apart():
    exact, part = (ScopedCommodity.model_validate({"hs": "8505", "match": flag}) for flag in ("exact", "ex"))
    assert exact.same != part.same
    kept, asked = Definitions(), Commodity(hs="850511")
    assert best_match(asked, [exact], kept).truth is Truth.YES
    assert best_match(asked, [part], kept).truth is Truth.POSSIBLE


def test_what_is_asked_for_again_stays_and_no_more_is_kept_than_the_bound(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(names, "MOST_KEPT", 3)
    kept, found = Definitions(), list[int]()
    for number in (1, 2, 3, 3, 1, 4, 4, 1, 5, 6, 2, 1):

        def find(number: int = number) -> int:
            found.append(number)
            return number

        assert kept.once(number, find) == number
    assert found == [1, 2, 3, 4, 5, 6, 2]
