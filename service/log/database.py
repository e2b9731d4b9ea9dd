"""The one place where SQLite and PostgreSQL differ: engines, transactions, migrations."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy import exc as sqlalchemy_errors

from service import errors

LOCK_TIMEOUT_S = 10

_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
}

# Any number, the same for every process: it names the lock under which one of them migrates.
_MIGRATION_LOCK = 5_639_871_204

# Alembic keeps its context in module globals, so two threads of one process must not migrate at once.
_migrating = threading.Lock()


def engine_for(url: str, statement_timeout_s: int | None = None) -> Engine:
    """An engine for `sqlite:///file` or `postgresql://…`, the driver chosen here. Makes an SQLite file's folder.

    A statement that works longer than `statement_timeout_s` is stopped: `reading` and `writing` raise TookTooLong.
    Raises Unavailable for a URL of another kind, and where the folder cannot be made.
    """
    parsed = _with_driver(url)
    if parsed.get_backend_name() == "sqlite":
        engine = _sqlite_engine(parsed)
        if statement_timeout_s is not None:
            _limit_sqlite(engine, statement_timeout_s)
        return engine
    engine = create_engine(parsed, pool_size=10, max_overflow=10, pool_timeout=LOCK_TIMEOUT_S)
    event.listen(engine, "connect", _prepare_postgresql)
    if statement_timeout_s is not None:
        _limit_postgresql(engine, statement_timeout_s)
    return engine


def _with_driver(url: str) -> URL:
    try:
        parsed = make_url(url)
        return parsed.set(drivername=_DRIVERS[parsed.drivername.partition("+")[0]])
    except (sqlalchemy_errors.ArgumentError, KeyError):
        # The URL itself is not repeated: it may hold a password.
        raise errors.Unavailable("The database's URL must begin with sqlite:/// or postgresql://.") from None


def _sqlite_engine(url: URL) -> Engine:
    file = url.database
    if not file or file == ":memory:":
        raise errors.Unavailable("The log needs a file: a database in memory is lost with its connection.")
    try:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise errors.Unavailable(f"The folder of the database {file} cannot be made: {error.strerror}.") from error
    engine = create_engine(url, connect_args={"timeout": LOCK_TIMEOUT_S}, pool_size=10, max_overflow=10)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
        cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT_S}s'")
    connection.commit()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Left to itself the driver begins transactions late and leaves rows of a refused one behind: we send BEGIN.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {LOCK_TIMEOUT_S * 1000}")
    _switch_to_wal(connection)
    # NORMAL loses acknowledged rows in a power cut.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # Without it INSERT OR REPLACE deletes a row past the trigger that forbids it.
    connection.execute("PRAGMA recursive_triggers = ON")


def _limit_postgresql(engine: Engine, timeout_s: int) -> None:
    def prepare(connection: Any, _record: object) -> None:
        connection.execute(f"SET statement_timeout = '{timeout_s}s'")
        connection.commit()

    event.listen(engine, "connect", prepare)


def stopper(engine: Engine) -> Callable[[], None]:
    """What ends all work of an engine when it is called: statements that run are stopped, others do not begin.

    A thread cannot be ended from outside, and a process ends only after its threads. Those that read then raise
    TookTooLong or Unavailable.
    """
    in_use: set[Any] = set()
    stopped = threading.Event()

    def refuse(*_: object) -> None:
        if stopped.is_set():
            raise errors.Unavailable("The service is stopping.")

    def stop() -> None:
        stopped.set()
        for connection in tuple(in_use):
            stop_one = connection.interrupt if engine.dialect.name == "sqlite" else connection.cancel
            # PostgreSQL is asked over a connection of its own, which may take its time.
            threading.Thread(target=stop_one, daemon=True).start()

    event.listen(engine, "checkout", lambda connection, *_: in_use.add(connection))
    event.listen(engine, "checkin", lambda connection, *_: in_use.discard(connection))
    event.listen(engine, "before_cursor_execute", refuse)
    return stop


# Some hundred microseconds of SQLite's own work, between two looks at the clock.
_STEPS = 10_000


def _limit_sqlite(engine: Engine, timeout_s: int) -> None:
    """SQLite knows no deadline. It asks, every so many steps, whether to go on."""

    def prepare(connection: Any, record: Any) -> None:
        record.info["deadline"] = math.inf
        connection.set_progress_handler(lambda: time.monotonic() > record.info["deadline"], _STEPS)

    def begin(connection: Connection, *_: object) -> None:
        connection.info["deadline"] = time.monotonic() + timeout_s

    event.listen(engine, "connect", prepare)
    event.listen(engine, "before_cursor_execute", begin)


def _switch_to_wal(connection: Any) -> None:
    """SQLite does not wait for the lock here, whatever its busy_timeout: two processes may open a new file at once."""
    deadline = time.monotonic() + LOCK_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except Exception as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
        time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))


def missing_file(url: str) -> str | None:
    """The file that the URL names where there is none yet: opening it would make an empty one. None otherwise."""
    parsed = _with_driver(url)
    file = parsed.database if parsed.get_backend_name() == "sqlite" else None
    return file if file and file != ":memory:" and not Path(file).exists() else None


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """An engine for as long as the block lasts. Raises Unavailable, as `engine_for` does."""
    engine = engine_for(url)
    try:
        yield engine
    finally:
        engine.dispose()


def has_table(url: str, name: str) -> bool:
    """Whether there is such a table. Makes nothing: no database of a file, and no folder. Raises Unavailable."""
    parsed = _with_driver(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
        return False
    with opened(url) as engine, reading(engine) as connection:
        return inspect(connection).has_table(name)


def size_bytes(connection: Connection) -> int:
    """How much room the database takes, indexes and all; on SQLite without what is not yet taken over from its WAL."""
    if connection.dialect.name == "postgresql":
        query = "SELECT pg_database_size(current_database())"
    else:
        query = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    return int(connection.execute(text(query)).scalar_one())


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection whose statements all see one state of the database, and cannot write.

    Raises Unavailable where the database cannot be reached.
    """
    with _answering(engine), engine.connect() as plain:
        connection = plain
        if engine.dialect.name == "postgresql":
            connection = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that commits at the end of the block, and leaves nothing behind where the block raises.

    SQLite takes its write lock at the beginning, so that a read in it cannot be overtaken; PostgreSQL locks rows:
    whoever appends to the log takes `read.locked_head` first. Raises Unavailable.
    """
    with _answering(engine), engine.connect() as plain:
        connection = plain.execution_options(sqlite_begin="BEGIN IMMEDIATE")
        with connection.begin() as transaction:
            yield connection
            _commit(transaction)


def _commit(transaction: Any) -> None:
    try:
        transaction.commit()
    except sqlalchemy_errors.DBAPIError as error:
        if not error.connection_invalidated:
            raise
        raise errors.Unavailable(
            "The database went away during the commit: the events may or may not be stored. "
            "Sending them again with the same ids is safe."
        ) from error


@contextmanager
def _answering(engine: Engine) -> Iterator[None]:
    """Turns what a database says when it is away, locked, read-only or full into Unavailable."""
    try:
        yield
    except (sqlalchemy_errors.OperationalError, sqlalchemy_errors.TimeoutError) as error:
        if _stopped(getattr(error, "orig", None)):
            raise errors.TookTooLong("The database worked on this for longer than it may, and was stopped.") from error
        said = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise errors.Unavailable(f"The database {_where(engine.url)} cannot be used: {said}.") from error


def _stopped(error: object) -> bool:
    """Whether the database says that it was told to stop a statement."""
    said = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    return said in ("57014", "SQLITE_INTERRUPT")


def _where(url: URL) -> str:
    return url.database or "" if url.get_backend_name() == "sqlite" else f"{url.database} at {url.host or 'its socket'}"


def migrate(url: str, version: str = "head") -> None:
    """Brings the tables to the newest version, or to an older one; does nothing where they are. Safe in several
    processes at once.

    All or nothing: both databases make tables inside a transaction. Raises Unavailable.
    """
    config = Config()
    config.set_main_option("script_location", str(_migrations()).replace("%", "%%"))
    engine = engine_for(url)
    try:
        with _migrating, writing(engine) as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            config.attributes["connection"] = connection
            command.upgrade(config, version)
    finally:
        engine.dispose()


def _migrations() -> Path:
    """The folder of migrations: beside the package in a checkout, inside it in an installed wheel."""
    package = Path(__file__).parents[1]
    for folder in (package / "_alembic", package.parent / "alembic"):
        if (folder / "env.py").is_file():
            return folder
    raise errors.Unavailable(f"The migrations are missing: neither {package}/_alembic nor {package.parent}/alembic.")
