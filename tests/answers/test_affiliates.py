"""An affiliates rule: the control of a listing passes on to those whom listed parties own, from a share on."""

from typing import Any

import pytest

from tests.answers.facts import (
    Register,
    announced,
    granted,
    owned,
    period,
    possible_controls,
    registered,
    repealed,
    suspended,
)

UNIT, HOLDING, FOUNDRY = ({"company": f"company/{slug}"} for slug in ("unit", "holding", "foundry"))
PROHIBITED, REQUIRED, MAY_APPLY, SAYS_NOTHING = "prohibited", "license_required", "undetermined", "no_data"


def rule(share: str = "50", **data: Any) -> dict[str, Any]:
    event = announced("fifty", kind="affiliates_rule", controller="US", authority="BIS", **data)
    event["data"]["share_at_least_percent"] = share
    return event


def listing(slug: str, *parties: dict[str, Any], **data: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": "prohibition", "controller": "US", "end_users": {"only": list(parties)}} | data
    return announced(slug, **told)


def control(register: Register, party: dict[str, Any] = UNIT, **question: Any) -> str:
    return register.control_of(controller="US", end_user=party, **question)


@pytest.fixture
def known(register: Register) -> Register:
    register.record(
        registered("unit", "Unit", "IN"),
        registered("holding", "Holding", "CN"),
        registered("foundry", "Foundry", "CN"),
        listing("list", HOLDING),
        rule(),
    )
    return register


@pytest.mark.parametrize(("share", "found"), [("49.99", SAYS_NOTHING), ("50", PROHIBITED), ("100", PROHIBITED)])
def test_it_reaches_from_the_share_on_that_it_states(known: Register, share: str, found: str):
    known.record(owned("unit", HOLDING, share))
    assert control(known) == found


def test_shares_of_several_listed_owners_add_up(known: Register):
    known.record(listing("list-2", FOUNDRY), owned("unit", HOLDING, "30"))
    assert control(known) == SAYS_NOTHING
    known.record(owned("unit", FOUNDRY, "20"))
    assert control(known) == PROHIBITED


def test_a_share_of_an_owner_who_is_not_listed_does_not_count(known: Register):
    known.record(owned("unit", HOLDING, "30"), owned("unit", FOUNDRY, "70"))
    assert control(known) == SAYS_NOTHING


def test_a_share_that_nobody_recorded_gives_nothing(known: Register):
    assert control(known) == SAYS_NOTHING
    assert control(known, {"name": "Stranger", "country": "IN"}) == SAYS_NOTHING


def test_without_the_rule_a_listing_does_not_pass_on(register: Register):
    register.record(
        registered("unit", "Unit", "IN"),
        registered("holding", "Holding", "CN"),
        listing("list", HOLDING),
        owned("unit", HOLDING, "100"),
    )
    assert control(register) == SAYS_NOTHING


def test_the_rule_of_one_country_passes_on_no_listing_of_another(register: Register):
    register.record(
        registered("unit", "Unit", "IN"),
        registered("holding", "Holding", "CN"),
        listing("list", HOLDING, controller="JP"),
        rule(),
        owned("unit", HOLDING, "100"),
    )
    assert control(register) == SAYS_NOTHING


def test_it_reaches_on_through_an_owner_that_is_itself_reached(known: Register):
    known.record(registered("sub", "Sub", "IN"), owned("unit", HOLDING, "100"), owned("sub", UNIT, "100"))
    assert (control(known), control(known, {"company": "company/sub"})) == (PROHIBITED, PROHIBITED)
    assert control(known, FOUNDRY) == SAYS_NOTHING


def test_an_owner_that_is_reached_counts_whole_beside_one_that_is_listed(known: Register):
    known.record(registered("sub", "Sub", "IN"), owned("unit", HOLDING, "50"))
    known.record(owned("sub", UNIT, "10"), owned("sub", HOLDING, "40"))
    assert control(known, {"company": "company/sub"}) == PROHIBITED


def test_an_owner_that_is_not_reached_counts_for_nothing(known: Register):
    known.record(registered("sub", "Sub", "IN"), owned("unit", HOLDING, "49"), owned("sub", UNIT, "100"))
    assert control(known, {"company": "company/sub"}) == SAYS_NOTHING


@pytest.mark.parametrize(
    ("kind", "found"), [("licensing", REQUIRED), ("presumption_of_denial", "presumption_of_denial")]
)
def test_the_control_is_that_of_the_listing(register: Register, kind: str, found: str):
    register.record(
        registered("unit", "Unit", "IN"),
        registered("holding", "Holding", "CN"),
        listing("list", HOLDING, kind=kind),
        rule(),
        owned("unit", HOLDING, "51"),
    )
    assert control(register) == found


def test_owned_by_parties_of_two_lists_the_stricter_one_decides(known: Register):
    known.record(
        listing("list-2", FOUNDRY, kind="licensing"), owned("unit", HOLDING, "1"), owned("unit", FOUNDRY, "60")
    )
    assert control(known) == PROHIBITED


def test_only_a_listing_that_reaches_the_goods_passes_on(known: Register):
    known.record(owned("unit", FOUNDRY, "60"), listing("goods", FOUNDRY, commodities=[{"name": "gallium"}]))
    assert control(known) == SAYS_NOTHING


def test_an_owner_counts_by_any_of_its_names_and_once(known: Register):
    known.record(owned("unit", HOLDING, "30"), owned("unit", {"name": "HOLDING", "country": "CN"}, "30"))
    assert control(known) == SAYS_NOTHING
    known.record(owned("unit", {"name": "Holding", "country": "CN"}, "55", "2021-01-01"))
    assert control(known) == PROHIBITED


def test_an_owner_of_a_listed_class_or_description_is_not_named(register: Register):
    register.record(
        registered("unit", "Unit", "IN"),
        registered("holding", "Holding", "CN"),
        listing("list", {"class": {"country": "CN"}}, {"described": "groups of China", "country": "CN"}),
        rule(),
        owned("unit", HOLDING, "100"),
    )
    assert control(register) == SAYS_NOTHING


def test_a_share_on_vague_days_is_possible_within_them(known: Register):
    known.record(owned("unit", HOLDING, "60", "2025"))
    days = ("2024-12-31", "2025-07-01", "2025-12-31")
    found = known.controls(*days, controller="US", end_user=UNIT)
    assert list(found.values()) == [SAYS_NOTHING, MAY_APPLY, PROHIBITED]
    answer = known.answer(controller="US", end_user=UNIT)
    assert (answer["control"], possible_controls(answer)) == (MAY_APPLY, {PROHIBITED})


def test_a_share_that_was_sold_no_longer_counts(known: Register):
    known.record(owned("unit", HOLDING, "60"), owned("unit", HOLDING, "10", "2025-06-01"))
    assert (control(known, as_of="2025-05-31"), control(known, as_of="2025-06-01")) == (PROHIBITED, SAYS_NOTHING)


def test_a_listing_counts_while_it_is_in_force(known: Register):
    known.record(owned("unit", HOLDING, "60"), repealed("list", "2025-06-01"))
    assert (control(known, as_of="2025-05-31"), control(known, as_of="2025-06-01")) == (PROHIBITED, SAYS_NOTHING)


def test_the_rule_is_suspended_and_its_suspension_lapses_and_the_listing_stays(known: Register):
    known.record(owned("unit", HOLDING, "60"), suspended("fifty", "2025-11-10", "2026-11-09"))
    days = ("2025-11-09", "2025-11-10", "2026-11-09", "2026-11-10")
    found = known.controls(*days, controller="US", end_user=UNIT)
    assert list(found.values()) == [PROHIBITED, "suspended", "suspended", PROHIBITED]
    assert control(known, HOLDING, as_of="2026-01-01") == PROHIBITED
    assert known.answer(controller="US", end_user=UNIT, as_of="2026-11-10")["inferred"]


def test_the_answer_rests_on_the_share_and_on_the_listing_too(known: Register):
    share = owned("unit", HOLDING, "60")
    known.record(share, registered("other", "Other", "IN"))
    answer = known.answer(controller="US", end_user=UNIT)
    assert {share["id"]} < set(answer["because"])
    assert len(answer["because"]) == 3
    assert any("60 percent of Unit" in reason["text"] for reason in answer["reasons"])


def test_without_an_end_user_it_may_reach_while_anybody_is_listed(known: Register):
    answer = known.answer(controller="US")
    assert (answer["control"], possible_controls(answer)) == (SAYS_NOTHING, {PROHIBITED})


def test_a_license_of_the_parent_is_not_the_affiliates(known: Register):
    known.record(
        listing("list-2", FOUNDRY, kind="licensing"),
        owned("unit", FOUNDRY, "60"),
        granted("l", FOUNDRY, issuer="US", origin="US"),
    )
    answer = known.answer(controller="US", end_user=UNIT)
    assert (answer["control"], answer["standing"]) == (REQUIRED, "unknown")


@pytest.mark.parametrize("share", [None, "101", "-1", 50])
def test_the_rule_states_its_share(register: Register, share: Any):
    event = rule()
    event["data"]["share_at_least_percent"] = share
    assert register.refusal(event) == 422


def test_no_other_kind_states_a_share(register: Register):
    event = announced("m", in_force=period("2025-04-04"))
    event["data"]["share_at_least_percent"] = "50"
    assert register.refusal(event) == 422
