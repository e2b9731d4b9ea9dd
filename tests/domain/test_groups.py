"""Groups of countries: who belongs to one on a day, and what a rule that names one reaches."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from service.domain.countries import Members, Place, any_member, lies_in
from service.domain.scope import AllButCountries, IncludingCountries, OnlyCountries, match_destination
from service.domain.truth import Truth

NO, POSSIBLE, YES = Truth
PLACE: TypeAdapter[Place] = TypeAdapter(Place)
EU = "group/eu"


def belonging(truth: Truth) -> Members:
    return lambda _group, _country: truth


@pytest.mark.parametrize("place", ["IN", "EU", "XK", "group/eu", "group/a-5", f"group/{'x' * 100}"])
def test_a_place_is_a_country_or_a_group_by_its_stream(place: str):
    assert PLACE.validate_python(place) == place


@pytest.mark.parametrize(
    "place", ["XX", "in", "India", "", "group/", "group/EU", "group/a_5", f"group/{'x' * 101}", "eu", "company/x", 5]
)
def test_another_text_is_no_place(place: Any):
    with pytest.raises(ValidationError):
        PLACE.validate_python(place)


@pytest.mark.parametrize("truth", list(Truth))
def test_a_group_has_a_country_as_certainly_as_it_is_a_member(truth: Truth):
    members = belonging(truth)
    assert lies_in("DE", EU, members) is truth
    assert lies_in("DE", "EU", members) is truth
    assert lies_in("DE", "DE", members) is YES
    assert lies_in("DE", "FR", members) is NO
    assert lies_in("EU", EU, members) is YES
    only, but = OnlyCountries(only=["JP", EU]), AllButCountries.model_validate({"except": ["JP", EU]})
    assert match_destination("DE", only, members).truth is truth
    assert match_destination("DE", but, members).truth is truth.negated()
    assert match_destination("JP", only, members).truth is YES
    assert match_destination("DE", IncludingCountries(including=[EU]), members).truth is max(truth, POSSIBLE)


def test_where_no_group_is_known_each_may_have_any_member():
    assert lies_in("IN", EU, any_member) is POSSIBLE
    assert match_destination("IN", OnlyCountries(only=[EU])).truth is POSSIBLE


def test_a_destination_not_told_may_be_a_member():
    assert match_destination(None, OnlyCountries(only=[EU]), belonging(YES)).truth is POSSIBLE
