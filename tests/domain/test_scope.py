"""What a provision reaches: each dimension by itself, three-valued, and the weakest of them decides."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from service.domain.commodity.match import NONE_DEFINED, Commodity
from service.domain.parties import Asked
from service.domain.scope import Rule, Scope, Subject, match_scope
from service.domain.truth import Truth

NO, POSSIBLE, YES = Truth
MAGNETS: dict[str, Any] = {"commodities": [{"hs": "850511"}]}
COMMODITY = Commodity(hs="85051100")
INDIAN = Asked("company/example-drives", frozenset({"example drives"}), "IN", label="Example Drives")


def matched(scope: dict[str, Any], **asked: Any) -> dict[str, Truth]:
    found = match_scope(
        Subject(**({"commodity": COMMODITY} | asked)), Scope.model_validate(MAGNETS | scope), NONE_DEFINED
    )
    assert all(dimension.because for dimension in found.dimensions)
    assert found.truth is min(dimension.truth for dimension in found.dimensions)
    return {dimension.name: dimension.truth for dimension in found.dimensions}


def test_a_dimension_that_is_left_out_reaches_all():
    assert set(matched({}).values()) == {YES}
    everything = {"destinations": "all", "exporters": "all", "end_users": "all", "end_uses": "all"}
    assert matched(everything, destination="IN", exporter=INDIAN, end_user=INDIAN, end_use="civil") == matched({})


def test_the_best_of_the_listed_commodities_decides():
    assert matched({"commodities": [{"hs": "2846"}, {"hs": "8505", "match": "ex"}]})["commodities"] is POSSIBLE
    assert matched({"commodities": [{"hs": "2846"}, {"hs": "8505"}]})["commodities"] is YES
    assert matched({"commodities": [{"hs": "2846"}, {"hs": "2805"}]})["commodities"] is NO


@pytest.mark.parametrize(
    ("destinations", "truths"),
    [
        ("all", {"IN": YES, "US": YES, None: YES}),
        ({"only": ["IN"]}, {"IN": YES, "US": NO, None: POSSIBLE}),
        ({"except": ["IN"]}, {"IN": NO, "US": YES, None: POSSIBLE}),
        ({"including": ["IN"]}, {"IN": YES, "US": POSSIBLE, None: POSSIBLE}),
    ],
)
def test_destinations_are_all_some_all_but_some_or_some_for_certain(
    destinations: object, truths: dict[str | None, Truth]
):
    found = {asked: matched({"destinations": destinations}, destination=asked)["destinations"] for asked in truths}
    assert found == truths


@pytest.mark.parametrize(("dimension", "asked"), [("exporters", "exporter"), ("end_users", "end_user")])
def test_parties_are_all_some_or_all_but_some(dimension: str, asked: str):
    named, other = {"company": "company/example-drives"}, {"name": "Example Foundry", "country": "IN"}
    undisclosed = {"undisclosed": True, "country": "IN"}
    truths = [
        ("all", YES, YES),
        ({"only": [other, named]}, YES, POSSIBLE),
        ({"only": [other]}, NO, POSSIBLE),
        ({"only": [other, undisclosed]}, POSSIBLE, POSSIBLE),
        ({"except": [other, named]}, NO, POSSIBLE),
        ({"except": [other]}, YES, POSSIBLE),
        ({"except": [undisclosed]}, POSSIBLE, POSSIBLE),
    ]
    for parties, of_indian, of_nobody in truths:
        scope: dict[str, Any] = {dimension: parties}
        assert matched(scope, **{asked: INDIAN})[dimension] is of_indian
        assert matched(scope)[dimension] is of_nobody


def test_end_uses_are_all_or_named():
    assert matched({"end_uses": ["military"]}, end_use="military")["end_uses"] is YES
    assert matched({"end_uses": ["military"]}, end_use="civil")["end_uses"] is NO
    assert matched({"end_uses": ["military"]})["end_uses"] is POSSIBLE


def test_the_weakest_dimension_is_the_one_that_decides():
    scope = Scope.model_validate(MAGNETS | {"destinations": {"only": ["US"]}, "end_uses": ["military"]})
    found = match_scope(Subject(COMMODITY, destination="IN"), scope, NONE_DEFINED)
    assert found.truth is NO
    assert (found.weakest.name, found.weakest.because) == ("destinations", "India is not a destination of it")


def test_a_scope_is_written_back_as_it_was_stated():
    stated = MAGNETS | {"end_users": {"except": [{"class": {"country": "IN"}}]}, "abroad": {"origin": "CN"}}
    assert Scope.model_validate(stated).model_dump(mode="json", by_alias=True) == {
        **stated,
        "commodities": [Scope.model_validate(MAGNETS).named_goods()[0].model_dump(mode="json")],
    }


NO_FORM: list[object] = [
    None,
    5,
    True,
    [],
    ["IN"],
    {},
    "some",
    "ALL",
    {"only": []},
    {"only": "all"},
    {"only": [5]},
    {"only": ["XX"]},
    {"except": []},
    {"except_": []},
    {"some": ["IN"]},
    {"only": None},
]
MALFORMED: list[tuple[str, object]] = [
    ("destinations", {"only": ["IN"], "except": ["CN"]}),
    ("destinations", {"except_": ["IN"]}),
    ("destinations", {"only": ["in"]}),
    ("destinations", {"only": ["IN"] * 1001}),
    ("end_users", {"including": [{"undisclosed": True}]}),
    ("end_users", {"except_": [{"undisclosed": True}]}),
    ("end_users", {"only": [{"company": "license/x"}]}),
    ("end_uses", []),
    ("end_uses", "civil"),
    ("end_uses", None),
    ("end_uses", ["Civil"]),
    ("end_uses", ["civil"] * 51),
    ("commodities", []),
    ("commodities", None),
    ("commodities", [{}]),
    ("commodities", {"hs": "8505"}),
    ("abroad", {"from": "CN"}),
    ("abroad", {"content_at_least_percent": 25}),
    ("abroad", {"origin": "China"}),
    ("colour", "grey"),
]
MALFORMED += [(name, value) for name in ("destinations", "exporters", "end_users") for value in NO_FORM]


@pytest.mark.parametrize(("dimension", "value"), MALFORMED)
def test_a_dimension_in_another_form_is_refused(dimension: str, value: object):
    with pytest.raises(ValidationError):
        Scope.model_validate(MAGNETS | {dimension: value})


def test_as_many_members_as_a_dimension_may_have_are_taken():
    scope = Scope.model_validate(MAGNETS | {"destinations": {"only": ["IN"] * 1000}, "end_uses": ["civil"] * 50})
    assert match_scope(Subject(COMMODITY, destination="IN", end_use="civil"), scope, NONE_DEFINED).truth is YES


def test_a_scope_names_its_commodities():
    with pytest.raises(ValidationError):
        Scope.model_validate({"destinations": "all"})


@pytest.mark.parametrize(
    ("abroad", "asked", "truths"),
    [
        ({"origin": "CN"}, [{"origin": "CN"}, {"origin": "US"}, {"shipped_from": "DE"}], [YES, NO, POSSIBLE]),
        (
            {"shipped_from": "DE"},
            [{"shipped_from": "DE"}, {"shipped_from": "US"}, {"origin": "CN"}],
            [YES, NO, POSSIBLE],
        ),
        (
            {"content_at_least_percent": "25"},
            [{"content_percent": Decimal(share)} for share in ("24.9", "25", "25.1")] + [{"origin": "CN"}],
            [NO, YES, YES, POSSIBLE],
        ),
        (
            {"content_more_than_percent": "25"},
            [{"content_percent": Decimal(share)} for share in ("24.9", "25", "25.1")] + [{"origin": "CN"}],
            [NO, NO, YES, POSSIBLE],
        ),
        ({"origin": "CN"}, [{}, {"origin": "CN", "shipped_from": "CN"}], [NO, NO]),
    ],
)
def test_what_reaches_goods_abroad_does_so_by_each_condition_that_it_states(
    abroad: dict[str, str], asked: list[dict[str, Any]], truths: list[Truth]
):
    rule = Rule(controller="CN")
    scope = Scope.model_validate(MAGNETS | {"abroad": abroad})
    found = [match_scope(Subject(commodity=COMMODITY, **one), scope, NONE_DEFINED, rule) for one in asked]
    assert [each.dimensions[-1].truth for each in found] == truths
    assert {each.dimensions[-1].name for each in found} == {"abroad"}


@pytest.mark.parametrize(
    ("abroad", "asked", "because"),
    [
        ({"content_at_least_percent": "25"}, {"origin": "CN"}, "applies from 25% of controlled content; "),
        ({"content_more_than_percent": "25"}, {"origin": "CN"}, "applies above 25% of controlled content; "),
        ({"content_more_than_percent": "25"}, {"content_percent": Decimal(20)}, "applies above 25% of controlled "),
        ({"origin": "CN"}, {"origin": "US"}, "the origin is not China"),
        ({"shipped_from": "DE"}, {"shipped_from": "US"}, "where they are shipped from is not Germany"),
    ],
)
def test_what_is_reached_abroad_is_told_by_the_condition_that_decides(
    abroad: dict[str, str], asked: dict[str, Any], because: str
):
    scope = Scope.model_validate(MAGNETS | {"abroad": abroad})
    found = match_scope(Subject(commodity=COMMODITY, **asked), scope, NONE_DEFINED, Rule(controller="CN"))
    assert found.dimensions[-1].name == "abroad"
    assert found.dimensions[-1].because.startswith(because)


def test_exports_from_its_own_country_are_reached_where_nothing_is_said_of_goods_abroad():
    rule, scope = Rule(controller="CN"), Scope.model_validate(MAGNETS)
    found = [
        match_scope(Subject(commodity=COMMODITY, shipped_from=place), scope, NONE_DEFINED, rule).dimensions[-1].truth
        for place in (None, "CN", "DE")
    ]
    assert found == [YES, YES, NO]
