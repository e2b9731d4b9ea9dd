"""The world as the seeds tell it: a register for each database with all seeds in it, and every question asked once.

PostgreSQL is asked every eighth question. What is read of either database is the same, which tests/projections and
tests/answers/test_agreement.py hold; what follows from it knows no database.
"""

import json
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from psycopg import Connection

from service.app import create_app
from service.domain.sources import when
from service.settings import Settings
from tests.answers.facts import told_whole
from tests.client import TestClient
from tests.conftest import SeededFile, load_seeds, postgresql_copy, sqlite_copy
from tests.world.expectation import numbers, told

Question = dict[str, Any]
QUESTIONS: list[Question] = [
    json.loads(line) for line in Path(__file__).with_name("questions.jsonl").read_text(encoding="utf-8").splitlines()
]
EVERY_EIGHTH = QUESTIONS[::8]


@dataclass(frozen=True, slots=True)
class World:
    """The events in the order of the log, and the answer to each question by its id, as `told`."""

    events: list[dict[str, Any]]
    answers: dict[str, Any]


@pytest.fixture(scope="module")
def world(seeded_file: SeededFile, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Loaded and asked once: every question is then a test of its own, over what was answered."""
    return _asked(sqlite_copy(seeded_file("all"), tmp_path_factory.mktemp("world")), QUESTIONS)


@pytest.fixture(scope="module")
def world_on_postgresql(postgresql_server: str, postgresql_admin: Connection, postgresql_template: str) -> World:
    with postgresql_copy(postgresql_server, postgresql_admin, postgresql_template) as url:
        load_seeds(url, "all")
        return _asked(url, EVERY_EIGHTH)


def _asked(database_url: str, questions: list[Question]) -> World:
    with TestClient(create_app(Settings(database_url=database_url))) as client:
        return _told(client, questions)


def _told(client: TestClient, questions: list[Question]) -> World:
    events = _events(client)
    facts_of = {event["id"]: event["metadata"].get("fact", "").split() for event in events}
    restrictions = client.get("/v1/restrictions", params={"limit": 1000}).json()["restrictions"]
    numbers_of = {f"restriction/{one['id']}": numbers(one["instrument"] or {}) for one in restrictions}
    answers = {}
    for question in questions:
        if "get" in question:
            response = client.get(question["get"])
            answers[question["id"]] = told(response.json(), facts_of, numbers_of)
    posted = [(question["id"], _with_knowledge(question, events)) for question in questions if "ask" in question]
    response = client.post("/v1/determinations", json={"questions": [ask for _, ask in posted]})
    assert response.status_code == 200, response.text
    for (name, _), answer in zip(posted, response.json()["answers"], strict=True):
        answers[name] = told(told_whole(answer), facts_of, numbers_of)
    return World(events, answers)


def _events(client: TestClient) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    while True:
        page = client.get("/v1/events", params={"after": len(events), "limit": 1000}).json()["events"]
        if not page:
            return events
        events += page


def _with_knowledge(question: Question, events: list[dict[str, Any]]) -> dict[str, Any]:
    """The question, asked as known before a day where it says so: a position is hard to know, the day is not."""
    if "known_before" not in question:
        return {**question["ask"], "detail": "full"}
    return {
        **question["ask"],
        "detail": "full",
        "known_at": position_before(events, date.fromisoformat(question["known_before"])),
    }


def position_before(events: list[dict[str, Any]], day: date) -> int:
    """The last position of the log up to which everything was published before a day."""
    days = learned(events)
    return next((event["position"] - 1 for event in events if days[event["id"]] >= day), len(events))


def learned(events: list[dict[str, Any]]) -> dict[str, date]:
    """By event, the last day on which its source may have been published; of one about another, not before that one,
    and of one that adds to a company, not before the company was registered."""
    days: dict[str, date] = {}
    registered: dict[str, date] = {}
    for event in events:
        published, about = event["source"].get("published_at"), event["data"].get("event")
        told = (when(published).latest if published else None) or date.max
        days[event["id"]] = max(told, days.get(about, told), registered.get(event["stream"], told))
        if event["type"] == "company.registered":
            registered[event["stream"]] = told
    return days


def in_order(events: list[dict[str, Any]]) -> bool:
    return all(earlier <= later for earlier, later in pairwise(learned(events).values()))
