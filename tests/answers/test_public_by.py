"""What could have been known on a day, from a register that was loaded later (rule 32)."""

from typing import Any

import pytest

from tests.answers.facts import (
    JAY,
    Register,
    announced,
    corrected,
    fact,
    granted,
    period,
    registered,
    repealed,
    retracted,
    suspended,
)


@pytest.fixture
def told(register: Register) -> Register:
    """A measure of April, a license published in June, and a suspension published in September."""
    measure = announced("m", said={"published": "2025-04-04"})
    grant = granted("l", JAY, on="2025-05-01", said={"published": "2025-06-12"})
    pause = suspended("m", "2025-05-01", "2026-12-31")
    pause["source"]["published_at"] = "2025-09-01"
    register.record(measure, grant, pause)
    return register


@pytest.mark.parametrize(
    ("public_by", "control", "standing"),
    [
        ("2025-04-03", "no_data", "unknown"),
        ("2025-04-04", "license_required", "unknown"),
        ("2025-06-11", "license_required", "unknown"),
        ("2025-06-12", "license_required", "confirmed"),
        ("2025-08-31", "license_required", "confirmed"),
        ("2025-09-01", "suspended", "confirmed"),
        (None, "suspended", "confirmed"),
    ],
)
def test_an_answer_rests_on_what_was_published_by_the_day(
    told: Register, public_by: str | None, control: str, standing: str
):
    asked = {"public_by": public_by} if public_by else {}
    answer = told.answer(end_user=JAY, **asked)
    assert (answer["control"], answer["standing"]) == (control, standing)
    assert answer["known_at"]["public_by"] == public_by


def test_questions_of_one_request_may_be_of_several_days(told: Register):
    asked = [{"public_by": day} for day in ("2025-04-04", "2025-09-01", "2025-04-03", "2025-04-04")]
    found = [answer["control"] for answer in told.answers(*asked)]
    assert found == ["license_required", "suspended", "no_data", "license_required"]


def test_recorded_through_reaches_no_further_than_the_day(told: Register):
    days = {day: told.answer(public_by=day)["recorded_through"] for day in ("2025-06-30", "2025-04-03")}
    assert days == {"2025-06-30": "2025-06-12", "2025-04-03": None}
    assert told.answer()["recorded_through"] == "2025-09-01"


def test_checked_through_counts_checks_that_were_told_by_the_day(told: Register):
    data = {"controller": "CN", "through": "2025-07-01", "sources": [{"title": "Announcements"}]}
    told.record(fact("country/cn", "record.checked", data, tier="commentary", published="2025-07-02"))
    assert told.answer(public_by="2025-07-01").get("checked_through") is None
    assert told.answer(public_by="2025-07-02")["checked_through"] == "2025-07-01"


def test_a_correction_and_a_retraction_have_days_of_their_own(register: Register):
    wrong = announced("m", in_force=period("2025-04-04"), said={"published": "2025-04-01"})
    mended = corrected(wrong, in_force=period("2025-04-14"))
    mended["source"]["published_at"] = "2025-05-01"
    register.record(wrong, mended, retracted(wrong, published="2025-06-01"))
    assert [register.answer(as_of="2025-04-10", public_by=day)["control"] for day in ("2025-04-30", "2025-05-31")] == [
        "license_required",
        "not_yet_in_force",
    ]
    assert register.answer(as_of="2025-04-20", public_by="2025-06-01")["control"] == "no_data"


def test_every_route_that_takes_what_was_known_takes_what_was_public(told: Register):
    paths: dict[str, Any] = told.client.get("/openapi.json").json()["paths"]
    taking = {
        path: {one["name"] for one in operation.get("parameters", ())}
        for path, methods in paths.items()
        for operation in methods.values()
        if isinstance(operation, dict)
    }
    known = {path for path, names in taking.items() if "known_at" in names}
    assert len(known) > 15
    assert [path for path in known if "public_by" not in taking[path]] == []


def test_the_things_lists_calendar_and_conflicts_show_what_was_public(told: Register):
    told.record(
        announced("m", kind="quota", said={"tier": "press_named", "published": "2025-07-01"}),
        registered("jay-ushin", "Jay Ushin", "IN"),
        repealed("m", "2027-01-01"),
    )
    early = {"public_by": "2025-04-30"}
    assert told.get("/v1/restrictions/m", **early, as_of="2025-07-01")["state"] == "in_force"
    assert told.get("/v1/restrictions/m", as_of="2025-07-01")["state"] == "suspended"
    assert [one["id"] for one in told.get("/v1/licenses", **early)["licenses"]] == []
    assert [one["id"] for one in told.get("/v1/licenses", public_by="2025-06-12")["licenses"]] == ["l"]
    assert told.client.get("/v1/licenses/l", params=early).status_code == 404
    assert told.get("/v1/conflicts", **early)["conflicts"] == []
    assert len(told.get("/v1/conflicts")["conflicts"]) == 1
    ends = told.get("/v1/calendar", **{"from": "2026-01-01", "public_by": "2025-04-30"})["entries"]
    assert ends == []
    assert told.get("/v1/calendar", **{"from": "2026-01-01"})["entries"] != []
    states = [one["state"] for one in told.get("/v1/restrictions/m/history", **early, as_of="2025-07-01")["history"]]
    assert set(states) == {"in_force"}


def test_a_day_that_cannot_be_read_is_refused_where_it_stands(told: Register):
    for path in ("/v1/restrictions", "/v1/calendar", "/v1/conflicts", "/v1/countries/IN/status"):
        refused = told.client.get(path, params={"public_by": "June"})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "public_by")
    question = {"commodity": {"name": "gallium"}, "public_by": "2025-06"}
    refused = told.client.post("/v1/determinations", json={"questions": [question]})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/questions/0/public_by")
