"""A database that fails: what is answered, and what is stored then."""

import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from service import errors
from service.domain.event import RecordedEvent
from service.log import read
from service.log.append import Log
from service.log.database import engine_for, reading, writing
from service.log.verify import verify
from tests.log.examples import decide, project_nothing, proposed


def test_a_database_that_is_away_is_unavailable() -> None:
    engine = engine_for("postgresql://nobody@/nothing?host=/nowhere")
    with Log(engine, decide, project_nothing) as log, pytest.raises(errors.Unavailable, match="nothing at"):
        log.append([proposed()], "ann")
    with pytest.raises(errors.Unavailable), reading(engine):
        pass
    engine.dispose()


def test_a_full_disk_is_unavailable_and_stores_nothing(sqlite_url: str) -> None:
    engine = engine_for(sqlite_url)
    full = {"project": True}

    def fill(connection: Connection, events: Sequence[RecordedEvent]) -> None:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one() if full["project"] else 10**6
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        connection.execute(text("CREATE TABLE IF NOT EXISTS large (x)"))
        connection.execute(text("INSERT INTO large VALUES (zeroblob(5000000))"))

    with Log(engine, decide, fill) as log:
        with pytest.raises(errors.Unavailable, match="full"):
            log.append([proposed()], "ann")
        assert "full" in log.refusing
        full["project"] = False
        assert log.append([proposed()], "ann").position == 1
        assert log.refusing == ""
    with reading(engine) as connection:
        assert verify(connection).position == 1
    engine.dispose()


def test_a_lock_that_is_not_given_is_unavailable_until_it_is(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.log.database.LOCK_TIMEOUT_S", 0.2)
    engine = engine_for(database_url)
    with Log(engine, decide, project_nothing) as log:
        with writing(engine) as connection:
            read.locked_head(connection)
            started = time.monotonic()
            waiting = [log.submit([proposed()], "ann") for _ in range(40)]
            for answer in waiting:
                assert isinstance(answer.exception(timeout=10), errors.Unavailable)
            # Once the lock is not given to one, the rest of its group does not wait for it in turn.
            assert time.monotonic() - started < 40 * 0.2 / 2
        assert log.append([proposed()], "ann").position == 1
    engine.dispose()


def test_an_answer_lost_after_the_commit_is_found_again(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ids were given out before the first try, so the second finds what the first had stored."""
    commit = engine.dialect.do_commit

    def commit_and_lose_the_answer(connection: Any) -> None:
        commit(connection)
        monkeypatch.setattr(engine.dialect, "do_commit", commit)
        raise engine.dialect.loaded_dbapi.OperationalError("the connection is lost")

    with Log(engine, decide, project_nothing) as log:
        log.append([proposed("license/first")], "ann")
        monkeypatch.setattr(engine.dialect, "do_commit", commit_and_lose_the_answer)
        appended = log.append([proposed(expected_version=0), proposed(expected_version=1)], "ann")
    assert [event.position for event in appended.events] == [2, 3]
    with reading(engine) as connection:
        assert verify(connection).position == 3


def test_a_connection_lost_in_the_middle_is_replaced(postgresql_url: str) -> None:
    engine = engine_for(postgresql_url)
    lost = threading.Event()

    def lose_the_connection_once(connection: Connection, events: Sequence[RecordedEvent]) -> None:
        if not lost.is_set():
            lost.set()
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with Log(engine, decide, lose_the_connection_once) as log:
        appended = log.append([proposed()], "ann")
    assert lost.is_set()
    assert (appended.position, appended.repeated) == (1, False)
    with reading(engine) as connection:
        assert verify(connection).position == 1
    engine.dispose()


def test_a_pool_whose_connections_went_stale_is_replaced(postgresql_url: str) -> None:
    engine, administrator = engine_for(postgresql_url), engine_for(postgresql_url)
    end_all_others = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with Log(engine, decide, project_nothing) as log:
        log.append([proposed()], "ann")
        with administrator.connect() as connection:
            connection.execute(end_all_others)
        assert log.append([proposed()], "ann").position == 2
    engine.dispose()
    administrator.dispose()


STANDBY_LOST = """
CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE WARNING 'canceling wait for synchronous replication'; RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER warn AFTER UPDATE ON head DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION warn();
"""


def test_what_was_committed_without_its_standby_is_not_acknowledged_before_it_is(postgresql_url: str) -> None:
    """The warning comes while the transaction commits, as that of a wait which was cancelled does."""
    engine, event = engine_for(postgresql_url), proposed(id="0b9f6f3e-5d0e-4b7a-9a52-0f3b8c1d2e4f")
    with writing(engine) as connection:
        connection.execute(text(STANDBY_LOST))
    with Log(engine, decide, project_nothing) as log:
        for _ in range(2):
            with pytest.raises(errors.OutcomeUnknown, match="standby"):
                log.append([event], "ann")
        with writing(engine) as connection:
            connection.execute(text("DROP TRIGGER warn ON head"))
        appended = log.append([event], "ann")
    assert (appended.position, appended.repeated) == (1, True)
    engine.dispose()


def test_what_is_confirmed_again_is_confirmed_by_a_write_that_waits_for_the_standby(postgresql_url: str) -> None:
    engine, version = engine_for(postgresql_url), text("SELECT xmin::text FROM head")
    event = proposed(id="0b9f6f3e-5d0e-4b7a-9a52-0f3b8c1d2e4f")
    with Log(engine, decide, project_nothing) as log:
        log.append([event], "ann")
        with reading(engine) as connection:
            first = connection.execute(version).scalar_one()
        assert log.append([event], "ann").repeated
        with reading(engine) as connection:
            assert connection.execute(version).scalar_one() != first
    engine.dispose()
