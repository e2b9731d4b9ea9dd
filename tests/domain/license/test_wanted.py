"""Which licenses a list asks for: each thing that it asks narrows, and what a license does not state is not found."""

from datetime import date
from typing import Any

import pytest

from service.domain.commodity.match import Commodity
from service.domain.license.wanted import Wanted
from service.domain.parties import Asked
from tests.answers.facts import JAY, Event, period
from tests.domain.license.asked import asked_about
from tests.domain.license.told import act, grant, told

DAY = date(2025, 7, 1)
CLASS = {"class": {"country": "IN"}}


def found(*events: Event, on: date = DAY, **asked: Any) -> bool:
    return Wanted(on, **asked).meets(told(*events))


def company(name: str, country: str = "IN") -> Asked | None:
    return asked_about({"name": name, "country": country})


def test_what_is_not_asked_finds_every_license():
    assert found(grant())
    assert found(grant(lines=[], end_users=[]), on=date(2001, 1, 1))


@pytest.mark.parametrize(
    ("asked", "hit"),
    [
        ({"issuer": "CN"}, True),
        ({"issuer": "US"}, False),
        ({"destination": "IN"}, True),
        ({"destination": "US"}, False),
        ({"state": "active"}, True),
        ({"state": "expired"}, False),
        ({"commodity": Commodity(name="rare_earth_magnets")}, True),
        ({"commodity": Commodity(name="gallium")}, False),
        ({"company": company("Jay Ushin")}, True),
        ({"company": company("Jay Ushin Limited")}, False),
        ({"company": company("Jay Ushin", "DE")}, False),
        ({"company": company("Hella", "DE")}, False),
    ],
)
def test_a_license_is_found_by_what_it_states(asked: dict[str, Any], hit: bool):
    assert found(grant(end_users=[JAY]), **asked) is hit


def test_all_that_is_asked_has_to_be_stated():
    everything: dict[str, Any] = {
        "issuer": "CN",
        "destination": "IN",
        "state": "active",
        "company": company("Jay Ushin"),
    }
    goods: dict[str, Any] = {"commodity": Commodity(name="rare_earth_magnets")}
    assert found(grant(end_users=[JAY]), **everything, **goods)
    less: list[dict[str, Any]] = [
        {"issuer": "US"},
        {"destination": "US"},
        {"state": "expired"},
        {"company": company("Hella", "DE")},
    ]
    for otherwise in less:
        assert not found(grant(end_users=[JAY]), **(everything | goods | otherwise))
    assert not found(grant(end_users=[JAY]), **everything, commodity=Commodity(name="gallium"))


def test_a_license_for_all_destinations_is_found_by_any():
    assert found(grant(destination="all"), destination="BR")


def test_a_company_is_found_in_any_role_and_not_as_a_member_of_a_class():
    assert found(grant(licensee=JAY, end_users=[CLASS]), company=company("Jay Ushin"))
    assert found(grant(consignees=[JAY]), company=company("Jay Ushin"))
    assert not found(grant(end_users=[CLASS]), company=company("Jay Ushin"))


def test_goods_that_a_license_may_be_for_find_it_and_a_license_without_goods_is_not_found_by_any():
    assert found(grant(commodities=[{"hs": "8505", "match": "ex"}]), commodity=Commodity(hs="850511"))
    assert not found(grant(lines=[]), commodity=Commodity(hs="850511"))


def test_a_license_is_found_by_what_it_is_on_the_day():
    events = (grant(validity=period("2025-05-01", "2025-12-31")), act("amended", "2025-08-01", destination="US"))
    days = [date(2025, 7, 31), date(2025, 8, 1), date(2026, 1, 1)]
    assert [found(*events, on=day, destination="US") for day in days] == [False, True, True]
    assert [found(*events, on=day, state="expired") for day in days] == [False, False, True]
