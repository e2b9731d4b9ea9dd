"""Decimals as text, units by their code, counts with bounds."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from service.domain.base import LARGEST_INTEGER
from service.domain.quantities import Count, Percent, Quantity


@given(st.decimals(min_value=0, max_value=Decimal(10**18) - 1, places=12))
def test_a_decimal_keeps_every_digit(amount: Decimal):
    text = f"{amount:f}"
    quantity = Quantity(value=text, unit="KGM")
    assert quantity.amount == amount
    assert quantity.value == text


@pytest.mark.parametrize("value", ["0", "0.0", "45000", "0.1", "9" * 18, "1." + "9" * 12])
def test_a_decimal_is_digits_with_at_most_one_point(value: str):
    assert Quantity.model_validate({"value": value, "unit": "KGM"}).amount == Decimal(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "-1",
        "+1",
        "01",
        "1.",
        ".5",
        "1,5",
        "1 000",
        "1_000",
        "1e3",
        "0x10",
        "NaN",
        "Infinity",
        "١",
        "1\n",
        "9" * 19,
        "1." + "9" * 13,
        45000,
        1.5,
        Decimal(1),
        True,
        None,
    ],
)
def test_a_number_an_exponent_a_sign_or_anything_else_is_no_decimal(value: object):
    with pytest.raises(ValidationError):
        Quantity.model_validate({"value": value, "unit": "KGM"})


@pytest.mark.parametrize("unit", ["KGM", "TNE", "GRM", "LTR", "MTR", "MTK", "MTQ", "NMB", "C62"])
def test_a_unit_is_a_code_of_recommendation_20(unit: str):
    assert Quantity.model_validate({"value": "1", "unit": unit}).unit == unit


@pytest.mark.parametrize("unit", ["TON", "kg", "kgm", "", "KGM ", None, 1])
def test_a_unit_by_another_name_is_refused(unit: object):
    with pytest.raises(ValidationError):
        Quantity.model_validate({"value": "1", "unit": unit})


@pytest.mark.parametrize(("share", "taken"), [("0", True), ("100", True), ("100.1", False), ("-1", False)])
def test_a_share_is_at_most_the_whole(share: str, taken: bool):
    shares: TypeAdapter[str] = TypeAdapter(Percent)
    if taken:
        assert shares.validate_python(share) == share
    else:
        with pytest.raises(ValidationError):
            shares.validate_python(share)


@pytest.mark.parametrize(("least", "most"), [(0, None), (0, 0), (2, None), (4, 4), (4, 5), (0, LARGEST_INTEGER)])
def test_a_count_has_a_lower_bound_and_may_have_an_upper_one(least: int, most: int | None):
    count = Count.model_validate({"min": least, "max": most, "text": "several"})
    assert (count.min, count.max, count.text) == (least, most, "several")


@pytest.mark.parametrize(
    "count",
    [
        {},
        {"max": 4},
        {"min": 5, "max": 4},
        {"min": -1},
        {"min": "2"},
        {"min": 2.0},
        {"min": True},
        {"min": None},
        {"min": LARGEST_INTEGER + 1},
        {"min": 2, "max": -1},
        {"min": 2, "text": ""},
        {"min": 2, "words": "several"},
    ],
)
def test_a_count_out_of_order_below_zero_or_coerced_is_refused(count: dict[str, object]):
    with pytest.raises(ValidationError):
        Count.model_validate(count)


def test_a_count_that_is_refused_does_not_come_back():
    with pytest.raises(ValidationError) as refused:
        Count.model_validate({"min": 98_765, "max": 4_321})
    said = [error["msg"] for error in refused.value.errors()]
    assert said == ["Value error, min is greater than max"]
