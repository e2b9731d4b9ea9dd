"""Traces: which are taken, where they are kept, and what they make no difference to."""

from typing import Any

import pytest

from tests.client import TestClient

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
OTHER = "00-11111111111111111111111111111111-2222222222222222-00"
ID = "0b9d1f1e-5c0e-4c53-9d3e-5d8f4f6e7a01"


def note(**more: Any) -> dict[str, Any]:
    body = {"stream": "note/a", "type": "note.recorded", "data": {"kind": "other", "text": "x"}}
    return body | {"source": {"tier": "press_named"}} | more


def post(client: TestClient, body: dict[str, Any], trace: str | None = TRACE, **headers: str) -> Any:
    return client.post("/v1/events", json=body, headers=headers | ({"traceparent": trace} if trace else {}))


def test_the_trace_of_a_request_is_kept_with_each_event_and_comes_back(client: TestClient):
    answer = post(client, {"events": [note(), note(stream="note/b", metadata={"mine": 1})]})
    assert answer.headers["traceparent"] == TRACE
    events = client.get("/v1/events").json()["events"]
    assert [event["metadata"] for event in events] == [{"traceparent": TRACE}, {"mine": 1, "traceparent": TRACE}]
    assert "traceparent" not in client.get("/v1/events").headers


def test_an_event_that_bears_a_trace_keeps_it(client: TestClient):
    assert post(client, note(metadata={"traceparent": OTHER})).json()["events"][0]["metadata"] == {"traceparent": OTHER}


@pytest.mark.parametrize("trace", [OTHER, None])
def test_sent_again_in_another_trace_an_event_gives_its_first_outcome(client: TestClient, trace: str | None):
    first = post(client, note(id=ID))
    again = post(client, note(id=ID), trace)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers.get("traceparent") == trace


def test_sent_again_in_a_trace_what_had_none_gives_its_first_outcome(client: TestClient):
    first = post(client, note(id=ID), None)
    assert first.json()["events"][0]["metadata"] == {}
    assert post(client, note(id=ID)).json() == first.json()


def test_a_key_stands_for_a_request_in_any_trace(client: TestClient):
    first = post(client, note(), **{"Idempotency-Key": "k"})
    assert post(client, note(), OTHER, **{"Idempotency-Key": "k"}).json() == first.json()


def test_other_remarks_still_make_another_event(client: TestClient):
    post(client, note(id=ID, metadata={"mine": 1}))
    for metadata in ({"mine": 2}, {"mine": True}, {}, {"mine": 1, "more": 1}):
        assert post(client, note(id=ID, metadata=metadata)).json()["type"] == "/problems/id-conflict"


@pytest.mark.parametrize(
    "trace",
    [
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes-later",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff",
    ],
)
def test_a_trace_of_any_version_is_taken_as_its_specification_says(client: TestClient, trace: str):
    assert post(client, note(), trace).json()["events"][0]["metadata"] == {"traceparent": trace}


@pytest.mark.parametrize(
    "trace",
    [
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-" + "x" * 200,
        "nonsense",
        "",
    ],
)
def test_a_trace_that_cannot_be_read_is_as_none(client: TestClient, trace: str):
    answer = client.post("/v1/events", json=note(), headers={"traceparent": trace})
    assert answer.status_code == 201
    assert answer.json()["events"][0]["metadata"] == {}
    assert "traceparent" not in answer.headers


def test_of_two_traces_none_is_taken(client: TestClient):
    answer = client.get("/v1/events", headers=[("traceparent", TRACE), ("traceparent", OTHER)])
    assert "traceparent" not in answer.headers
