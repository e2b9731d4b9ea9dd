"""What one answer may cost is bounded, and the refusal says what to narrow."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from service.app import create_app
from service.errors import TooBroad
from service.projections.budget import for_all, spend, within
from service.settings import Settings
from tests.answers.facts import announced
from tests.client import TestClient


def busy(ms: int) -> None:
    until = time.thread_time() + ms / 1000
    while time.thread_time() < until:
        pass


def test_what_takes_longer_than_its_budget_is_refused_and_what_does_not_is_not():
    with within(1_000):
        spend()
    with within(1):
        busy(2)
        with pytest.raises(TooBroad, match="1 ms"):
            spend()


def test_what_is_done_once_for_all_is_on_no_answers_account():
    with within(20):
        with for_all():
            busy(40)
            spend()
        spend()
        busy(40)
        with pytest.raises(TooBroad):
            spend()


def test_without_a_budget_nothing_is_refused():
    busy(2)
    spend()


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.get("/v1/countries/IN/status"),
        lambda client: client.get("/v1/restrictions"),
        lambda client: client.post("/v1/determinations", json={"commodity": {"name": "rare_earth_magnets"}}),
    ],
    ids=["status", "listing", "determination"],
)
def test_an_answer_over_its_budget_is_a_refusal_that_says_what_to_narrow(
    sqlite_url: str, ask: Callable[[TestClient], Any]
):
    measures = [announced(f"a-{number}") for number in range(100)]
    for most_ms, status in ((60_000, 200), (1, 422)):
        with TestClient(create_app(Settings(database_url=sqlite_url, answer_budget_ms=most_ms))) as client:
            if status == 200:
                assert client.post("/v1/events", json={"events": measures}).status_code == 201
            found = ask(client)
            assert found.status_code == status
            if status == 422:
                assert found.json()["type"].endswith("/problems/too-broad")
                assert "Name goods" in found.json()["detail"]
