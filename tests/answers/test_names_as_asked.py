"""A listed firm that is asked about under a name spelled otherwise is mentioned, with its name on the list."""

from typing import Any

import pytest

from service.app import create_app
from service.settings import Settings
from tests.answers.facts import Answer, Register, announced, granted, period, possible_controls, registered
from tests.client import TestClient

LISTED = "Qorvan Optics Co., Ltd."


@pytest.fixture
def listing(register: Register) -> Register:
    register.record(
        registered("qorvan", LISTED, "CN", aliases=["柯文光学有限公司"]),
        announced("base", controller="US"),
        announced("list", kind="prohibition", controller="US", end_users={"only": [{"company": "company/qorvan"}]}),
    )
    return register


def asked(register: Register, name: str, country: str = "CN", **question: Any) -> Answer:
    return register.answer(controller="US", destination="CN", end_user={"name": name, "country": country}, **question)


@pytest.mark.parametrize("name", [LISTED, "QORVAN OPTICS COMPANY LIMITED", "Qorvan Optics Co Ltd", "柯文光学有限公司"])
def test_the_same_name_in_other_words_or_script_is_the_listed_one(listing: Register, name: str):
    found = asked(listing, name)
    assert found["control"] == "prohibited"
    assert found["basis"][0]["party"]["how"] in ("name", "alias")


@pytest.mark.parametrize(
    ("name", "country", "how"),
    [
        ("Qorvan Optics", "CN", "same_but_form"),
        ("Qorvan Optics GmbH", "CN", "same_but_form"),
        ("Qorvan Optic Co., Ltd.", "CN", "alike"),
        ("Optics Qorvan Co., Ltd.", "CN", "alike"),
        (LISTED, "HK", "other_country"),
    ],
)
def test_a_name_spelled_otherwise_makes_the_listing_possible_and_says_whom_it_lists(
    listing: Register, name: str, country: str, how: str
):
    found = asked(listing, name, country)
    assert (found["control"], possible_controls(found)) == ("license_required", {"prohibited"})
    possible = found["possible"][0]
    assert LISTED in possible["because"]
    assert (possible["party"]["how"], possible["party"]["role"]) == (how, "end_user")
    assert found["question"]["matched"][0]["alike"][0]["company"] == "company/qorvan"


def test_another_name_is_not_touched(listing: Register):
    found = asked(listing, "Anybody Bakery")
    assert (found["control"], found["possible"]) == ("license_required", [])


def test_a_listing_of_a_name_that_nobody_registered_is_mentioned_too(register: Register):
    party = {"name": "Marrow Systems", "country": "DE"}
    register.record(announced("list", kind="prohibition", controller="US", end_users={"only": [party]}))
    assert asked(register, "Marrow Systems GmbH", "DE")["control"] == "undetermined"
    assert asked(register, "MARROW SYSTEMS", "DE")["control"] == "prohibited"


def test_whom_a_list_describes_by_its_name_alone_is_found_by_it(register: Register):
    register.record(announced("list", kind="prohibition", end_users={"only": [{"described": "Marrow Systems"}]}))
    found = [
        register.control_of(destination="DE", end_user={"name": name, "country": "DE"})
        for name in ("Marrow Systems", "Anybody Bakery")
    ]
    assert found == ["prohibited", "no_data"]


def test_registering_whoever_it_may_be_silences_nothing(listing: Register):
    for slug, name, country in (("near", "Qorvan Optics", "CN"), ("branch", LISTED, "HK"), ("twin", LISTED, "CN")):
        listing.record(registered(slug, name, country))
        for other in ("CN", "HK"):
            found = asked(listing, name, other)
            assert "prohibited" in {found["control"]} | possible_controls(found)


def test_whoever_is_spelled_like_an_excepted_party_is_not_excepted(register: Register):
    excepted = {"except": [{"name": "Qorvan Optics Ltd", "country": "CN"}]}
    register.record(announced("m", kind="prohibition", controller="US", end_users=excepted))
    names = ("Qorvan Optics Limited", "Qorvan Optics", "Qorvan Optic Ltd", "Qorvan Optics GmbH")
    assert [asked(register, name)["control"] for name in names] == [
        "no_data",
        "undetermined",
        "prohibited",
        "prohibited",
    ]


def test_an_exemption_for_a_party_lifts_nothing_for_one_spelled_alike(register: Register):
    named = {"only": [{"name": "Qorvan Optics Ltd", "country": "CN"}]}
    register.record(announced("m", controller="US"), announced("e", kind="exemption", controller="US", end_users=named))
    found = [asked(register, name)["control"] for name in ("Qorvan Optics Ltd.", "Qorvan Optic Ltd", "Qorvan Optics")]
    assert found == ["not_restricted", "license_required", "license_required"]


@pytest.mark.parametrize(
    ("name", "country", "standing"),
    [
        ("Jay Ushin Limited", "IN", "confirmed"),
        ("Jay Ushin", "IN", "possible"),
        ("Jay Ushin LLC", "IN", "unknown"),
        ("Jay Ushin Ltd", "VN", "unknown"),
        ("Jay Ushim Ltd", "IN", "unknown"),
    ],
)
def test_a_license_serves_its_name_possibly_one_that_lacks_the_form_and_nobody_alike(
    register: Register, name: str, country: str, standing: str
):
    register.record(
        announced("m"),
        granted("l", {"name": "Jay Ushin Ltd", "country": "IN"}, validity=period("2025-04-04", "2026-04-03")),
    )
    found = register.answer(end_user={"name": name, "country": country})
    assert (found["control"], found["standing"]) == ("license_required", standing)
    assert (found["covered"] in ("yes", "yes_with_conditions")) is (standing == "confirmed")


def test_the_score_from_which_names_are_alike_is_a_setting(sqlite_url: str):
    with TestClient(create_app(Settings(database_url=sqlite_url, names_alike_from_percent=100))) as client:
        strict = Register(client)
        party = {"name": LISTED, "country": "CN"}
        strict.record(announced("list", kind="prohibition", controller="US", end_users={"only": [party]}))
        assert asked(strict, "Qorvan Optic Co., Ltd.")["control"] == "no_data"
        assert asked(strict, "Qorvan Optics Company Limited")["control"] == "prohibited"
