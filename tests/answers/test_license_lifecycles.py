"""Licenses over time and by their type, asked about over HTTP: standing, cause, and whether a shipment is covered."""

from typing import Any

import pytest

from tests.answers.facts import GALLIUM, JAY, MAGNETS, Event, Register, announced, contested, fact, granted, period

EXPORTER = {"name": "JL Mag", "country": "CN"}
OTHER_EXPORTER = {"name": "Baotou Magnets", "country": "CN"}
CUSTOMER = {"name": "Mahle Electric India", "country": "IN"}


def act(slug: str, name: str, on: str | None = None, tier: str = "issuer_text", **data: Any) -> Event:
    return fact(f"license/{slug}", f"license.{name}", data, effective=on, tier=tier)


def applied(slug: str, on: str) -> Event:
    return act(
        slug, "applied", on, "holder", issuer="CN", destination="IN", end_users=[JAY], lines=[{"commodity": MAGNETS}]
    )


def found(register: Register, *days: str, **question: Any) -> list[tuple[str, str | None, str]]:
    answers = register.answers(*({"as_of": day, "end_user": JAY, **question} for day in days))
    return [(answer["standing"], answer["standing_cause"], answer["covered"]) for answer in answers]


def test_an_application_through_return_and_denial_to_its_grant(register: Register):
    register.record(
        announced("m"),
        applied("l", "2025-05-01"),
        act("l", "returned", "2025-05-10"),
        applied("l", "2025-05-20"),
        act("l", "denied", "2025-06-10"),
        applied("l", "2025-06-20"),
        act("l", "under_review", "2025-06-25"),
        granted("l", JAY, on="2025-07-01"),
    )
    days = ["2025-05-01", "2025-05-10", "2025-05-20", "2025-06-10", "2025-06-25", "2025-07-01"]
    assert found(register, *days) == [
        ("pending", None, "no"),
        ("none", "returned", "no"),
        ("pending", None, "no"),
        ("none", "denied", "no"),
        ("pending", None, "no"),
        ("confirmed", None, "yes"),
    ]


@pytest.mark.parametrize(
    ("name", "cause"),
    [("suspended", "suspended"), ("revoked", "revoked"), ("surrendered", "surrendered")],
)
def test_an_active_license_that_was_taken_away_is_none_with_its_cause(register: Register, name: str, cause: str):
    register.record(announced("m"), granted("l", JAY), act("l", name, "2025-06-01"))
    assert found(register, "2025-05-31", "2025-06-01") == [("confirmed", None, "yes"), ("none", cause, "no")]
    register.record(act("l", "reinstated", "2025-07-01"))
    assert found(register, "2025-06-30", "2025-07-01") == [("none", cause, "no"), ("confirmed", None, "yes")]


def test_the_lapse_of_a_suspension_is_the_next_change_and_then_inferred(register: Register):
    register.record(granted("l", JAY), act("l", "suspended", period=period("2025-06-01", "2025-06-30")))
    during, later = register.answers({"as_of": "2025-06-15", "end_user": JAY}, {"as_of": "2025-07-01", "end_user": JAY})
    assert (during["standing_cause"], during["next_change"]["earliest"]) == ("suspended", "2025-07-01")
    assert later["standing"] == "confirmed"
    assert "2025-07-01" in {entry["unconfirmed_since"] for entry in later["inferred"]}


def test_what_one_license_lost_another_may_give(register: Register):
    register.record(granted("old", JAY), act("old", "renewed", "2025-06-01", renewed_as="license/new"))
    register.record(act("old", "revoked", "2025-06-15"), granted("new", JAY, on="2025-06-01"))
    assert found(register, "2025-07-01")[0][0] == "confirmed"


def test_a_lower_tier_that_revokes_is_shown_as_a_conflict(register: Register):
    press = act("l", "revoked", "2025-06-01", "press_named")
    register.record(granted("l", JAY), press)
    answer = register.answer(end_user=JAY)
    assert (answer["standing"], contested(answer)) == ("confirmed", {press["id"]})


def test_the_press_tells_of_the_grant_that_the_holder_applied_for(register: Register):
    """The holder's word is for the application alone."""
    register.record(applied("l", "2025-05-01"), granted("l", JAY, on="2025-06-01", said={"tier": "press_named"}))
    assert [standing for standing, *_ in found(register, "2025-05-31", "2025-06-01")] == ["pending", "reported"]


def test_an_amendment_changes_the_end_user_from_its_own_day_on(register: Register):
    register.record(granted("l", JAY), act("l", "amended", "2025-06-01", end_users=[CUSTOMER]))
    assert register.standings("2025-05-31", "2025-06-01") == {"2025-05-31": "confirmed", "2025-06-01": "unknown"}
    assert register.standings("2025-05-31", "2025-06-01", end_user=CUSTOMER) == {
        "2025-05-31": "unknown",
        "2025-06-01": "confirmed",
    }


def test_an_amendment_of_a_vague_day_leaves_open_for_whom_the_license_is(register: Register):
    register.record(granted("l", JAY), act("l", "amended", "2025-06", end_users=[CUSTOMER]))
    assert register.standings("2025-06-15")["2025-06-15"] == "possible"
    assert register.standings("2025-06-15", end_user=CUSTOMER)["2025-06-15"] == "possible"


def test_a_line_that_was_revoked_covers_its_goods_no_longer(register: Register):
    register.record(announced("m", commodities=[MAGNETS, GALLIUM]), granted("l", JAY, commodities=[MAGNETS, GALLIUM]))
    register.record(act("l", "partially_revoked", "2025-06-01", lines=[2]))
    assert found(register, "2025-06-01", commodity=GALLIUM) == [("none", "revoked", "no")]
    assert found(register, "2025-05-31", commodity=GALLIUM) == [("confirmed", None, "yes")]
    assert found(register, "2025-06-01") == [("confirmed", None, "yes")]
    assert [line["revoked"] for line in register.get("/v1/licenses/l", as_of="2025-06-01")["lines"]] == [False, True]


def test_a_denial_for_other_goods_says_nothing(register: Register):
    register.record(applied("l", "2025-05-01"), act("l", "denied", "2025-06-01"))
    assert found(register, "2025-07-01", commodity=GALLIUM)[0][:2] == ("unknown", None)


def test_a_consignee_is_named_like_an_end_user_and_an_intermediate_is_not(register: Register):
    register.record(granted("l", JAY, consignees=[CUSTOMER], intermediates=[EXPORTER]))
    assert register.standing_of(CUSTOMER) == "confirmed"
    assert register.standing_of(EXPORTER) not in {"confirmed", "reported"}


def general(**data: Any) -> Event:
    return granted("g", type="general", licensee=EXPORTER, customers=[CUSTOMER], **data)


def covered(register: Register, **question: Any) -> str:
    asked = {"exporter": EXPORTER, "end_user": CUSTOMER} | question
    return str(register.answer(**asked)["covered"])


def test_a_general_license_covers_its_holder_its_customers_and_its_goods_and_leaves_the_requirement(register: Register):
    register.record(announced("m", commodities=[MAGNETS, GALLIUM]), general())
    assert register.control_of(exporter=EXPORTER, end_user=CUSTOMER) == "license_required"
    assert covered(register) == "yes"
    uncovered: list[dict[str, Any]] = [{"exporter": OTHER_EXPORTER}, {"end_user": JAY}, {"commodity": GALLIUM}]
    assert {covered(register, **question) for question in uncovered} <= {"no", "unknown"}


def test_an_individual_license_lists_no_customers(register: Register):
    register.record(announced("m"), granted("l", JAY, licensee=EXPORTER, customers=[CUSTOMER]))
    assert covered(register) in {"no", "unknown"}


def test_a_general_license_serves_no_watch_listed_end_user(register: Register):
    listed = announced("watch", end_users={"only": [CUSTOMER]}, in_force=period("2025-06-01"), on="2025-06-01")
    register.record(announced("m"), general(), listed)
    assert [covered(register, as_of=day) for day in ("2025-05-31", "2025-06-01")] == ["yes", "no"]
    reasons = register.answer(exporter=EXPORTER, end_user=CUSTOMER)["reasons"]
    assert any("restriction/watch" in reason["text"] for reason in reasons if reason["about"] == "license/g")


def test_an_individual_license_serves_a_watch_listed_end_user(register: Register):
    register.record(announced("m"), announced("watch", end_users={"only": [JAY]}), granted("l", JAY))
    assert covered(register, end_user=JAY, exporter=None) == "yes"


@pytest.mark.parametrize("type_", ["individual", "open_individual", "exception"])
def test_a_license_of_any_other_type_covers(register: Register, type_: str):
    register.record(announced("m"), granted("l", JAY, type=type_))
    assert covered(register, end_user=JAY, exporter=None) == "yes"


def test_a_quota_share_covers_under_a_quota_and_under_nothing_else(register: Register):
    register.record(announced("m", kind="quota"), announced("n", commodities=[GALLIUM]))
    register.record(granted("share", JAY, type="quota_allocation", commodities=[MAGNETS, GALLIUM]))
    assert covered(register, end_user=JAY, exporter=None) == "yes"
    assert covered(register, end_user=JAY, exporter=None, commodity=GALLIUM) in {"no", "unknown"}


@pytest.mark.parametrize(
    ("conditions", "question", "expected"),
    [
        ({"end_uses": ["civil"]}, {}, "yes_with_conditions"),
        ({"end_uses": ["civil"]}, {"end_use": "civil"}, "yes"),
        ({"end_uses": ["civil"]}, {"end_use": "military"}, "no"),
        ({"no_re_export_to": ["US"]}, {}, "yes_with_conditions"),
        ({"no_re_export_to": ["US"]}, {"final_destination": "IN"}, "yes"),
        ({"no_re_export_to": ["US"]}, {"final_destination": "US"}, "no"),
        ({"no_re_export_to": ["US"]}, {"final_destination": "VN"}, "possible"),
        ({}, {"final_destination": "VN"}, "unknown"),
        ({}, {"destination": "SG", "final_destination": "IN"}, "yes"),
        ({"end_user_certificate": True}, {"end_use": "civil"}, "yes_with_conditions"),
        ({"shipments": "multiple"}, {}, "yes"),
        ({}, {"destination": "VN"}, "unknown"),
    ],
)
def test_a_license_covers_under_its_conditions_and_only_there(
    register: Register, conditions: dict[str, Any], question: dict[str, Any], expected: str
):
    register.record(announced("m"), granted("l", JAY, conditions=conditions))
    assert covered(register, end_user=JAY, exporter=None, **question) == expected
