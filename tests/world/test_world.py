"""A test of the world: questions over the corpus, each with its right answer and the reason for it.

The answers were derived by hand from the facts and from the law of the domain, and not from the code or the seeds.
Where one fails, the derivation, the data or the question is wrong, and the facts that it names decide which. Where two
readings of a fact are honest, the question accepts either and says why.
"""

import json
import re
from typing import Any

import pytest

from tests.world.conftest import EVERY_EIGHTH, QUESTIONS, Question, World, in_order
from tests.world.expectation import fault, numbers, told


@pytest.mark.parametrize("question", QUESTIONS, ids=[question["id"] for question in QUESTIONS])
def test_the_register_answers_as_the_facts_say(world: World, question: Question) -> None:
    answers_as_expected(world, question)


@pytest.mark.parametrize("question", EVERY_EIGHTH, ids=[question["id"] for question in EVERY_EIGHTH])
def test_on_postgresql_the_register_answers_as_the_facts_say(world_on_postgresql: World, question: Question) -> None:
    answers_as_expected(world_on_postgresql, question)


def answers_as_expected(world: World, question: Question) -> None:
    answer = world.answers[question["id"]]
    accepted = question.get("expect_one_of") or [question["expect"]]
    faults = [fault(expected, answer) for expected in accepted]
    shown = {name: answer.get(name) for name in ("control", "standing", "covered", "basis", "possible", "detail")}
    assert None in faults, "\n".join(
        [question["rule"], question["because"], *map(str, faults), json.dumps(shown, ensure_ascii=False)]
    )


def test_the_log_has_the_events_in_the_order_in_which_they_were_published(world: World) -> None:
    assert len(world.events) >= 800
    assert in_order(world.events)


def test_both_databases_hold_the_same_events(world: World, world_on_postgresql: World) -> None:
    assert [one["id"] for one in world_on_postgresql.events] == [one["id"] for one in world.events]


def test_every_question_states_its_rule_and_a_reason_from_the_facts() -> None:
    assert len(QUESTIONS) >= 440
    assert len({question["id"] for question in QUESTIONS}) == len(QUESTIONS)
    for question in QUESTIONS:
        assert re.search(r"\b[AFN]\d{2,3}\b|\bNo record\b", question["because"]), question["id"]
        assert question["rule"].endswith("."), question["id"]
        assert ("ask" in question) != ("get" in question), question["id"]
        assert ("expect" in question) != ("expect_one_of" in question), question["id"]
        assert ("either" in question) == ("expect_one_of" in question), question["id"]


@pytest.mark.parametrize("number", ["46/2024", "No. 46 of 2024", "046/SOME/2024"])
def test_an_instrument_is_known_by_its_number_however_it_is_written(number: str) -> None:
    assert numbers({"id": None, "title": "Order 3", "number": number}) == ["46/2024"]


ANSWER: dict[str, Any] = {
    "control": "license_required",
    "basis": [{"restriction": "restriction/xx-some", "state": "in_force"}],
    "possible": [],
    "because": ["a"],
    "licenses": {"official": {"min": 2, "max": None}},
}


@pytest.mark.parametrize(
    "expected",
    [
        {"control": "license_required", "basis": [{"numbers": ["46/2024"]}]},
        {"basis": {"some": {"state": "in_force"}, "none": {"numbers": ["6/2024"]}}, "because_facts": ["F014"]},
        {"control": {"any_of": ["license_required", "no_data"]}, "possible": {"none": {"control": "prohibited"}}},
        {"possible": [], "basis": {"some": []}},
        {"control": {"not": ["no_data"]}, "licenses": {"official": {"max": None}}},
    ],
)
def test_a_partial_answer_that_holds_has_no_fault(expected: dict[str, Any]) -> None:
    assert fault(expected, told(ANSWER, {"a": ["F014"]}, {"restriction/xx-some": ["46/2024"]})) is None


@pytest.mark.parametrize(
    "expected",
    [
        {"control": "no_data"},
        {"control": {"any_of": ["no_data"]}},
        {"control": {"not": ["license_required"]}},
        {"basis": [{"numbers": ["6/2024"]}]},
        {"basis": {"none": {"numbers": ["46/2024"]}}},
        {"basis": {"some": {"state": "suspended"}}},
        {"possible": [{"control": "prohibited"}]},
        {"basis": []},
        {"because_facts": ["F015"]},
        {"licenses": {"official": {"min": 3}}},
        {"licenses": {"official": {"max": {"min": 1}}}},
        {"standing": "unknown"},
    ],
)
def test_a_partial_answer_that_does_not_hold_is_told(expected: dict[str, Any]) -> None:
    assert fault(expected, told(ANSWER, {"a": ["F014"]}, {"restriction/xx-some": ["46/2024"]}))
