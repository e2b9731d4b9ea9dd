"""Opening and migrating databases."""

import os
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, make_url, text

from service import errors
from service.log.database import (
    WAL_KEPT_BYTES,
    close,
    engine_for,
    has_table,
    migrate,
    missing_file,
    opened,
    reading,
    size_bytes,
    wal_bytes,
    writing,
)
from service.log.read import read_head


def migrated_by_processes(lodestone: Path, url: str, count: int) -> list[int]:
    environment = {**os.environ, "LODESTONE_DATABASE_URL": url}
    started = [subprocess.Popen([lodestone, "db", "upgrade"], env=environment) for _ in range(count)]
    return [process.wait(timeout=60) for process in started]


def position_in(url: str) -> int:
    engine = engine_for(url)
    with reading(engine) as connection:
        position = read_head(connection).position
    engine.dispose()
    return position


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a/b/lodestone.db"
    migrate(url)
    assert position_in(url) == 0


def test_a_path_that_cannot_be_written_is_unavailable_and_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(errors.Unavailable, match=f"{tmp_path}/file/lodestone.db"):
        migrate(f"sqlite:///{tmp_path}/file/lodestone.db")
    with pytest.raises(errors.Unavailable, match=str(tmp_path)):
        migrate(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize("url", ["", "lodestone.db", "mysql://root:secret@/x", "sqlite://", "sqlite:///:memory:"])
def test_a_database_of_another_kind_is_unavailable_and_its_password_is_kept(url: str) -> None:
    with pytest.raises(errors.Unavailable) as refusal:
        engine_for(url)
    assert "secret" not in refusal.value.detail


def test_the_short_name_of_postgresql_is_taken(postgresql_url: str) -> None:
    assert position_in(postgresql_url.replace("postgresql://", "postgres://")) == 0


def test_migrating_again_changes_nothing(database_url: str) -> None:
    migrate(database_url)
    assert position_in(database_url) == 0


def test_processes_that_start_together_migrate_a_new_sqlite_file_once(lodestone_command: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/lodestone.db"
    assert migrated_by_processes(lodestone_command, url, 4) == [0, 0, 0, 0]
    assert position_in(url) == 0


def test_processes_that_start_together_migrate_a_new_postgresql_database_once(
    lodestone_command: Path, postgresql_url: str, postgresql_admin: psycopg.Connection
) -> None:
    name = f"{make_url(postgresql_url).database}_new"
    postgresql_admin.execute(f'CREATE DATABASE "{name}"')
    url = make_url(postgresql_url).set(database=name).render_as_string(hide_password=False)
    try:
        assert migrated_by_processes(lodestone_command, url, 4) == [0, 0, 0, 0]
        assert position_in(url) == 0
    finally:
        postgresql_admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_a_reader_cannot_write_in_postgresql(postgresql_url: str) -> None:
    engine = engine_for(postgresql_url)
    with pytest.raises(errors.Unavailable, match="read-only"), reading(engine) as connection:
        connection.execute(text("UPDATE head SET epoch = epoch + 1"))
    engine.dispose()


def test_a_reader_sees_one_state_to_its_end(engine: Engine) -> None:
    epoch = text("SELECT epoch FROM head")
    with reading(engine) as connection:
        before = connection.execute(epoch).scalar_one()
        with writing(engine) as other:
            other.execute(text("UPDATE head SET epoch = epoch + 1"))
        assert connection.execute(epoch).scalar_one() == before
    with reading(engine) as connection:
        assert connection.execute(epoch).scalar_one() == before + 1


def test_a_failed_block_leaves_nothing_behind(engine: Engine) -> None:
    with pytest.raises(ArithmeticError), writing(engine) as connection:
        connection.execute(text("UPDATE head SET epoch = epoch + 1"))
        raise ArithmeticError
    with reading(engine) as connection:
        assert read_head(connection).epoch == 1


def test_sqlite_is_opened_for_durability(sqlite_url: str) -> None:
    full = 2
    expected = {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "journal_size_limit": WAL_KEPT_BYTES,
        "busy_timeout": 10_000,
    }
    with opened(sqlite_url) as engine, reading(engine) as connection:
        pragmas = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in expected}
    assert pragmas == expected


def test_a_table_is_looked_for_without_making_a_database(database_url: str, tmp_path: Path) -> None:
    assert has_table(database_url, "events")
    assert not has_table(database_url, "nothing")
    assert not has_table(f"sqlite:///{tmp_path}/folder/none.db", "events")
    assert not (tmp_path / "folder").exists()


def test_a_database_whose_file_is_missing_is_told_by_its_file(sqlite_url: str, tmp_path: Path) -> None:
    file = f"{tmp_path}/none.db"
    assert missing_file(f"sqlite:///{file}") == file
    assert missing_file(sqlite_url) is None
    assert missing_file("postgresql://db/none") is None
    assert not Path(file).exists()


def test_a_database_takes_more_room_with_more_in_it(engine: Engine) -> None:
    with reading(engine) as connection:
        before = size_bytes(connection)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE much (text TEXT)"))
        connection.execute(text("INSERT INTO much VALUES (:text)"), {"text": os.urandom(500_000).hex()})
    with reading(engine) as connection:
        assert before > 0
        assert 500_000 < size_bytes(connection) - before < 5_000_000


def test_the_write_ahead_log_of_a_file_has_a_size_and_that_of_a_server_none(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE head SET epoch = epoch + 1"))
    with reading(engine) as connection:
        found, file = wal_bytes(connection), Path(f"{engine.url.database}-wal")
    if engine.dialect.name == "sqlite":
        assert found == file.stat().st_size > 0
    else:
        assert found is None


@pytest.mark.parametrize(("set_to", "is_"), [("off", "on"), ("local", "on"), ("remote_apply", "remote_apply")])
def test_postgresql_acknowledges_nothing_that_a_crash_takes_away(postgresql_url: str, set_to: str, is_: str):
    engine = engine_for(f"{postgresql_url}&options=-c%20synchronous_commit%3D{set_to}")
    with writing(engine) as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar_one() == is_
    engine.dispose()


def test_postgresql_speaks_utc(postgresql_url: str) -> None:
    engine = engine_for(postgresql_url)
    with reading(engine) as connection:
        assert connection.execute(text("SELECT now()")).scalar_one().utcoffset() == timedelta(0)
    engine.dispose()


def test_a_connection_in_use_when_its_engine_is_closed_is_closed_when_it_is_given_back(postgresql_url: str) -> None:
    engine = engine_for(postgresql_url)
    with engine.connect() as in_use:
        driver: Any = in_use.connection.driver_connection
        close(engine)
        assert not driver.closed
    assert driver.closed
    with engine.connect() as opened_later:
        driver = opened_later.connection.driver_connection
    assert driver.closed


def test_a_locked_sqlite_file_is_unavailable_in_the_end(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.log.database.LOCK_TIMEOUT_S", 0.05)
    engine = engine_for(sqlite_url)
    with writing(engine), pytest.raises(errors.Unavailable, match="locked"), writing(engine):
        pass
    engine.dispose()
