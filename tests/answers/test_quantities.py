"""Whether what remains of a license covers a shipment of a given size, asked about over HTTP."""

from typing import Any

import pytest

from tests.answers.facts import JAY, MAGNETS, Event, Register, announced, corrected, fact, granted, retracted


def line(value: str | None, unit: str = "KGM", **more: Any) -> dict[str, Any]:
    quantity = {"quantity": {"value": value, "unit": unit}} if value else {}
    return {"commodity": MAGNETS, **quantity, **more}


def shipped(value: str, on: str = "2025-06-01", reference: str = "one", unit: str = "KGM") -> Event:
    data = {"reference": reference, "day": on, "quantity": {"value": value, "unit": unit}, "line": 1}
    return fact("license/l", "license.used", data, tier="holder")


def covered(register: Register, value: str, unit: str = "KGM", **question: Any) -> str:
    return str(register.answer(end_user=JAY, quantity={"value": value, "unit": unit}, **question)["covered"])


def test_a_shipment_is_covered_up_to_what_remains_and_the_reason_says_so(register: Register):
    register.record(announced("m"), granted("l", JAY, lines=[line("45", "TNE")]), shipped("20000"))
    assert [covered(register, value) for value in ("25000", "25000.001")] == ["yes", "no"]
    answer = register.answer(end_user=JAY, quantity={"value": "30", "unit": "TNE"})
    texts = [reason["text"] for reason in answer["reasons"] if reason["about"] == "license/l"]
    assert texts == ["license/l does not cover this: line 1: remaining 25 TNE < asked 30 TNE."]
    assert (answer["standing"], answer["covered"]) == ("confirmed", "no")


def test_a_shipment_counts_from_its_own_day(register: Register):
    register.record(announced("m"), granted("l", JAY, lines=[line("100")]), shipped("60"))
    assert [covered(register, "50", as_of=day) for day in ("2025-05-31", "2025-06-01")] == ["yes", "no"]


@pytest.mark.parametrize(("stated", "unit"), [(None, "KGM"), ("100", "C62")])
def test_what_was_not_stated_or_cannot_be_compared_is_possible(register: Register, stated: str | None, unit: str):
    register.record(announced("m"), granted("l", JAY, lines=[line(stated, unit)]))
    assert covered(register, "10") == "possible"


def test_an_exhausted_license_is_no_license_until_a_use_is_corrected(register: Register):
    use = shipped("100")
    register.record(announced("m"), granted("l", JAY, lines=[line("100")]), use)
    answer = register.answer(end_user=JAY)
    assert (answer["standing"], answer["standing_cause"], answer["covered"]) == ("none", "exhausted", "no")
    before = register.head()
    register.record(corrected(use, quantity={"value": "10", "unit": "KGM"}))
    assert register.answer(end_user=JAY)["standing"] == "confirmed"
    assert register.answer(end_user=JAY, known_at=before)["standing_cause"] == "exhausted"
    register.record(retracted(use))
    assert register.answer(end_user=JAY)["standing"] == "confirmed"
    assert covered(register, "100") == "possible"


def test_what_remains_is_shown_line_by_line(register: Register):
    register.record(announced("m"), granted("l", JAY, lines=[line("0.5", "TNE")]), shipped("120.5"))
    shown = register.get("/v1/licenses/l", as_of="2025-07-01")["lines"]
    assert [(one["line"], one["remaining"], one["revoked"]) for one in shown] == [
        (1, {"value": "0.3795", "unit": "TNE"}, False)
    ]
    assert register.answer(end_user=JAY)["licenses"]["known"][0]["lines"] == shown


def test_the_same_reference_is_the_same_shipment(register: Register):
    register.record(
        granted("l", JAY, lines=[line("100")]), shipped("30"), shipped("30"), shipped("30", reference="two")
    )
    shown = register.get("/v1/licenses/l", as_of="2025-07-01")["lines"]
    assert shown[0]["remaining"] == {"value": "40", "unit": "KGM"}


def test_licenses_do_not_add_up(register: Register):
    """Each shipment goes under one license."""
    register.record(
        announced("m"), *(granted(slug, JAY, lines=[line("60")], uses_reported=True) for slug in ("a", "b"))
    )
    assert [covered(register, value) for value in ("60", "100")] == ["yes", "no"]


def test_a_tolerance_is_granted(register: Register):
    register.record(announced("m"), granted("l", JAY, lines=[line("100", tolerance_percent="2.5")], uses_reported=True))
    assert [covered(register, value) for value in ("102.5", "102.6")] == ["yes", "no"]
