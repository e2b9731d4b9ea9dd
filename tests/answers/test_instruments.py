"""Rule 18: one act on an instrument reaches all its provisions, and provisions are listed by their instrument."""

from typing import Any

import pytest

from tests.answers.facts import GALLIUM, Event, Register, announced, fact, period, suspended

PERIOD = {"period": period("2025-05-01", "2025-12-31")}


def part(slug: str, number: str = "61/2025", controller: str = "CN", **said: Any) -> Event:
    event = announced(slug, controller=controller, **said)
    event["data"]["instrument"] = {"id": f"{controller.lower()}-mofcom-61", "number": number}
    return event


def act(instrument: dict[str, Any], kind: str = "restriction.suspended", **more: Any) -> dict[str, Any]:
    event = fact("", kind, PERIOD if kind.endswith("suspended") else {}, effective="2025-05-01")
    said = {name: event[name] for name in ("type", "data", "source", "effective")}
    return said | {"instrument": instrument} | more


@pytest.fixture
def known(register: Register) -> Register:
    register.record(
        part("a"), part("b", commodities=[GALLIUM]), part("other", "62/2025"), part("abroad", controller="US")
    )
    return register


def ids(register: Register, **asked: str) -> list[str]:
    return [one["id"] for one in register.get("/v1/restrictions", **asked)["restrictions"]]


@pytest.mark.parametrize("name", [{"number": "61/2025"}, {"number": "No. 61 of 2025"}, {"id": "cn-mofcom-61"}])
def test_an_act_on_an_instrument_reaches_each_of_its_provisions_and_no_other(known: Register, name: dict[str, str]):
    if "id" in name:
        known.record(part("third"))
    posted = known.client.post("/v1/events", json=act({"controller": "CN", **name}))
    assert posted.status_code == 201, posted.text
    reached = {event["stream"] for event in posted.json()["events"]}
    assert {"restriction/a", "restriction/b"} <= reached
    assert "restriction/abroad" not in reached
    assert ("restriction/other" in reached) == ("id" in name)
    states = {one["id"]: one["state"] for one in known.get("/v1/restrictions", as_of="2025-06-01")["restrictions"]}
    assert (states["a"], states["b"], states["abroad"]) == ("suspended", "suspended", "in_force")


def test_it_is_recorded_once_however_often_it_is_sent_with_an_id_of_its_own(known: Register):
    body = act({"controller": "CN", "number": "61/2025"}, id="0198c0de-0000-4000-8000-000000000777")
    first, again = (known.client.post("/v1/events", json=body) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["events"] == again.json()["events"]


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        (act({"controller": "CN", "number": "63/2025"}), 409, "/instrument"),
        (act({"controller": "CN"}), 422, "/instrument"),
        (act({"controller": "CN", "number": "61/2025"}, stream="restriction/a"), 422, "/stream"),
        (act({"controller": "CN", "number": "61/2025"}, expected_version=1), 422, "/expected_version"),
        (act({"controller": "CN", "number": "61/2025"}, id="x"), 422, "/id"),
        (act({"controller": "CN", "number": "61/2025"}, "restriction.announced"), 422, "/type"),
        (act({"controller": "CN", "number": "61/2025"}) | {"data": {"period": 1}}, 422, "/data/period"),
    ],
)
def test_what_is_no_act_on_an_instrument_on_record_is_refused(
    known: Register, body: dict[str, Any], status: int, pointer: str
):
    refused = known.client.post("/v1/events", json=body)
    assert refused.status_code == status, refused.text
    assert refused.json()["errors"][0]["pointer"].endswith(pointer)


def test_restrictions_are_listed_by_instrument_controller_reach_and_state(known: Register):
    known.record(suspended("b", "2025-05-01", "2025-12-31"))
    assert ids(known, instrument="061/2025") == ["a", "abroad", "b"]
    assert ids(known, instrument="61/2025", controller="CN") == ["a", "b"]
    assert ids(known, controller="CN", country="US") == []
    assert ids(known, commodity="gallium", controller="CN") == ["b"]
    assert ids(known, state="suspended", as_of="2025-05-01") == ["b"]
    assert ids(known, state="suspended", as_of="2026-01-01") == []


def test_restrictions_are_listed_by_the_destination_and_the_company_that_they_may_reach(register: Register):
    register.record(
        fact("company/akagawa", "company.registered", {"name": "Akagawa Aero", "country": "JP"}),
        announced("japan", destinations={"only": ["JP"]}),
        announced("india", destinations={"only": ["IN"]}),
        announced("list", end_users={"only": [{"name": "Akagawa Aero", "country": "JP"}]}),
    )
    assert ids(register, destination="JP") == ["japan", "list"]
    assert ids(register, company="akagawa") == ["list"]
    assert ids(register, company="company/akagawa") == ["list"]


def test_a_page_of_what_a_filter_keeps_goes_on_where_it_ended(known: Register):
    first = known.get("/v1/restrictions", instrument="61/2025", limit="2")
    assert ([one["id"] for one in first["restrictions"]], first["next_after"]) == (["a", "abroad"], "abroad")
    assert ids(known, instrument="61/2025", limit="2", after="abroad") == ["b"]
