"""What a database says when it fails: clients are told what they can do, and nothing of hosts, roles and files."""

import sqlite3
import time
from pathlib import Path

import psycopg
import pytest
from psycopg import errors as pg
from sqlalchemy import Engine, make_url, text

from service.errors import TookTooLong, Unavailable
from service.log import failures
from service.log.append import Log
from service.log.database import engine_for, opened, reading, waited_s, writing
from service.log.limits import Limits
from tests.log.examples import decide, project_nothing, proposed

SECRETS = ("s3cret-host", "s3cret-role", "/s3cret/path")
WORDS = f"connection to {SECRETS[0]} as {SECRETS[1]} failed in {SECRETS[2]}"


def sqlite_error(name: str) -> sqlite3.Error:
    error = sqlite3.OperationalError(WORDS)
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (psycopg.OperationalError(WORDS), failures.AWAY),
        (psycopg.InterfaceError(WORDS), failures.AWAY),
        (psycopg.ProgrammingError(WORDS), failures.OTHER),
        (pg.AdminShutdown(WORDS), failures.AWAY),
        (pg.CannotConnectNow(WORDS), failures.AWAY),
        (pg.ConnectionFailure(WORDS), failures.AWAY),
        (pg.ReadOnlySqlTransaction(WORDS), failures.READ_ONLY),
        (pg.DiskFull(WORDS), failures.FULL),
        (pg.TooManyConnections(WORDS), failures.BUSY),
        (pg.OutOfMemory(WORDS), failures.BUSY),
        (pg.LockNotAvailable(WORDS), failures.BUSY),
        (pg.SerializationFailure(WORDS), failures.BUSY),
        (pg.DeadlockDetected(WORDS), failures.BUSY),
        (pg.UndefinedTable(WORDS), failures.NO_TABLES),
        (pg.UndefinedColumn(WORDS), failures.NO_TABLES),
        (pg.InvalidSchemaName(WORDS), failures.NO_TABLES),
        (pg.InsufficientPrivilege(WORDS), failures.NO_RIGHTS),
        (pg.DataCorrupted(WORDS), failures.DAMAGED),
        (pg.IndexCorrupted(WORDS), failures.DAMAGED),
        (pg.IoError(WORDS), failures.DAMAGED),
        (pg.InternalError_(WORDS), failures.OTHER),
        (sqlite_error("SQLITE_BUSY_SNAPSHOT"), failures.BUSY),
        (sqlite_error("SQLITE_FULL"), failures.FULL),
        (sqlite_error("SQLITE_READONLY_DBMOVED"), failures.READ_ONLY),
        (sqlite_error("SQLITE_IOERR_READ"), failures.UNREADABLE),
        (sqlite_error("SQLITE_CANTOPEN"), failures.UNREADABLE),
        (sqlite_error("SQLITE_CORRUPT_INDEX"), failures.DAMAGED),
        (sqlite_error("SQLITE_NOTADB"), failures.DAMAGED),
        (sqlite_error("SQLITE_ERROR"), failures.OTHER),
    ],
    ids=lambda value: getattr(value, "sqlite_errorname", None) or type(value).__name__,
)
def test_each_class_of_the_drivers_is_unavailable_without_a_word_of_theirs(error: Exception, kind: failures.Failure):
    assert failures.failure_of(error) is kind
    told = failures.unavailable(error, "s3cret-database")
    assert (told.detail, told.retry_after_s, told.lasting) == (kind.said, kind.retry_after_s, kind.lasting)
    assert kind.retry_after_s >= 1
    assert not [secret for secret in (*SECRETS, "s3cret") if secret in told.detail]
    # For whoever runs the machine they stand in the log.
    assert all(secret in told.cause for secret in (*SECRETS, "s3cret-database"))
    assert all(secret in str(told) for secret in SECRETS)


@pytest.mark.parametrize("error", [pg.QueryCanceled(WORDS), sqlite_error("SQLITE_INTERRUPT")])
def test_a_statement_that_was_stopped_took_too_long(error: Exception):
    assert isinstance(failures.unavailable(error, ""), TookTooLong)


def test_a_database_without_tables_says_what_to_run(tmp_path: Path, postgresql_admin: psycopg.Connection):
    name = "lodestone_no_tables"
    postgresql_admin.execute(f"CREATE DATABASE {name}")
    server = make_url(f"postgresql://{postgresql_admin.info.user}@/{name}").update_query_dict(
        {"host": postgresql_admin.info.host}
    )
    try:
        for url in (f"sqlite:///{tmp_path}/new.db", server.render_as_string()):
            with opened(url) as engine:
                with pytest.raises(Unavailable, match="lodestone db upgrade") as refused, reading(engine) as connection:
                    connection.execute(text("SELECT * FROM head"))
                assert refused.value.lasting
    finally:
        postgresql_admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("content", [b"This is no database." * 100, b"SQLite format 3\x00" + b"x" * 5_000])
def test_a_file_that_is_no_database_is_called_damaged(tmp_path: Path, content: bytes):
    file = tmp_path / "lodestone.db"
    file.write_bytes(content)
    with opened(f"sqlite:///{file}") as engine:
        with pytest.raises(Unavailable, match="damaged") as refused, reading(engine) as connection:
            connection.execute(text("SELECT * FROM head"))
        assert str(file) not in refused.value.detail


def test_a_file_that_could_not_be_written_for_a_moment_is_written_afterwards(sqlite_url: str):
    """Connections that were opened meanwhile stay read-only for as long as they live."""
    with opened(sqlite_url) as engine:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
        with pytest.raises(Unavailable, match="only takes reads"), writing(engine) as writer:
            writer.execute(text("UPDATE head SET epoch = epoch + 1"))
        with Log(engine, decide, project_nothing) as log:
            assert log.append([proposed()], "ann").position == 1


def test_a_primary_that_was_demoted_is_left_for_the_next_connection(postgresql_url: str):
    with opened(postgresql_url) as engine:
        with engine.connect() as connection:
            connection.exec_driver_sql("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
            connection.commit()
        with pytest.raises(Unavailable, match="only takes reads"), writing(engine) as writer:
            writer.execute(text("UPDATE head SET epoch = epoch + 1"))
        with Log(engine, decide, project_nothing) as log:
            assert log.append([proposed()], "ann").position == 1


def test_a_constraint_that_is_broken_is_a_fault_of_the_program_and_not_of_the_database(engine: Engine):
    with pytest.raises(Exception, match=r"(?i)unique|duplicate") as raised, writing(engine) as connection:
        for _ in range(2):
            connection.execute(text("INSERT INTO head SELECT * FROM head"))
    assert not isinstance(raised.value, Unavailable)


def test_a_request_holds_its_connection_as_long_as_the_limit_and_no_longer(database_url: str):
    limited = engine_for(database_url, Limits(hold_timeout_s=0.001))
    patient = engine_for(database_url, Limits(hold_timeout_s=60))
    try:
        with pytest.raises(TookTooLong, match="held the database"), reading(limited) as connection:
            time.sleep(0.002)
            connection.execute(text("SELECT 1"))
        with reading(patient) as connection:
            assert connection.execute(text("SELECT 1")).scalar_one() == 1
    finally:
        limited.dispose()
        patient.dispose()


def test_no_connection_that_comes_free_is_unavailable(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("service.log.database.POOL_TIMEOUT_S", 0.05)
    engine = engine_for(sqlite_url, Limits(connections=1))
    with reading(engine):
        before_s = waited_s(engine)
        with pytest.raises(Unavailable, match="too much to do"), reading(engine):
            pass
    # For /metrics: how long it was waited for.
    assert 0.05 <= waited_s(engine) - before_s < 1
    engine.dispose()
