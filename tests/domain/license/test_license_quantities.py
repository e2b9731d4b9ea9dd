"""What remains of a license: lines, uses day by day, units, and what a use told twice counts."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.license.timeline import LicenseTimeline
from service.domain.license.uses import Remaining, remaining, suffices
from service.domain.quantities import Quantity, Unit, UnitMismatch, convert, written
from service.domain.truth import Truth
from tests.answers.facts import Event, fact
from tests.domain.license.told import act, conflicts, grant, on, told, use

MAGNETS = {"name": "rare_earth_magnets"}
MASS: list[Unit] = ["GRM", "KGM", "TNE"]


def for_(value: str, unit: str = "KGM", **more: Any) -> dict[str, Any]:
    """A line for so much of magnets."""
    return {"commodity": MAGNETS, "quantity": {"value": value, "unit": unit}, **more}


def left(license_: LicenseTimeline, day: str, line: int = 1) -> Remaining | None:
    found = license_.on(date.fromisoformat(day))
    return remaining(found.lines[line - 1], license_.uses, found.day)


def enough(license_: LicenseTimeline, value: str, unit: Unit = "KGM", day: str = "2025-07-01") -> Truth:
    asked = Quantity(value=value, unit=unit)
    found = license_.on(date.fromisoformat(day))
    return suffices(asked, found.lines[0], found.terms, license_.uses, found.day)[0]


def exactly(amount: str) -> Remaining:
    return Remaining(Decimal(amount), Decimal(amount))


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        ("1.5", "TNE", "KGM", "1500"),
        ("1", "GRM", "TNE", "0.000001"),
        ("0.001", "KGM", "GRM", "1"),
        ("3", "C62", "C62", "3"),
    ],
)
def test_mass_converts_exactly_and_what_is_of_one_unit_stays(value: str, unit: Unit, to: Unit, expected: str):
    assert convert(Quantity(value=value, unit=unit), to) == Decimal(expected)


@given(
    st.decimals(0, 10**17, allow_nan=False, allow_infinity=False, places=12),
    st.sampled_from(MASS),
    st.sampled_from(MASS),
)
def test_a_conversion_there_and_back_loses_nothing(amount: Decimal, unit: Unit, to: Unit):
    there = convert(Quantity(value=written(amount), unit=unit), to)
    assert there * convert(Quantity(value="1", unit=to), "GRM") == amount * convert(
        Quantity(value="1", unit=unit), "GRM"
    )


@pytest.mark.parametrize(("unit", "to"), [("KGM", "LTR"), ("NMB", "C62"), ("MTR", "MTK"), ("C62", "TNE")])
def test_units_of_different_kinds_cannot_be_compared(unit: Unit, to: Unit):
    with pytest.raises(UnitMismatch, match=f"{unit} cannot be compared with {to}"):
        convert(Quantity(value="1", unit=unit), to)


def test_a_use_counts_on_and_after_its_own_day():
    license_ = told(grant(lines=[for_("100")]), use("a", "2025-06-10", "30"), use("b", "2025-07-10", "0.07", "TNE"))
    assert left(license_, "2025-06-09") == exactly("100")
    assert left(license_, "2025-06-10") == exactly("70")
    assert left(license_, "2025-07-10") == exactly("0")


def test_decimals_are_exact():
    uses = [use(str(number), "2025-06-10", "0.1") for number in range(3)]
    assert left(told(grant(lines=[for_("0.3")]), *uses), "2025-07-01") == exactly("0")


def test_a_use_of_a_vague_day_leaves_what_remains_between_two_amounts():
    license_ = told(grant(lines=[for_("100")]), use("a", "2025-06", "30"))
    assert left(license_, "2025-06-15") == Remaining(Decimal(70), Decimal(100))
    assert [enough(license_, value, day="2025-06-15") for value in ("70", "71", "100", "101")] == [
        Truth.YES,
        Truth.POSSIBLE,
        Truth.POSSIBLE,
        Truth.NO,
    ]


def test_each_line_is_drawn_on_by_itself():
    license_ = told(grant(lines=[for_("100"), for_("50")]), use("a", "2025-06-10", "50", line=2))
    assert (left(license_, "2025-07-01", 1), left(license_, "2025-07-01", 2)) == (exactly("100"), exactly("0"))
    assert on(license_, "2025-07-01").word == "active"


def test_a_license_is_exhausted_when_every_line_is_used_up():
    license_ = told(
        grant(lines=[for_("100"), for_("50")]), use("a", "2025-06-10", "100"), use("b", "2025-06-20", "50", line=2)
    )
    assert [on(license_, day).word for day in ("2025-06-19", "2025-06-20", "2026-01-01")] == [
        "active",
        "exhausted",
        "expired",
    ]


def test_a_line_without_a_quantity_is_never_used_up():
    license_ = told(grant(lines=[for_("100"), {"commodity": {"name": "gallium"}}]), use("a", "2025-06-10", "100"))
    assert on(license_, "2025-07-01").word == "active"


def test_a_corrected_or_retracted_use_makes_an_exhausted_license_active_again():
    used = use("a", "2025-06-10", "100")
    told_wrong = [grant(lines=[for_("100")]), used]
    assert on(told(*told_wrong), "2025-07-01").word == "exhausted"
    less = used["data"] | {"quantity": {"value": "10", "unit": "KGM"}}
    corrected = fact("license/l", "record.corrected", {"event": used["id"], "data": less}, tier="holder")
    retracted = fact("license/l", "record.retracted", {"event": used["id"]}, tier="holder")
    assert left(told(*told_wrong, corrected), "2025-07-01") == exactly("90")
    for record in (corrected, retracted):
        assert on(told(*told_wrong, record), "2025-07-01").word == "active"


def test_the_same_reference_is_the_same_use():
    license_ = told(grant(lines=[for_("100")]), *(use("a", "2025-06-10", "30") for _ in range(3)))
    assert left(license_, "2025-07-01") == exactly("70")


def test_a_use_told_otherwise_by_a_lower_tier_is_a_conflict():
    press = use("a", "2025-06-10", "60", tier="press_named")
    for course in ([use("a", "2025-06-10", "30"), press], [press, use("a", "2025-06-10", "30")]):
        license_ = told(grant(lines=[for_("100")]), *course)
        assert left(license_, "2025-07-01") == exactly("70")
        assert conflicts(license_) == [press["id"]]


def test_a_use_told_in_two_ways_by_equal_tiers_leaves_what_remains_between_them():
    license_ = told(grant(lines=[for_("100")]), use("a", "2025-06-10", "30"), use("a", "2025-06-10", "100"))
    assert left(license_, "2025-07-01") == Remaining(Decimal(0), Decimal(70))
    assert on(license_, "2025-07-01").active is Truth.POSSIBLE


def test_a_use_in_another_kind_of_unit_leaves_open_what_remains():
    license_ = told(grant(lines=[for_("100")]), use("a", "2025-06-10", "30", "C62"))
    with pytest.raises(UnitMismatch):
        left(license_, "2025-07-01")
    found = license_.on(date(2025, 7, 1))
    assert found.remaining(found.lines[0]) is None
    assert on(license_, "2025-07-01").active is Truth.POSSIBLE
    assert enough(license_, "10") is Truth.POSSIBLE


def test_what_is_overdrawn_has_less_than_nothing_left_and_says_so():
    used = use("a", "2025-06-10", "130")
    license_ = told(grant(lines=[for_("100")]), used)
    assert left(license_, "2025-07-01") == exactly("-30")
    assert exactly("-30").overdrawn
    assert not exactly("0").overdrawn
    assert on(license_, "2025-07-01").word == "exhausted"
    assert conflicts(license_) == [used["id"]]


@pytest.mark.parametrize(
    ("asked", "truth"), [("99.999999999999", Truth.YES), ("100", Truth.YES), ("100.000000000001", Truth.NO)]
)
def test_a_shipment_is_covered_up_to_what_remains(asked: str, truth: Truth):
    assert enough(told(grant(lines=[for_("0.1", "TNE")], uses_reported=True)), asked) is truth


def test_a_quantity_of_another_kind_or_one_that_nobody_stated_leaves_it_possible():
    assert enough(told(grant(lines=[for_("100")])), "1", "C62") is Truth.POSSIBLE
    assert enough(told(grant(lines=[{"commodity": MAGNETS}])), "1") is Truth.POSSIBLE


def test_a_tolerance_lets_the_total_go_over_the_quantity_while_anything_of_it_is_left():
    line = for_("100", tolerance_percent="5")
    license_ = told(grant(lines=[line]), use("a", "2025-06-10", "40"))
    assert [enough(license_, value) for value in ("65", "65.1")] == [Truth.YES, Truth.NO]
    used_up = told(grant(lines=[line]), use("a", "2025-06-10", "100"))
    assert enough(used_up, "5") is Truth.NO
    assert on(used_up, "2025-07-01").word == "exhausted"


def test_a_license_for_a_single_shipment_has_nothing_left_after_its_first_use():
    single = {"shipments": "single"}
    for lines in ([for_("100")], [{"commodity": MAGNETS}], []):
        license_ = told(grant(lines=lines, conditions=single), use("a", "2025-06-10", "30"))
        assert [on(license_, day).word for day in ("2025-06-09", "2025-06-10")] == ["active", "exhausted"]
    many = told(grant(lines=[for_("100")], conditions={"shipments": "multiple"}), use("a", "2025-06-10", "30"))
    assert on(many, "2025-06-10").word == "active"


def test_an_amended_quantity_counts_the_uses_before_it():
    more = act("amended", "2025-08-01", lines=[for_("150")])
    license_ = told(grant(lines=[for_("100")]), use("a", "2025-06-10", "100"), more)
    assert [on(license_, day).word for day in ("2025-07-31", "2025-08-01")] == ["exhausted", "active"]


def two_claims(first: str, second: str, tiers: tuple[str, str]) -> list[Event]:
    return [grant(lines=[for_(value)], tier=tier) for value, tier in zip((first, second), tiers, strict=True)]


def test_what_two_claims_say_of_the_same_goods_is_one_line_of_the_higher_tiers_quantity():
    license_ = told(*two_claims("100", "80", ("press_named", "issuer_text")))
    assert [line.line.quantity for line in license_.on(date(2025, 7, 1)).lines] == [Quantity(value="80", unit="KGM")]
    assert len(conflicts(license_)) == 1


def test_a_quantity_that_equal_tiers_dispute_covers_nothing_for_certain():
    license_ = told(*two_claims("100", "80", ("press_named", "press_named")))
    assert enough(license_, "10") is Truth.POSSIBLE


@pytest.mark.parametrize(
    ("asked", "said"),
    [("40", "line 1: remaining 60 KGM >= asked 40 KGM"), ("61", "line 1: remaining 60 KGM < asked 61 KGM")],
)
def test_what_is_left_of_a_line_is_told_beside_what_is_asked(asked: str, said: str):
    license_ = told(grant(lines=[for_("100")]), use("1", "2025-06-01", "40"))
    found = license_.on(date(2025, 7, 1))
    quantity = Quantity(value=asked, unit="KGM")
    assert suffices(quantity, found.lines[0], found.terms, license_.uses, found.day)[1] == said
