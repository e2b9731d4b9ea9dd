"""Pages of the database that can no longer be read."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from service.cli import app
from service.errors import Tampered
from service.log.append import Log
from service.log.database import engine_for, reading, writing
from service.log.verify import verify
from tests.log.examples import decide, project_nothing, proposed

EVENTS, PAGE_BYTES = 60, 4096


def filled(engine: Engine) -> None:
    with Log(engine, decide, project_nothing) as log:
        batch = [proposed(f"license/number-{n}", data={"text": f"number {n} " + "x" * 1_000}) for n in range(EVENTS)]
        log.append(batch, "ann")


def damage(file: Path, holding: bytes) -> None:
    """Writes over the page of the file that holds some bytes."""
    content = bytearray(file.read_bytes())
    page = content.index(holding) // PAGE_BYTES * PAGE_BYTES
    content[page : page + PAGE_BYTES] = b"\xff" * PAGE_BYTES
    file.write_bytes(content)


def test_a_damaged_page_of_sqlite_is_named_by_its_first_position(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    engine = engine_for(sqlite_url)
    filled(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    damage(Path(sqlite_url.removeprefix("sqlite:///")), b"number 29 x")
    with pytest.raises(Tampered, match="damaged: the event at") as found, reading(engine) as connection:
        verify(connection)
    engine.dispose()
    position = found.value.position
    # A page holds the payloads of three events.
    assert position is not None and 28 <= position <= 30
    monkeypatch.setenv("LODESTONE_DATABASE_URL", sqlite_url)
    told = CliRunner().invoke(app, ["verify"])
    assert (told.exit_code, f"the event at {position} cannot be read" in told.stderr) == (1, True), told.output


UNREADABLE = """
CREATE FUNCTION readable(at bigint, said text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF at = 30 THEN RAISE EXCEPTION 'invalid page in block 7' USING ERRCODE = 'XX001'; END IF;
    RETURN said;
END $$
"""


def test_a_damaged_page_of_postgresql_is_named_by_its_position(postgresql_url: str):
    """The server's own refusal of a page that does not match its checksum, at the one event that stands in it."""
    engine = engine_for(postgresql_url)
    filled(engine)
    with writing(engine) as connection:
        connection.execute(text("ALTER TABLE payloads RENAME TO payloads_apart"))
        connection.execute(text(UNREADABLE))
        read = "SELECT position, salt, readable(position, payload) AS payload FROM payloads_apart"
        connection.execute(text(f"CREATE VIEW payloads AS {read}"))
    with pytest.raises(Tampered, match="the event at 30 cannot be read") as found, reading(engine) as connection:
        verify(connection)
    assert found.value.position == 30
    engine.dispose()


def test_a_database_that_is_lost_during_a_verification_is_not_called_damaged(postgresql_url: str):
    engine = engine_for(postgresql_url)
    filled(engine)
    with pytest.raises(Exception, match="cannot be reached"), reading(engine) as connection:
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    engine.dispose()
