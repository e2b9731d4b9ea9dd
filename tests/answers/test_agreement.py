"""The status of a country and of a company are determinations asked for many at once: they say the same."""

from typing import Any

import pytest

from tests.answers.facts import (
    GALLIUM,
    JAY,
    MAGNETS,
    Register,
    announced,
    granted,
    period,
    registered,
    reported_measure,
    revoked,
    suspended,
    told_whole,
)


@pytest.fixture
def register(register_over_http: Register) -> Register:
    """What clients rely on is held over HTTP, on both databases."""
    return register_over_http


DAYS = ("2025-04-03", "2025-07-01", "2025-12-01", "2026-11-10")


@pytest.fixture
def told(register: Register) -> Register:
    register.record(
        registered("jay-ushin", "Jay Ushin", "IN", aliases=["JUL"]),
        announced("m", in_force=period("2025-04-04")),
        suspended("m", "2025-11-10", "2026-11-09"),
        announced("g", kind="prohibition", commodities=[GALLIUM], destinations={"only": ["IN", "VN"]}),
        announced("us", controller="US", commodities=[{"hs": "850511"}], destinations={"except": ["DE"]}),
        reported_measure("r", "in_force", "2025-10-30", commodities=[{"name": "germanium", "match": "ex"}]),
        granted("l", {"company": "company/jay-ushin"}, validity=period("2025-05-01", "2025-11-30")),
        granted("c", {"class": {"country": "IN"}}, commodities=[GALLIUM], count={"min": 2, "text": "several"}),
        granted("x", JAY, issuer="US", origin="US", commodities=[{"hs": "850511"}]),
        revoked("x", "2025-06-01"),
    )
    return register


def question_of(row: dict[str, Any]) -> dict[str, Any]:
    goods = {name: value for name, value in row["commodity"].items() if value}
    return {"controller": row["controller"], "destination": row["destination"], "commodity": goods}


def derived(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer as it follows from the record, without what it is about. A status looks at more that does not concern
    it, since it reads what is recorded for all its rows at once."""
    whole = told_whole(answer)
    told = {name: value for name, value in whole.items() if name not in (*LEFT_OUT, *question_of(EMPTY))}
    return told | {"reasons": [one for one in told["reasons"] if not one["outcome"].startswith("does_not")]}


LEFT_OUT = ("question", "notice", "not_concerned")


EMPTY: dict[str, Any] = {"controller": None, "destination": None, "commodity": {}}


@pytest.mark.parametrize("day", DAYS)
def test_a_countrys_status_agrees_with_a_determination(told: Register, day: str):
    rows = told.get("/v1/countries/IN/status", as_of=day, detail="full")["controls"]
    assert {(row["controller"], row["destination"]) for row in rows} == {("CN", "IN"), ("US", "IN")}
    found = told.answers(*(question_of(row) | {"as_of": day} for row in rows))
    assert [derived(row) for row in rows] == [derived(answer) for answer in found]


def test_a_countrys_status_shows_each_commodity_that_somebody_controls_towards_it(told: Register):
    rows = told.get("/v1/countries/IN/status", as_of="2025-10-30")["controls"]
    shown = {
        (row["controller"], row["commodity"].get("name") or row["commodity"].get("hs")): row["control"] for row in rows
    }
    assert shown == {
        ("CN", "rare_earth_magnets"): "license_required",
        ("CN", "gallium"): "prohibited",
        ("CN", "germanium"): "undetermined",
        ("US", "850511"): "license_required",
    }


def test_a_countrys_own_controls_agree_with_a_determination(told: Register):
    rows = told.get("/v1/countries/CN/status", as_of="2025-07-01", role="controller")["controls"]
    assert {row["controller"] for row in rows} == {"CN"}
    assert rows
    found = told.answers(*(question_of(row) | {"as_of": "2025-07-01"} for row in rows))
    assert [row["control"] for row in rows] == [answer["control"] for answer in found]


def test_a_countrys_status_for_one_commodity_agrees_with_a_determination(told: Register):
    for name, goods in (("rare_earth_magnets", MAGNETS), ("gallium", GALLIUM), ("8505.11", {"hs": "850511"})):
        for controller in ("CN", "US"):
            status = told.get("/v1/countries/IN/status", as_of="2025-07-01", commodity=name, controller=controller)
            asked = told.answer(controller=controller, commodity=goods, as_of="2025-07-01")
            assert {row["control"] for row in status["controls"]} <= {asked["control"]}


@pytest.mark.parametrize("day", DAYS)
def test_a_companys_status_agrees_with_a_determination(told: Register, day: str):
    rows = told.get("/v1/companies/jay-ushin/status", as_of=day, detail="full")["standings"]
    assert rows
    party = {"company": "company/jay-ushin"}
    found = told.answers(*(question_of(row) | {"as_of": day, "end_user": party} for row in rows))
    assert [derived(row) for row in rows] == [derived(answer) for answer in found]


def test_a_companys_status_shows_its_standing_for_each_control(told: Register):
    rows = told.get("/v1/companies/jay-ushin/status", as_of="2025-07-01")["standings"]
    shown = {
        (row["controller"], row["commodity"].get("name") or row["commodity"].get("hs")): row["standing"] for row in rows
    }
    assert shown[("CN", "rare_earth_magnets")] == "confirmed"
    assert shown[("CN", "gallium")] == "none"
    assert shown[("US", "850511")] == "none"


def test_many_questions_at_once_are_answered_as_each_alone(told: Register):
    questions: list[dict[str, Any]] = [
        {"as_of": day, "commodity": goods, "end_user": JAY} for day in DAYS for goods in (MAGNETS, GALLIUM)
    ]
    assert told.answers(*questions) == [told.answer(**question) for question in questions]
