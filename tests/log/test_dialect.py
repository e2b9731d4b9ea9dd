"""Many rows in one statement: what is written, kept and refused is the same for few rows and for very many."""

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import IntegrityError

from service.errors import TookTooLong, Unavailable
from service.log.database import engine_for, reading, writing
from service.log.dialect import COPIED_FROM, Insert, Listed, Query, Update, fetch, insert, write
from service.log.limits import Limits
from service.log.tables import payloads, subjects

REFUSING, KEEPING, PAYLOADS = Insert(subjects), Insert(subjects, kept=True), Insert(payloads)
MOVE = Update("UPDATE head SET position = ? WHERE position = ?")
COUNTS = pytest.mark.parametrize("count", [1, COPIED_FROM - 1, COPIED_FROM])


def rows(count: int) -> list[tuple[str, int]]:
    return [("company/a\t\\b\nc\"d', {e}", position) for position in range(1, count + 1)]


def stored(engine: Engine) -> list[tuple[str, int]]:
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(select(subjects).order_by(subjects.c.position))]


@COUNTS
def test_rows_are_written_as_they_are_be_they_few_or_many(engine: Engine, count: int):
    with writing(engine) as connection:
        assert write(connection, [(REFUSING, rows(count)), (KEEPING, []), (PAYLOADS, [])], MOVE, (count, 0))
    assert stored(engine) == rows(count)


@COUNTS
def test_a_row_that_is_there_is_refused(engine: Engine, count: int):
    with writing(engine) as connection:
        insert(connection, [(REFUSING, rows(1))])
    with pytest.raises(IntegrityError), writing(engine) as connection:
        insert(connection, [(REFUSING, rows(count))])
    assert stored(engine) == rows(1)


@COUNTS
def test_a_row_that_is_there_is_kept_where_that_is_asked_for(engine: Engine, count: int):
    with writing(engine) as connection:
        insert(connection, [(REFUSING, rows(1))])
        insert(connection, [(KEEPING, rows(count))])
    assert stored(engine) == rows(count)


def test_what_may_be_missing_may_be_missing_in_every_row(engine: Engine):
    with writing(engine) as connection:
        insert(connection, [(PAYLOADS, [(1, None, None), (2, None, None)])])
    with reading(engine) as connection:
        assert connection.execute(select(payloads)).all() == [(1, None, None), (2, None, None)]


def test_a_statement_stands_ready_for_each_driver_in_its_own_words():
    assert Update("UPDATE head SET position = ? WHERE position = ?").text == {
        "sqlite": "UPDATE head SET position = ? WHERE position = ?",
        "postgresql": "UPDATE head SET position = %b WHERE position = %b",
    }
    refused, kept = Insert(subjects), Insert(subjects, kept=True)
    assert refused.row == 'INSERT INTO subjects ("subject", "position") VALUES (?, ?)'
    assert refused.arrays == (
        'INSERT INTO subjects ("subject", "position") SELECT * FROM unnest(%s::TEXT[], %s::BIGINT[])'
    )
    assert refused.copy == 'COPY subjects ("subject", "position") FROM STDIN'
    assert (kept.row, kept.arrays) == tuple(f"{one} ON CONFLICT DO NOTHING" for one in (refused.row, refused.arrays))
    assert Listed("SELECT value FROM {listed}").text == {
        "sqlite": "SELECT value FROM json_each(?) AS listed",
        "postgresql": "SELECT value FROM unnest(%b::text[]) AS listed(value)",
    }


def test_an_update_that_finds_no_row_says_so(engine: Engine):
    with writing(engine) as connection:
        assert not write(connection, [], MOVE, (2, 1))
        assert not write(connection, [(REFUSING, rows(1))], MOVE, (2, 1))


def test_a_list_of_any_length_is_one_value(engine: Engine):
    asked = Listed("SELECT listed.value AS found FROM {listed} ORDER BY 1")
    texts = [f"{number:05}'\"\\" for number in range(2_000)]
    with reading(engine) as connection:
        assert [found for (found,) in asked.rows(connection, texts)] == texts
        assert not asked.rows(connection, [])


def test_a_query_takes_values_and_lists_of_texts(engine: Engine):
    with writing(engine) as connection:
        insert(connection, [(REFUSING, [("a", 1), ("b", 2), ("c'?%", 3), ("d", 4)])])
    asked = Query("SELECT position FROM subjects WHERE position > ? AND subject IN ?* ORDER BY position")
    with reading(engine) as connection:
        assert asked.rows(connection, (1, ["a", "b", "c'?%"])) == [(2,), (3,)]
        assert not asked.rows(connection, (1, list[str]()))


def test_a_statement_in_the_drivers_words_is_held_to_the_same_limits(database_url: str):
    engine = engine_for(database_url, Limits(hold_timeout_s=0))
    with pytest.raises(TookTooLong), reading(engine) as connection:
        fetch(connection, "SELECT 1")
    engine.dispose()


def test_a_statement_in_the_drivers_words_fails_as_any_other(engine: Engine):
    told: list[str | None] = []
    event.listen(engine, "handle_error", lambda context: told.append(context.statement))
    with pytest.raises(Unavailable), reading(engine) as connection:
        fetch(connection, "SELECT nothing FROM nowhere")
    assert told == ["SELECT nothing FROM nowhere"]


def test_who_listens_to_statements_hears_of_one_in_the_drivers_words_before_and_after_it(engine: Engine):
    told: list[str] = []
    for name in ("before_cursor_execute", "after_cursor_execute"):
        event.listen(engine, name, lambda _, __, text, *___, name=name: told.append(f"{name} {text}"))
    with writing(engine) as connection:
        told.clear()
        fetch(connection, "SELECT 1")
        insert(connection, [(REFUSING, rows(1))])
    assert told[:2] == ["before_cursor_execute SELECT 1", "after_cursor_execute SELECT 1"]
    assert [one.partition(" INSERT INTO subjects")[0] for one in told[2:4]] == [
        "before_cursor_execute",
        "after_cursor_execute",
    ]
