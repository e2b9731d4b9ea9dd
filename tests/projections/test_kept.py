"""What is kept stands for as long as nothing that it depends on is touched, and is bounded."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.log.append import Log
from service.log.database import engine_for, reading
from service.projections import project
from service.projections.depends import EVERYTHING, MOST_EVENTS, Depends, note
from service.projections.kept import KEY_BYTES, Kept, Touches
from service.register.post import posted_of
from tests.answers.facts import announced, registered


def take(*_: object) -> None:
    """Whatever is told is taken."""


@pytest.fixture
def log(sqlite_template: Path, tmp_path: Path) -> Iterator[Log]:
    file = tmp_path / "lodestone.db"
    file.write_bytes(sqlite_template.read_bytes())
    engine = engine_for(f"sqlite:///{file}")
    with Log(engine, take, project) as told:
        yield told
    engine.dispose()


def tell(log: Log, *events: object) -> int:
    return log.append(posted_of({"events": list(events)}, MOST_EVENTS + 1).events, "test").position


def ask(kept: Kept, log: Log, at: int, made: list[int], key: str = "stream restriction/a") -> int:
    """What is found at a position: how often it was found anew."""

    def find() -> int:
        note((key,))
        made.append(at)
        return len(made)

    with reading(log.engine) as connection:
        return kept.once(connection, at, "asked", find, lambda _: 10)


def test_it_is_found_anew_only_where_what_it_depends_on_was_touched(log: Log):
    kept, made = Kept(), list[int]()
    first = tell(log, announced("a"))
    assert [ask(kept, log, first, made) for _ in range(2)] == [1, 1]
    second = tell(log, registered("c", "Somebody", "IN"))
    assert ask(kept, log, second, made) == 1
    third = tell(log, {**announced("a"), "id": "00000000-0000-4000-8000-000000000001"})
    assert [ask(kept, log, third, made), ask(kept, log, third, made)] == [2, 2]


def test_what_is_known_at_an_earlier_position_is_not_taken_for_what_is_known_later(log: Log):
    kept, made = Kept(), list[int]()
    first = tell(log, announced("a"))
    ask(kept, log, first, made)
    second = tell(log, {**announced("a"), "id": "00000000-0000-4000-8000-000000000001"})
    assert [ask(kept, log, second, made), ask(kept, log, first, made)] == [2, 3]


def test_after_many_events_at_once_everything_is_found_anew(log: Log):
    kept, made = Kept(), list[int]()
    ask(kept, log, tell(log, announced("a")), made)
    many = tell(log, *(registered(f"c-{number}", f"Company {number}", "IN") for number in range(MOST_EVENTS + 1)))
    assert ask(kept, log, many, made) == 2


@pytest.mark.parametrize(("earlier", "later", "touched"), [(1, 2, True), (2, 3, False), (0, 2, True), (2, 9, True)])
def test_touches_are_told_between_two_positions_and_for_sure_only_where_they_are_known(
    earlier: int, later: int, touched: bool
):
    touches = Touches(since=1, through=5, last={"a": 2})
    assert touches.between(Depends(frozenset({"a"})), earlier, later) == touched
    assert touches.between(Depends(frozenset({"b"})), 1, 5) is False
    touches.last[EVERYTHING] = 4
    assert touches.between(Depends(frozenset({"b"})), 3, 5) is True


def test_what_is_kept_is_bounded_in_bytes_and_the_least_asked_goes_first():
    kept = Kept(most_bytes=400)
    kept.touches.since = kept.touches.through = 1
    for name in "abcd":
        kept.keep(name, 1, name, Depends(), 100)
    assert kept.standing("a", 1) is not None
    kept.keep("e", 1, "e", Depends(), 100)
    assert ("a" in kept, "b" in kept, len(kept), kept.held_bytes) == (True, False, 4, 400)


def test_what_would_fill_more_than_a_quarter_of_the_bound_is_not_kept():
    kept = Kept(most_bytes=1_000)
    kept.keep("fits", 1, "fits", Depends(frozenset({"a"})), 250 - KEY_BYTES)
    kept.keep("large", 1, "large", Depends(), 251)
    assert ("fits" in kept, "large" in kept) == (True, False)


def test_what_was_kept_before_a_redaction_stands_no_more_after_many_events_at_once(log: Log):
    kept, made = Kept(), list[int]()
    first = tell(log, announced("a"))
    later = tell(log, announced("b"))
    for at in (later, first):
        ask(kept, log, at, made)
    kept.touches.last[EVERYTHING] = later + 1
    many = tell(log, *(registered(f"c-{number}", f"Company {number}", "IN") for number in range(MOST_EVENTS + 1)))
    ask(kept, log, many, made)
    assert ask(kept, log, first, made) == len(made) == 4
