"""Who belongs to a group of countries on a day, by the sources that define it."""

from datetime import date
from typing import Any

import pytest

from service.domain.claims import Record
from service.domain.group.timeline import Group, belongs, group_of, members_on
from service.domain.ledger import ledger
from service.domain.truth import Truth

NO, POSSIBLE, YES = Truth
EU = "group/eu"
ANY_DAY = date(2026, 1, 1)


def member(country: str, start: str | None = None, through: str | None = None) -> dict[str, Any]:
    return {"country": country, "period": {"from": start, "through": through}}


def record(number: int, act: str, data: dict[str, Any], tier: str, effective: str | None = None) -> Record:
    source = {"tier": tier, "published_at": "2020-01-01"}
    return Record(number, f"e{number}", act, 1, effective, ANY_DAY, data, source)


def defined(
    number: int, *members: dict[str, Any], tier: str = "issuer_text", effective: str | None = None, **data: Any
) -> Record:
    return record(number, "group.defined", {"name": "EU", "members": list(members), **data}, tier, effective)


def found(*records: Record) -> Group:
    group = group_of(ledger(EU, records))
    assert group is not None
    return group


def on(group: Group, country: str, *days: str) -> list[Truth]:
    return [belongs(group, country, date.fromisoformat(day)) for day in days]


def test_a_country_belongs_from_the_first_to_the_last_day_of_its_period():
    group = found(defined(1, member("GB", "1973-01-01", "2020-01-31"), member("DE", "1958-01-01")))
    assert on(group, "GB", "1972-12-31", "1973-01-01", "2020-01-31", "2020-02-01") == [NO, YES, YES, NO]
    assert on(group, "DE", "1957-12-31", "1958-01-01", "2099-01-01") == [NO, YES, YES]
    assert on(group, "FR", "2000-01-01") == [NO]


def test_a_country_that_left_and_came_back_belongs_in_both_periods():
    group = found(defined(1, member("GB", "1973-01-01", "2020-01-31"), member("GB", "2030-01-01")))
    assert on(group, "GB", "2020-01-31", "2025-01-01", "2030-01-01") == [YES, NO, YES]
    assert group.countries == ["GB"]


@pytest.mark.parametrize("without", [{"country": "DE"}, member("DE"), member("DE", None, "2030-12-31")])
def test_without_a_start_a_country_belongs_from_the_day_of_the_claim(without: dict[str, Any]):
    group = found(defined(1, without, effective="2021-05-01"))
    assert on(group, "DE", "2021-04-30", "2021-05-01", "2030-12-31") == [NO, YES, YES]


def test_an_end_counts_where_no_start_is_stated():
    group = found(defined(1, member("DE", None, "2030-12-31"), effective="2021-05-01"))
    assert on(group, "DE", "2030-12-31", "2031-01-01") == [YES, NO]


def test_the_highest_tier_that_names_a_country_says_when_it_belongs():
    group = found(
        defined(1, member("GB", "1973-01-01", "2020-01-31"), member("DE", "1958-01-01")),
        defined(2, member("GB", "1973-01-01"), member("FR", "1958-01-01"), tier="press_named"),
    )
    assert on(group, "GB", "2021-01-01") == [NO]
    assert on(group, "FR", "2021-01-01") == [YES]
    assert on(group, "DE", "2021-01-01") == [YES]
    assert group.countries == ["DE", "FR", "GB"]


def test_a_membership_is_possible_where_sources_of_one_tier_disagree():
    group = found(
        defined(1, member("GB", "1973-01-01", "2020-01-31")), defined(2, member("GB", "1973-01-01", "2020-12-31"))
    )
    assert on(group, "GB", "2020-01-31", "2020-06-01", "2021-01-01") == [YES, POSSIBLE, NO]


def test_a_group_has_the_name_of_its_highest_tier_and_tells_who_names_it_otherwise():
    group = found(
        defined(1, title="The European Union", effective="1993-11-01"), defined(2, tier="press_named", name="EEC")
    )
    assert (group.stream, group.name, group.title, group.position) == (EU, "EU", "The European Union", 2)
    assert [claim.event for claim in group.claims] == ["e1", "e2"]
    assert [(one.event, one.conflicting) for one in group.set_aside] == [("e2", True)]


def test_commentary_defines_no_group_and_is_told():
    assert group_of(ledger(EU, [defined(1, member("DE"), tier="commentary")])) is None
    group = found(defined(1, member("DE")), defined(2, member("FR"), tier="commentary"))
    assert (group.countries, [one.event for one in group.set_aside]) == (["DE"], ["e2"])


def test_a_retracted_definition_defines_nothing_and_is_told():
    gone = record(2, "record.retracted", {"event": "e1"}, "issuer_text")
    assert group_of(ledger(EU, [defined(1, member("DE")), gone])) is None
    group = found(defined(1, member("DE")), gone, defined(3, member("FR", "1958-01-01")))
    assert (group.countries, "e1" in {one.event for one in group.set_aside}) == (["FR"], True)


def test_any_country_may_belong_to_a_group_that_nobody_defined():
    members = members_on({EU: found(defined(1, member("DE", "1958-01-01")))}, ANY_DAY)
    assert [members(EU, "DE"), members(EU, "US"), members("group/asean", "DE")] == [YES, NO, POSSIBLE]
    before = members_on({EU: found(defined(1, member("DE", "1958-01-01")))}, date(1957, 12, 31))
    assert before(EU, "DE") is NO
