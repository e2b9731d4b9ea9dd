"""What a request rests on: an event after a position, of some types, on a stream, about a subject."""

from collections.abc import Iterable, Iterator
from itertools import product

import pytest
from sqlalchemy import Engine

from service.domain.event import RecordedEvent
from service.log import read
from service.log.append import Log
from service.log.conditions import Condition, first_match
from service.log.database import reading
from tests.log.examples import decide, project_nothing, proposed

A, B = "license/a", "license/b"
GRANTED, NOTE = "license.granted", "note.recorded"
EVENTS = [(A, GRANTED, "CN"), (B, GRANTED, "US"), (A, NOTE, "CN"), (B, NOTE, "CN"), (B, GRANTED, "US")]


def named(event: RecordedEvent) -> Iterable[str]:
    return [event.data["about"]]


@pytest.fixture
def log(engine: Engine) -> Iterator[Log]:
    with Log(engine, decide, project_nothing, subjects=named) as log:
        log.append([proposed(stream, type=type_, data={"about": about}) for stream, type_, about in EVENTS], "ann")
        yield log


@pytest.mark.parametrize(
    ("condition", "position"),
    [
        (Condition(0), 1),
        (Condition(4), 5),
        (Condition(5), None),
        (Condition(0, types=frozenset({NOTE})), 3),
        (Condition(3, types=frozenset({GRANTED})), 5),
        (Condition(1, types=frozenset({GRANTED, NOTE})), 2),
        (Condition(0, types=frozenset({"license.revoked"})), None),
        (Condition(0, stream=B), 2),
        (Condition(2, stream=A), 3),
        (Condition(0, subject="US"), 2),
        (Condition(0, stream=B, subject="CN"), 4),
        (Condition(0, types=frozenset({NOTE}), stream=B, subject="CN"), 4),
        (Condition(0, types=frozenset({NOTE}), stream=A, subject="US"), None),
    ],
)
def test_the_first_event_that_meets_all_of_a_condition_is_found(
    engine: Engine, log: Log, condition: Condition, position: int | None
) -> None:
    with reading(engine) as connection:
        assert first_match(connection, condition) == position


def test_what_waits_in_a_group_is_held_against_a_condition_as_what_is_recorded(engine: Engine, log: Log) -> None:
    with reading(engine) as connection:
        events = read.page(connection)
        about = {A: {"CN"}, B: {"US"}}
        for after, types, stream, subject in product(
            (0, 2, 4), ((), (NOTE,), (GRANTED, NOTE)), (None, A), (None, "CN")
        ):
            condition = Condition(after, frozenset(types), stream, subject)
            waiting = [one.position for one in events if condition.matches(one, about_by(one, about))]
            assert first_match(connection, condition) == min(waiting, default=None)


def about_by(event: RecordedEvent, about: dict[str, set[str]]) -> set[str]:
    """What the event's stream is about by then."""
    about[event.stream] = about[event.stream] | set(named(event))
    return about[event.stream]
