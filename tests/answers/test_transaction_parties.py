"""Every party to a transaction: a listing bears on all of them, whatever part they have in it."""

from typing import Any

import pytest

from tests.answers.facts import JAY, Register, announced, granted, owned, possible_controls, registered

TELEKOM = {"name": "Nordwall Telekom", "country": "CN"}
BUYER = {"name": "Good Buyer", "country": "CN"}
ROLES = ("consignee", "purchaser", "intermediary")


@pytest.fixture
def listing(register: Register) -> Register:
    register.record(announced("list", controller="US", end_users={"only": [TELEKOM]}))
    return register


def control(register: Register, **question: Any) -> str:
    return register.control_of(**{"controller": "US", "destination": "CN", "end_user": BUYER} | question)


@pytest.mark.parametrize("role", ROLES)
def test_a_listed_party_is_reached_in_every_role(listing: Register, role: str):
    assert control(listing) == "no_data"
    assert control(listing, parties=[{"role": role, **TELEKOM}]) == "license_required"
    answer = listing.answer(controller="US", end_user=BUYER, parties=[{"role": role, **TELEKOM}])
    assert answer["basis"][0]["party"] == {"role": role, "listed": "Nordwall Telekom", "how": "name", "score": 100}
    assert [one["role"] for one in answer["question"]["matched"]] == ["end_user", role]


def test_a_listed_exporter_is_reached_by_its_name(listing: Register):
    assert control(listing, exporter=TELEKOM) == "license_required"


def test_end_users_of_a_country_are_those_who_receive_and_not_who_exports(register: Register):
    register.record(announced("m", controller="US", end_users={"only": [{"class": {"country": "CN"}}]}))
    german = {"name": "Other Buyer", "country": "DE"}
    assert control(register, end_user=german, exporter=BUYER) == "no_data"
    assert control(register, end_user=german, parties=[{"role": "purchaser", **BUYER}]) == "license_required"


def test_one_spelled_alike_is_possible_in_every_role(listing: Register):
    alike = {"role": "intermediary", "name": "Nordwal Telekom", "country": "CN"}
    answer = listing.answer(controller="US", end_user=BUYER, parties=[alike])
    assert (answer["control"], possible_controls(answer)) == ("undetermined", {"license_required"})


def test_the_party_that_is_reached_most_certainly_decides(listing: Register):
    others = [{"role": "consignee", **BUYER}, {"role": "consignee", **TELEKOM}, {"role": "purchaser", **BUYER}]
    assert control(listing, parties=others) == "license_required"


def test_a_listed_party_is_reached_where_the_end_user_is_not_named(listing: Register):
    assert control(listing, end_user=None, parties=[{"role": "consignee", **TELEKOM}]) == "license_required"


def test_a_license_that_names_its_consignees_serves_no_other_consignee(register: Register):
    register.record(announced("m"), granted("l", JAY, consignees=[BUYER]))
    found = [
        register.answer(end_user=JAY, parties=[{"role": role, **party}])["covered"]
        for role, party in (("consignee", BUYER), ("purchaser", TELEKOM), ("consignee", TELEKOM))
    ]
    # Without a consignee in the question, it is left open whether it is the one that the license names.
    assert found[:2] == ["yes", "possible"]
    assert found[2] not in ("yes", "yes_with_conditions", "possible")


def test_who_is_owned_by_a_listed_party_is_reached_in_every_role(listing: Register):
    rule = announced("fifty", kind="affiliates_rule", controller="US")
    rule["data"]["share_at_least_percent"] = "50"
    listing.record(rule, registered("unit", "Unit", "AE"), owned("unit", TELEKOM, "60"))
    assert control(listing, parties=[{"role": "consignee", "company": "company/unit"}]) == "license_required"


def test_what_excepts_an_end_user_looks_at_the_end_user_alone(register: Register):
    register.record(announced("m", controller="US", end_users={"except": [TELEKOM]}))
    assert control(register, parties=[{"role": "consignee", **TELEKOM}]) == "license_required"
    assert control(register, end_user=TELEKOM, parties=[{"role": "consignee", **BUYER}]) == "no_data"


@pytest.mark.parametrize(
    "parties",
    [
        [TELEKOM],
        [{"role": "friend", **TELEKOM}],
        [{"role": "consignee"}],
        [{"role": "consignee", "name": "Nordwall Telekom"}],
        [{"role": "consignee", **TELEKOM}] * 21,
        {"role": "consignee", **TELEKOM},
    ],
)
def test_a_party_without_a_role_or_with_an_unknown_one_is_refused(register_over_http: Register, parties: Any):
    question = {"commodity": {"hs": "850511"}, "parties": parties}
    assert register_over_http.client.post("/v1/determinations", json=question).status_code == 422


def test_a_sheet_names_the_other_parties_in_columns_of_their_own(register_over_http: Register):
    register_over_http.record(announced("list", controller="US", end_users={"only": [TELEKOM]}))
    names = "controller,destination,commodity,consignee,consignee_country"
    sheet = f"{names}\nUS,CN,rare_earth_magnets,Nordwall Telekom,CN\n"
    response = register_over_http.client.post("/v1/determinations", content=sheet, headers={"content-type": "text/csv"})
    assert response.status_code == 200, response.text
    assert "license_required" in response.text
    assert response.text.splitlines()[1].startswith("US,CN,rare_earth_magnets,Nordwall Telekom,CN,")
