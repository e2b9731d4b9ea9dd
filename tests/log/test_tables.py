"""What the database itself refuses, whoever asks it."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from service.log.append import Log
from service.log.database import engine_for, reading, writing
from service.log.read import page
from tests.log.examples import decide, project_nothing, proposed

FORBIDDEN = [
    "UPDATE events SET actor = 'ben' WHERE position = 1",
    "UPDATE events SET actor = actor",
    "DELETE FROM events WHERE position = 2",
    "UPDATE nodes SET hash = hash",
    "DELETE FROM nodes",
    "UPDATE payloads SET payload = '{}'",
    "UPDATE payloads SET payload = NULL",
    "UPDATE payloads SET salt = NULL",
    "UPDATE payloads SET payload = NULL, salt = NULL, position = position + 10",
    "DELETE FROM payloads",
    "UPDATE head SET position = position - 1",
    "UPDATE head SET recorded_at = recorded_at - 1",
    "UPDATE head SET epoch = epoch - 1",
    "DELETE FROM head",
    "INSERT INTO head (one, position, recorded_at, root, peaks, epoch) SELECT 2, 0, 0, root, peaks, 1 FROM head",
    "INSERT INTO head (one, position, recorded_at, root, peaks, epoch) SELECT 1, 0, 0, root, peaks, 1 FROM head",
]


def test_the_past_cannot_be_changed(log: Log, engine: Engine, subtests: pytest.Subtests) -> None:
    log.append([proposed(), proposed()], "ann")
    with reading(engine) as connection:
        before = page(connection)
    for statement in FORBIDDEN:
        with subtests.test(statement):
            with pytest.raises(IntegrityError), writing(engine) as connection:
                connection.execute(text(statement))
            with reading(engine) as connection:
                assert page(connection) == before


def test_a_payload_can_be_emptied_and_the_head_move_on(log: Log, engine: Engine, subtests: pytest.Subtests) -> None:
    log.append([proposed()], "ann")
    for statement in (
        "UPDATE payloads SET payload = NULL, salt = NULL WHERE position = 1",
        "UPDATE head SET epoch = epoch + 1",
        "UPDATE head SET position = position",
    ):
        with subtests.test(statement), writing(engine) as connection:
            assert connection.execute(text(statement)).rowcount == 1


def test_a_row_cannot_be_replaced_in_sqlite(sqlite_url: str) -> None:
    engine = engine_for(sqlite_url)
    with pytest.raises(IntegrityError), Log(engine, decide, project_nothing) as log:
        log.append([proposed()], "ann")
        with writing(engine) as connection:
            connection.execute(text("INSERT OR REPLACE INTO payloads (position, salt, payload) VALUES (1, 'a', 'b')"))
    engine.dispose()


def test_nothing_can_be_truncated_in_postgresql(postgresql_url: str) -> None:
    engine = engine_for(postgresql_url)
    for table in ("events", "nodes", "payloads", "head"):
        with pytest.raises(IntegrityError), writing(engine) as connection:
            connection.execute(text(f"TRUNCATE {table}"))
    engine.dispose()
