"""Whether a database is one that this version of the register can serve."""

from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect, text

from service.errors import Unavailable
from service.log.tables import head

VERSION_TABLE = "alembic_version"
EMPTY = "The database is empty: run `lodestone db upgrade`."
FOREIGN = "The database holds tables of another program: name an empty one in LODESTONE_DATABASE_URL."
OLDER = "The database's tables are of an older version: run `lodestone db upgrade`."
NEWER = "The database's tables are of a newer version of Lodestone: install that version, or restore a backup."
ENCODING = "The database writes texts as {}: create one with ENCODING 'UTF8' and name it in LODESTONE_DATABASE_URL."


def migrations() -> Path:
    """The folder of migrations: beside the package in a checkout, inside it in an installed wheel."""
    package = Path(__file__).parents[1]
    for folder in (package / "_alembic", package.parent / "alembic"):
        if (folder / "env.py").is_file():
            return folder
    raise Unavailable(f"The migrations are missing: neither {package}/_alembic nor {package.parent}/alembic.")


def migration_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations()).replace("%", "%%"))
    return config


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(migration_config())


def foreign(connection: Connection) -> str | None:
    """Why nothing may be made in the database, as a sentence; None where the register's tables may be."""
    query = "SHOW server_encoding" if connection.dialect.name == "postgresql" else "PRAGMA encoding"
    encoding = str(connection.execute(text(query)).scalar_one())
    if encoding.replace("-", "") != "UTF8":
        return ENCODING.format(encoding)
    tables = set(inspect(connection).get_table_names())
    if tables and not {VERSION_TABLE, head.name} <= tables:
        return FOREIGN
    found = _version(connection) if tables else None
    try:
        _scripts().get_revision(found or "head")
    except CommandError:
        return NEWER
    return None


def lacking(connection: Connection) -> str | None:
    """What the database lacks before it can be served, as a sentence that says what to run; None where nothing."""
    if refused := foreign(connection):
        return refused
    if not inspect(connection).has_table(head.name):
        return EMPTY
    return None if _version(connection) == _scripts().get_current_head() else OLDER


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
