"""Rules 25 and 26: uses that cannot be as they are told, and what is left where nobody reports uses."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.ledger import ledger
from service.domain.license.timeline import LicenseTimeline, may_have_line
from service.domain.license.uses import Remaining
from service.domain.truth import Truth
from tests.answers.facts import JAY, MAGNETS, Event, announced, period
from tests.domain.license.asked import record_of, standing
from tests.domain.license.told import STREAM, act, conflicts, grant, on, report, told, use

TEN = {"commodity": MAGNETS, "quantity": {"value": "10", "unit": "KGM"}}
YEAR = period("2025-01-01", "2025-12-31")


def left(license_: LicenseTimeline, day: str = "2025-07-01", line: int = 1) -> Remaining | None:
    found = license_.on(date.fromisoformat(day))
    return found.remaining(found.lines[line - 1])


def between(least: str | None, most: str) -> Remaining:
    return Remaining(Decimal(least) if least is not None else None, Decimal(most))


def reasons(license_: LicenseTimeline) -> list[str]:
    return [aside.reason for aside in license_.set_aside if aside.conflicting]


def ten(**data: Any) -> Event:
    return grant("2025-01-01", **{"lines": [TEN], "validity": YEAR} | data)


def test_a_use_of_which_a_lower_tier_tells_otherwise_is_told():
    license_ = told(ten(), use("a", "2025-03-01", "3", tier="holder"), use("a", "2025-03-01", "4", tier="press_named"))
    assert reasons(license_) == ["a higher tier tells otherwise of the use a"]


@pytest.mark.parametrize(
    ("day", "fault"),
    [
        ("2024-12-31", "the use a is of a day before the license is valid"),
        ("2025-01-01", None),
        ("2025-12-31", None),
        ("2026-01-01", "the use a is of a day after the license's last one"),
        ("2024-12-31/2025-01-01", None),
        ("2025-12-31/2026-01-01", None),
    ],
)
def test_a_use_of_a_day_on_which_the_license_is_not_valid_is_a_conflict(day: str, fault: str | None):
    assert reasons(told(ten(), use("a", day, "3"))) == ([fault] if fault else [])


def test_what_is_used_outside_the_validity_may_count_against_the_license_and_may_not():
    license_ = told(ten(), use("a", "2024-12-15", "3"))
    assert left(license_) == between("7", "10")
    assert left(license_, "2024-12-14") == between("10", "10")
    assert on(told(ten(), use("a", "2024-12-15", "10")), "2025-07-01").active is Truth.POSSIBLE


def test_a_use_that_one_of_two_equal_sources_puts_inside_the_validity_is_no_conflict():
    uses = [use("a", "2024-12-15", "3"), use("a", "2025-02-15", "3")]
    assert conflicts(told(ten(), *uses)) == []
    assert len(conflicts(told(ten(), use("a", "2024-12-15", "3"), use("a", "2024-12-16", "3")))) == 1


def test_a_use_is_held_against_the_validity_of_its_own_day():
    longer = act("amended", "2026-01-10", validity=period(None, "2026-12-31"))
    assert len(conflicts(told(ten(), longer, use("a", "2026-01-09", "3")))) == 1
    assert conflicts(told(ten(), longer, use("a", "2026-01-10", "3"))) == []


def test_a_license_found_held_after_its_last_day_is_used_after_it_without_a_conflict():
    license_ = told(ten(), report("active", "2026-02-01"), use("a", "2026-02-02", "3"))
    assert conflicts(license_) == []


def test_uses_over_the_quantity_are_conflicts_from_the_one_on_that_goes_over():
    uses = [use("a", "2025-03-01", "6"), use("b", "2025-04-01", "4"), use("c", "2025-05-01", "1")]
    assert conflicts(told(ten(), *uses[:2])) == []
    license_ = told(ten(), *reversed(uses))
    assert reasons(license_) == ["the use c brings line 1 to 11 KGM, over its 10 KGM"]
    assert left(license_) == between("-1", "-1")
    assert [on(license_, day).word for day in ("2025-03-31", "2025-04-01")] == ["active", "exhausted"]


def test_of_two_lines_for_the_goods_the_one_that_is_left_serves():
    lines = [TEN, TEN | {"tolerance_percent": "1"}]
    events = [announced("m"), ten(end_users=[JAY], lines=lines), use("a", "2025-03-01", "10")]
    assert standing(*events) == ("confirmed", None, "yes")
    assert standing(*events, use("b", "2025-03-01", "10", line=2)) == ("none", "exhausted", "no")


def test_a_line_that_may_be_used_up_leaves_the_license_possible_for_its_goods_alone():
    lines = [TEN, {"commodity": {"name": "gallium"}}]
    events = [announced("m"), ten(end_users=[JAY], lines=lines, uses_reported=True), use("a", "2025-05/2025-08", "10")]
    found = {day: standing(*events, as_of=day) for day in ("2025-04-30", "2025-06-01", "2025-08-31")}
    assert found == {
        "2025-04-30": ("confirmed", None, "yes"),
        "2025-06-01": ("possible", "uses_not_exact", "possible"),
        "2025-08-31": ("none", "exhausted", "no"),
    }


@pytest.mark.parametrize("amounts", [("10", "5"), ("5", "10")])
def test_of_two_lines_the_one_that_is_enough_serves_a_quantity(amounts: tuple[str, str]):
    lines = [TEN | {"quantity": {"value": amount, "unit": "KGM"}} for amount in amounts]
    event = ten(end_users=[JAY], lines=lines, uses_reported=True)
    assert standing(announced("m"), event, quantity="8")[2] == "yes"
    assert standing(announced("m"), event, quantity="11")[2] == "no"


def test_masses_add_up_whatever_their_units_and_pieces_apart():
    assert conflicts(told(ten(), use("a", "2025-03-01", "9"), use("b", "2025-04-01", "0.001", "TNE"))) == []
    assert len(conflicts(told(ten(), use("a", "2025-03-01", "9"), use("b", "2025-04-01", "0.0011", "TNE")))) == 1
    assert conflicts(told(ten(), use("a", "2025-03-01", "11", "C62"))) == []


def test_a_tolerance_allows_for_as_much_over_the_quantity():
    line = TEN | {"tolerance_percent": "10"}
    assert conflicts(told(ten(lines=[line]), use("a", "2025-03-01", "11"))) == []
    assert len(conflicts(told(ten(lines=[line]), use("a", "2025-03-01", "11.01")))) == 1


def test_the_second_use_of_a_license_for_a_single_shipment_is_a_conflict():
    once = ten(conditions={"shipments": "single"})
    assert conflicts(told(once, use("a", "2025-03-01", "1"))) == []
    second = use("b", "2025-04-01", "1")
    assert conflicts(told(once, second, use("a", "2025-03-01", "1"))) == [second["id"]]


def test_an_amended_quantity_is_the_one_that_later_uses_are_held_against():
    more = act("amended", "2025-04-01", lines=[TEN | {"quantity": {"value": "12", "unit": "KGM"}}])
    assert conflicts(told(ten(), use("a", "2025-03-01", "10"), more, use("b", "2025-04-01", "2"))) == []
    assert len(conflicts(told(ten(), use("a", "2025-03-01", "10"), more, use("b", "2025-03-31", "2")))) == 1


def test_a_use_of_a_line_that_a_correction_took_away_is_a_conflict():
    assert reasons(told(ten(), use("a", "2025-03-01", "1", line=2))) == ["the use a is of line 2, which does not exist"]
    assert reasons(told(ten(lines=[]), use("a", "2025-03-01", "1", line=2))) == []


@pytest.mark.parametrize(("number", "may"), [(1, True), (2, True), (3, False)])
def test_a_license_has_the_lines_that_it_has_on_some_day(number: int, may: bool):
    events = [ten(), act("amended", "2025-06-01", lines=[TEN, TEN])]
    records = [record_of(event, position) for position, event in enumerate(events, 1)]
    assert may_have_line(ledger(STREAM, records), number) is may


def test_a_license_of_which_no_source_says_the_lines_may_have_any():
    assert may_have_line(ledger(STREAM, [record_of(ten(lines=[]), 1)]), 7)
    assert may_have_line(ledger(STREAM, []), 1)


def test_what_is_left_is_known_only_where_uses_are_reported():
    assert left(told(ten())) == between(None, "10")
    assert left(told(ten(uses_reported=False))) == between(None, "10")
    assert left(told(ten(uses_reported=True))) == between("10", "10")
    assert left(told(ten(), use("a", "2025-12-01", "4"))) == between("10", "10")
    assert not between(None, "10").overdrawn


@pytest.mark.parametrize(("asked", "covered"), [("10", "possible"), ("10.1", "no")])
def test_a_license_whose_uses_nobody_reports_covers_no_quantity_for_certain(asked: str, covered: str):
    event = ten(end_users=[JAY])
    assert standing(announced("m"), event, quantity=asked)[2] == covered
    reported = ten(end_users=[JAY], uses_reported=True)
    assert standing(announced("m"), reported, quantity="10")[2] == "yes"


USES = st.lists(
    st.tuples(st.sampled_from(["2024-12-01", "2025-02-01", "2025-05", "2026-02-01"]), st.integers(0, 12)), max_size=5
)


@given(USES, st.tuples(st.sampled_from(["2024-12-01", "2025-05-15", "2025-05"]), st.integers(0, 12)))
def test_more_uses_never_leave_more(uses: list[tuple[str, int]], another: tuple[str, int]):
    told_of = [use(str(number), day, str(amount)) for number, (day, amount) in enumerate(uses)]
    more = use("another", another[0], str(another[1]))
    for day in ("2025-01-01", "2025-05-15", "2026-03-01"):
        before, after = left(told(ten(uses_reported=True), *told_of), day), left(told(ten(), *told_of, more), day)
        assert before and after and before.least is not None and after.least is not None
        assert after.most <= before.most
        assert after.least <= before.least
        assert after.least <= after.most


def test_a_revoked_line_whose_number_an_amendment_gives_to_a_new_line_is_in_force_again():
    lines = [{"commodity": {"name": name}} for name in ("gallium", "germanium", "antimony")]
    events = [
        grant(lines=lines[:2]),
        act("partially_revoked", "2025-06-01", lines=[2]),
        act("amended", "2025-07-01", lines=[lines[0], lines[2]]),
    ]
    license_ = told(*events)
    shown = {}
    for day in ("2025-06-30", "2025-07-01"):
        found = license_.on(date.fromisoformat(day))
        shown[day] = [(line.line.commodity.name, found.revoked(line)) for line in found.lines]
    assert shown == {
        "2025-06-30": [("gallium", False), ("germanium", True)],
        "2025-07-01": [("gallium", False), ("antimony", False)],
    }
    other = told(*events[:2], act("amended", "2025-07-01", destination="SG")).on(date(2025, 7, 1))
    assert [other.revoked(line) for line in other.lines] == [False, True]


def test_a_revocation_after_an_amendment_takes_the_new_line_of_that_number():
    lines = [{"commodity": {"name": name}} for name in ("gallium", "germanium")]
    license_ = told(
        grant(lines=lines), act("amended", "2025-06-01", lines=lines), act("partially_revoked", "2025-07-01", lines=[1])
    ).on(date(2025, 7, 1))
    assert [license_.revoked(line) for line in license_.lines] == [True, False]


def test_a_license_renewed_as_another_says_so_from_that_day_on():
    license_ = told(grant(), act("renewed", "2025-11-01", renewed_as="license/next"))
    found = [license_.on(date.fromisoformat(day)).renewed_as for day in ("2025-10-31", "2025-11-01")]
    assert found == [(), ("license/next",)]
