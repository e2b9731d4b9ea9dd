"""A register of an earlier version is carried over: its log as it is, its read models made anew."""

import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Connection, Engine, make_url, select, text

from service import seeds
from service.domain.decide import decide
from service.domain.event import RecordedEvent
from service.domain.subjects import subjects_of
from service.errors import Unavailable
from service.log import read
from service.log.about import about_each
from service.log.append import Log
from service.log.database import engine_for, migrate, reading, writing
from service.log.progress import silent
from service.log.tables import subjects
from service.log.verify import verify
from service.projections import licenses, project, restrictions
from service.projections.read_model import things
from service.projections.rebuild import rebuild, stands_at_head

BEFORE_LOOKUPS = "0008"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/lodestone.db"
        return
    server: str = request.getfixturevalue("postgresql_server")
    admin: psycopg.Connection = request.getfixturevalue("postgresql_admin")
    name = sql.Identifier(f"lodestone_empty_{uuid.uuid4().hex}")
    admin.execute(sql.SQL("CREATE DATABASE {}").format(name))
    yield (
        make_url(server)
        .set(drivername="postgresql", database=name.as_string(admin).strip('"'))
        .render_as_string(hide_password=False)
    )
    admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    """A register as the version before left it: the article in its log, and versions in its read models."""
    migrate(empty_url, BEFORE_LOOKUPS)
    engine = engine_for(empty_url)
    with Log(engine, decide, project_nothing) as log:
        seeds.load(log, seeds.read("article"), silent)
    with writing(engine) as connection:
        connection.execute(text("UPDATE read_models SET position = 15"))
        connection.execute(text("INSERT INTO restrictions VALUES (1, 'restriction/a', 1, 2, '[]', NULL, 'CN')"))
    migrate(empty_url)
    yield engine
    engine.dispose()


def project_nothing(_connection: Connection, _events: Sequence[RecordedEvent]) -> None:
    """The read models of that version are written by hand."""


def test_an_older_register_answers_nothing_and_takes_nothing_before_it_is_rebuilt(engine: Engine) -> None:
    assert not stands_at_head(engine)
    with Log(engine, decide, project) as log, pytest.raises(Unavailable, match="lodestone rebuild"):
        log.append([one.event for one in seeds.read("corpus")[:1]], actor="test")


def test_an_older_register_has_its_log_and_its_things_once_rebuilt(engine: Engine) -> None:
    assert rebuild(engine) == 15
    assert stands_at_head(engine)
    with reading(engine) as connection:
        assert verify(connection).position == 15
        assert things(connection, restrictions.MODEL, 15, country="CN")
        assert things(connection, licenses.MODEL, 15)


def test_the_events_of_an_older_register_are_about_what_their_streams_are_about(engine: Engine) -> None:
    with reading(engine) as connection:
        recorded = read.page(connection, limit=100)
        expected = about_each(recorded, {}, lambda event: subjects_of(event.stream, event.type, event.data))
        found: dict[int, set[str]] = {}
        for row in connection.execute(select(subjects)):
            found.setdefault(row.position, set()).add(row.subject)
    assert found == expected
    assert any("CN" in found[event.position] for event in recorded)
