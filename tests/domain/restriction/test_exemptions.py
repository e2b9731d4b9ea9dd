"""Rule 17: which exemption lifts a rule about named parties."""

from typing import Any

import pytest

from tests.answers.facts import announced, period
from tests.domain.restriction.asked import control, known, party

AKAGAWA = {"only": [{"name": "Akagawa Aero", "country": "IN"}]}
LISTING = announced("list", end_users=AKAGAWA)
USER = party("Akagawa Aero", "IN")


def answer(
    *, day: str = "2025-07-01", asks: dict[str, Any] | None = None, rule: Any = LISTING, **exemption: Any
) -> str:
    facts = known(rule, announced("saving", kind="exemption", **exemption))
    return control(facts, day, **{"end_user": USER} | (asks or {}))


def test_a_general_exemption_lifts_no_rule_about_named_parties():
    assert answer() == "license_required"
    assert answer(destinations={"only": ["IN"]}) == "license_required"
    assert answer(end_uses=["civil"], asks={"end_use": "civil"}) == "license_required"


def test_an_exemption_that_names_the_party_does():
    assert answer(end_users=AKAGAWA) == "not_restricted"
    assert answer(end_users={"only": [{"name": "Marrow Systems", "country": "IN"}]}) == "license_required"


def test_a_class_names_nobody():
    assert answer(end_users={"only": [{"class": {"country": "IN"}}]}) == "license_required"


def test_an_exemption_inside_its_own_use_does_for_that_use():
    en_route: dict[str, Any] = {"end_uses": ["en_route_before_listing"]}
    assert answer(**en_route, asks={"end_use": "en_route_before_listing"}) == "not_restricted"
    assert answer(**en_route) == "license_required"
    assert answer(**en_route, asks={"end_use": "telecommunication"}) == "license_required"


@pytest.mark.parametrize(
    ("day", "control_then"), [("2025-05-04", "not_restricted"), ("2025-05-05", "license_required")]
)
def test_an_exemption_inside_its_own_window_does_through_its_last_day(day: str, control_then: str):
    assert answer(in_force=period("2025-04-04", "2025-05-04"), day=day) == control_then


def test_a_window_without_an_end_or_from_before_the_rule_is_none():
    assert answer(in_force=period("2025-04-04", "open")) == "license_required"
    assert answer(in_force=period("2025-04-03", "2025-12-31")) == "license_required"


def test_only_the_same_authority_can_lift_its_rule():
    rule = announced("list", end_users=AKAGAWA, authority="Ministry of Commerce")
    assert answer(rule=rule, end_users=AKAGAWA, authority="Customs") == "license_required"
    assert answer(rule=rule, end_users=AKAGAWA, authority="Ministry of Commerce") == "not_restricted"


def test_an_exemption_that_names_the_exporter_lifts_a_rule_about_named_exporters():
    maker = {"only": [{"name": "Baotou Magnets", "country": "CN"}]}
    asks = {"exporter": party("Baotou Magnets", "CN")}
    rule = announced("letter", exporters=maker)
    assert answer(rule=rule, exporters=maker, asks=asks) == "not_restricted"
    assert answer(rule=rule, asks=asks) == "license_required"
