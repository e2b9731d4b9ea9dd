"""Requests that are safe to send again, and those that rest on what nobody else may have changed."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response

from service.app import create_app
from service.settings import Settings
from tests.api.conftest import ON_BOTH
from tests.client import TestClient

Post = Callable[..., Response]


@pytest.fixture
def register(database_url: str, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(database_url=database_url, signing_key_file=tmp_path / "key"))) as client:
        yield client


def company(slug: str, name: str = "Some Motors") -> dict[str, Any]:
    return {
        "stream": f"company/{slug}",
        "type": "company.registered",
        "data": {"name": name, "country": "IN"},
        "source": {"tier": "press_named"},
    }


def note(about: str, slug: str = "a-note") -> dict[str, Any]:
    return {
        "stream": f"note/{slug}",
        "type": "note.recorded",
        "data": {"kind": "other", "text": "seen", "about": [about]},
        "source": {"tier": "press_named"},
    }


def head(register: TestClient) -> int:
    return int(register.get("/health/ready").json()["position"])


@ON_BOTH
def test_the_same_key_and_body_give_the_first_outcome_again(register: TestClient) -> None:
    first = register.post("/v1/events", json=company("a"), headers={"Idempotency-Key": "k1"})
    again = register.post("/v1/events", json=company("a"), headers={"Idempotency-Key": "k1"})
    assert first.status_code == again.status_code == 201
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert head(register) == 1


@ON_BOTH
def test_the_same_key_with_another_body_is_refused(register: TestClient) -> None:
    register.post("/v1/events", json=company("a"), headers={"Idempotency-Key": "k1"})
    other = register.post("/v1/events", json=company("b"), headers={"Idempotency-Key": "k1"})
    assert other.status_code == 422
    assert other.json()["type"] == "/problems/key-reused"
    assert head(register) == 1


def test_the_same_key_with_another_precondition_is_another_request(register: TestClient) -> None:
    register.post("/v1/events", json=company("a"), headers={"Idempotency-Key": "k1", "If-None-Match": "*"})
    other = register.post("/v1/events", json=company("a"), headers={"Idempotency-Key": "k1"})
    assert other.json()["type"] == "/problems/key-reused"


@ON_BOTH
def test_a_conflict_is_an_outcome_too_and_is_given_again_when_it_would_no_longer_arise(register: TestClient) -> None:
    act = {
        "stream": "restriction/cn-x",
        "type": "restriction.suspended",
        "data": {"period": {"from": "2025-11-10"}},
        "source": {"tier": "issuer_text"},
    }
    first = register.post("/v1/events", json=act, headers={"Idempotency-Key": "k1"})
    announced = {
        "stream": "restriction/cn-x",
        "type": "restriction.announced",
        "data": {"kind": "licensing", "controller": "CN", "scope": {"commodities": [{"hs": "850511"}]}},
        "source": {"tier": "issuer_text"},
    }
    assert register.post("/v1/events", json=announced).status_code == 201
    again = register.post("/v1/events", json=act, headers={"Idempotency-Key": "k1"})
    assert first.status_code == again.status_code == 409
    assert first.json() == again.json()
    assert register.post("/v1/events", json=act, headers={"Idempotency-Key": "k2"}).status_code == 201


def test_a_body_that_cannot_be_read_uses_up_no_key(register: TestClient) -> None:
    headers = {"Idempotency-Key": "k1"}
    assert register.post("/v1/events", json={**company("a"), "bogus": 1}, headers=headers).status_code == 422
    assert register.post("/v1/events", json=company("a"), headers=headers).status_code == 201


@ON_BOTH
def test_a_request_that_is_still_running_is_not_started_again(register: TestClient) -> None:
    running = register.app.state.register.running  # type: ignore[attr-defined]
    running.keys.add(("anonymous", "k1"))
    refused = register.post("/v1/events", json=company("a"), headers={"Idempotency-Key": "k1"})
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/request-running"
    running.keys.clear()
    assert register.post("/v1/events", json=company("a"), headers={"Idempotency-Key": "k1"}).status_code == 201
    assert running.keys == set()


@ON_BOTH
def test_of_many_racers_with_one_key_all_get_one_outcome_or_are_told_to_wait(register: TestClient) -> None:
    def post(_: int) -> Response:
        return register.post("/v1/events", json=company("a"), headers={"Idempotency-Key": "k1"})

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(post, range(16)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    first, *others = [answer.json() for answer in answers if answer.status_code == 201]
    assert all(other == first for other in others)
    assert head(register) == 1


@pytest.mark.parametrize(("header", "value"), [("Idempotency-Key", "a" * 256), ("Idempotency-Key", "a b")])
def test_a_key_is_1_to_255_visible_characters(register: TestClient, header: str, value: str) -> None:
    assert register.post("/v1/events", json=company("a"), headers={header: value}).status_code == 422
    assert register.post("/v1/events", json=company("a"), headers={header: "a" * 255}).status_code == 201


@ON_BOTH
def test_if_none_match_asks_for_a_new_stream(register: TestClient) -> None:
    headers = {"If-None-Match": "*"}
    assert register.post("/v1/events", json=note("company/a"), headers=headers).status_code == 201
    refused = register.post("/v1/events", json=note("company/a"), headers=headers)
    assert refused.status_code == 412
    assert refused.json()["type"] == "/problems/precondition-failed"


@ON_BOTH
def test_if_match_asks_for_the_streams_version(register: TestClient) -> None:
    register.post("/v1/events", json=note("company/a"))
    assert register.post("/v1/events", json=note("company/a"), headers={"If-Match": '"2"'}).status_code == 412
    assert register.post("/v1/events", json=note("company/a"), headers={"If-Match": '"1"'}).status_code == 201
    assert register.post("/v1/events", json=note("company/a"), headers={"If-Match": '"1"'}).status_code == 412


@pytest.mark.parametrize("headers", [{"If-Match": "1"}, {"If-Match": "*"}, {"If-None-Match": '"1"'}])
def test_a_precondition_that_cannot_be_read_is_refused(register: TestClient, headers: dict[str, str]) -> None:
    assert register.post("/v1/events", json=company("a"), headers=headers).status_code == 422
    assert head(register) == 0


def test_a_precondition_speaks_of_one_stream(register: TestClient) -> None:
    body = {"events": [company("a"), company("b")]}
    refused = register.post("/v1/events", json=body, headers={"If-None-Match": "*"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "if-none-match"


def posted_under(register: TestClient, condition: dict[str, Any], slug: str = "mine") -> Response:
    body = {"events": [note("company/a", slug)], "condition": condition}
    return register.post("/v1/events", json=body)


@ON_BOTH
def test_an_append_condition_fails_where_a_matching_event_came_after_the_position(register: TestClient) -> None:
    register.post("/v1/events", json=company("a"))
    register.post("/v1/events", json=note("company/a", "theirs"))
    condition = {"types": ["note.recorded"], "company": "company/a", "after": 1}
    refused = posted_under(register, condition)
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/condition-failed"
    assert head(register) == 2
    assert posted_under(register, condition | {"after": 2}).status_code == 201


@pytest.mark.parametrize(
    "condition",
    [
        {"types": ["license.granted"], "company": "company/a", "after": 0},
        {"types": ["note.recorded"], "company": "company/b", "after": 0},
        {"types": ["note.recorded"], "country": "DE", "after": 0},
        {"stream": "note/mine", "after": 0},
    ],
)
@ON_BOTH
def test_an_append_condition_holds_where_nothing_matches_it(register: TestClient, condition: dict[str, Any]) -> None:
    register.post("/v1/events", json=company("a"))
    register.post("/v1/events", json=note("company/a", "theirs"))
    assert posted_under(register, condition).status_code == 201


@ON_BOTH
def test_of_any_number_of_racers_under_one_condition_exactly_one_wins(register: TestClient) -> None:
    condition = {"types": ["note.recorded"], "company": "company/a", "after": 0}
    start = threading.Barrier(12)

    def race(number: int) -> int:
        start.wait()
        return posted_under(register, condition, f"racer-{number}").status_code

    with ThreadPoolExecutor(12) as pool:
        statuses = sorted(pool.map(race, range(12)))
    assert statuses == [201] + [409] * 11
    assert head(register) == 1


@pytest.mark.parametrize(
    ("condition", "pointer"),
    [
        ({}, "/condition/after"),
        ({"after": -1}, "/condition/after"),
        ({"after": 0, "types": ["nope"]}, "/condition"),
        ({"after": 0, "company": "a"}, "/condition/company"),
        ({"after": 0, "company": "company/a", "country": "IN"}, "/condition"),
        ({"after": 0, "since": 1}, "/condition/since"),
    ],
)
def test_a_condition_that_cannot_be_read_is_refused(
    register: TestClient, condition: dict[str, Any], pointer: str
) -> None:
    refused = posted_under(register, condition)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == pointer
    assert head(register) == 0


@ON_BOTH
def test_a_repeat_by_id_gives_the_first_outcome_though_the_condition_no_longer_holds(register: TestClient) -> None:
    event = note("company/a") | {"id": "0b9d1f1e-5c0e-4c53-9d3e-5d8f4f6e7a01"}
    body = {"events": [event], "condition": {"types": ["note.recorded"], "after": 0}}
    assert register.post("/v1/events", json=body).json() == register.post("/v1/events", json=body).json()
    assert head(register) == 1


@ON_BOTH
def test_events_are_found_by_the_country_and_the_company_that_they_name(register: TestClient) -> None:
    register.post("/v1/events", json=company("a"))
    register.post("/v1/events", json=note("company/a"))
    register.post("/v1/events", json=company("b"))
    of_a = register.get("/v1/events", params={"company": "a"}).json()["events"]
    assert [event["position"] for event in of_a] == [1, 2]
    in_india = register.get("/v1/events", params={"country": "IN"}).json()["events"]
    assert [event["position"] for event in in_india] == [1, 3]
    both = register.get("/v1/events", params={"country": "IN", "company": "a"}).json()["events"]
    assert [event["position"] for event in both] == [1]


def test_a_refusal_that_is_given_again_points_into_the_same_event(register: TestClient) -> None:
    act = {
        "stream": "restriction/cn-x",
        "type": "restriction.suspended",
        "data": {"period": {"from": "2025-11-10"}},
        "source": {"tier": "issuer_text"},
    }
    sent = {"events": [company("a"), act]}
    answers = [
        register.post("/v1/events", json=sent, headers={"Idempotency-Key": "k1"}).json()["errors"] for _ in range(3)
    ]
    assert answers[0][0]["pointer"] == "/events/1/stream"
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize(("header", "value"), [("If-Match", '"1"'), ("If-None-Match", "*")])
def test_a_header_that_contradicts_the_events_expected_version_is_refused(
    register: TestClient, header: str, value: str
) -> None:
    expected = 1 if header == "If-Match" else 0
    if expected:
        register.post("/v1/events", json=note("company/a"))
    other = register.post(
        "/v1/events", json={**note("company/a"), "expected_version": expected + 1}, headers={header: value}
    )
    assert (other.status_code, other.json()["errors"][0]["pointer"]) == (422, header.lower())
    same = register.post(
        "/v1/events", json={**note("company/a"), "expected_version": expected}, headers={header: value}
    )
    assert same.status_code == 201


def test_what_was_recorded_is_found_at_the_location(register: TestClient) -> None:
    one = register.post("/v1/events", json=company("a"))
    assert register.get(one.headers["Location"]).json() == one.json()["events"][0]
    both = register.post("/v1/events", json={"events": [company("b"), company("c")]})
    assert register.get(both.headers["Location"]).json()["events"] == both.json()["events"]


@pytest.mark.parametrize(
    ("limit", "status"),
    [("0000000100", 200), ("0000000101", 422), ("1", 200), ("0", 422), ("00", 422), ("9" * 30, 422)],
)
def test_leading_zeros_change_no_limit(database_url: str, tmp_path: Path, limit: str, status: int) -> None:
    settings = Settings(database_url=database_url, signing_key_file=tmp_path / "key", max_page_size=100)
    with TestClient(create_app(settings)) as client:
        assert client.get("/v1/events", params={"limit": limit}).status_code == status
