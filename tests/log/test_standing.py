"""Which databases are served: those of this version, and of any other it is said what to do."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text

from service.errors import Unavailable
from service.log import standing
from service.log.database import migrate, opened, reading, writing

New = Callable[[str], str]


@pytest.fixture(params=["sqlite", "postgresql"])
def new(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[New]:
    """Makes a database without tables; of PostgreSQL with an encoding."""
    if request.param == "sqlite":
        yield lambda _encoding: f"sqlite:///{tmp_path}/new.db"
        return
    admin: psycopg.Connection = request.getfixturevalue("postgresql_admin")
    server, name = request.getfixturevalue("postgresql_server"), "lodestone_standing"

    def create(encoding: str) -> str:
        admin.execute(f"CREATE DATABASE {name} ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
        return make_url(server).set(drivername="postgresql", database=name).render_as_string(hide_password=False)

    yield create
    admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def lacks(url: str) -> str | None:
    with opened(url) as engine, reading(engine) as connection:
        return standing.lacking(connection)


def execute(url: str, statement: str) -> None:
    with opened(url) as engine, writing(engine) as connection:
        connection.execute(text(statement))


def test_a_migrated_database_lacks_nothing(database_url: str):
    assert lacks(database_url) is None


def test_an_empty_database_is_to_be_migrated(new: New):
    url = new("UTF8")
    assert lacks(url) == standing.EMPTY
    migrate(url)
    assert lacks(url) is None


@pytest.mark.parametrize("table", ["users", "alembic_version", "head"])
def test_a_database_of_another_program_is_neither_served_nor_migrated(new: New, table: str):
    url = new("UTF8")
    execute(url, f"CREATE TABLE {table} (version_num varchar(32))")
    assert lacks(url) == standing.FOREIGN
    with pytest.raises(Unavailable, match="another program"):
        migrate(url)


def test_tables_of_an_older_version_are_to_be_migrated(new: New):
    url = new("UTF8")
    migrate(url, "0009")
    assert lacks(url) == standing.OLDER
    migrate(url)
    assert lacks(url) is None


def test_tables_of_a_newer_version_are_left_alone(database_url: str):
    execute(database_url, "UPDATE alembic_version SET version_num = '9999'")
    assert lacks(database_url) == standing.NEWER
    with pytest.raises(Unavailable, match="newer version"):
        migrate(database_url)


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
@pytest.mark.parametrize("new", ["postgresql"], indirect=True)
def test_a_server_that_writes_texts_otherwise_is_neither_served_nor_migrated(new: New, encoding: str):
    url = new(encoding)
    assert lacks(url) == standing.ENCODING.format(encoding)
    with pytest.raises(Unavailable, match=encoding):
        migrate(url)
