"""The one place where SQLite and PostgreSQL differ: engines, transactions, migrations."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, inspect, text
from sqlalchemy import exc as sqlalchemy_errors
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, QueuePool

from service import errors
from service.log.address import connector, is_postgresql, postgresql_options, sqlite_url
from service.log.failures import BUSY, failure_of, unavailable
from service.log.limits import UNLIMITED, Limits, limit
from service.log.standing import foreign, migration_config

LOCK_TIMEOUT_S = 10

MIGRATION_TIMEOUT_S = 600
"""How long a process waits for another one that migrates."""
POOL_TIMEOUT_S = 5
"""How long a request waits for a connection."""
WAL_KEPT_BYTES = 64_000_000
WARNING = "01000"

# Any number, the same for every process: it names the lock under which one of them migrates.
_MIGRATION_LOCK = 5_639_871_204

# Alembic keeps its context in module globals, so two threads of one process must not migrate at once.
_migrating = threading.Lock()


class WaitedPool(QueuePool):
    """Counts how long connections were waited for, or made. Added to without a lock: what two threads add in the same
    moment may be counted once."""

    waited_s = 0.0

    def _do_get(self) -> ConnectionPoolEntry:
        started_s = time.monotonic()
        try:
            return super()._do_get()
        finally:
            self.waited_s += time.monotonic() - started_s


def waited_s(engine: Engine) -> float:
    return engine.pool.waited_s if isinstance(engine.pool, WaitedPool) else 0.0


def engine_for(url: str, limits: Limits = UNLIMITED) -> Engine:
    """An engine for `sqlite:///file` or `postgresql://…`, the driver chosen here. Makes an SQLite file's folder.

    Raises Unavailable for a URL of another kind, and where the folder cannot be made.
    """
    pool: dict[str, Any] = {
        "pool_size": limits.connections,
        "max_overflow": 0,
        "pool_timeout": POOL_TIMEOUT_S,
        "pool_use_lifo": True,
        "poolclass": WaitedPool,
    }
    if is_postgresql(url):
        options = postgresql_options(url)
        name = URL.create(
            "postgresql+psycopg", host=str(options.get("host", "")), database=str(options.get("dbname", ""))
        )
        engine = create_engine(name, creator=connector(options), **pool)
        event.listen(engine, "connect", _prepare_postgresql)
    else:
        engine = _sqlite_engine(sqlite_url(url), pool)
    event.listen(engine, "handle_error", _renew)
    limit(engine, limits)
    return engine


def _renew(context: ExceptionContext) -> None:
    """Connections to a standby, or to a file that could not be written for a moment, would stay what they are: none of
    them is used again."""
    if context.connection is not None and failure_of(context.original_exception).reconnect:
        context.is_disconnect = True


def _sqlite_engine(url: URL, pool: Mapping[str, Any]) -> Engine:
    file = url.database
    if not file or file == ":memory:":
        raise errors.Unavailable("The log needs a file: a database in memory is lost with its connection.")
    try:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise errors.Unavailable(f"The folder of the database {file} cannot be made: {error.strerror}.") from error
    engine = create_engine(url, connect_args={"timeout": LOCK_TIMEOUT_S}, **pool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
        cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT_S}s'")
        # Set so for a server or a role, it would acknowledge what a crash or a lost machine takes away.
        cursor.execute(
            "SELECT set_config('synchronous_commit', 'on', false) "
            "WHERE current_setting('synchronous_commit') IN ('off', 'local')"
        )
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
    # After one long reader the file of the WAL would stay as large as it grew.
    connection.execute(f"PRAGMA journal_size_limit = {WAL_KEPT_BYTES}")


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


def close(engine: Engine) -> None:
    """Closes all connections of an engine: idle ones now, the others when they are given back.

    A task that is cancelled leaves its thread at work. Disposing alone would forget the connection that it holds.
    """
    event.listen(engine, "checkin", lambda _connection, record: record.invalidate())
    engine.dispose()


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
    file = None if is_postgresql(url) else sqlite_url(url).database
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
    if not is_postgresql(url) and not Path(sqlite_url(url).database or "").is_file():
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


def at_hand(engine: Engine) -> bool:
    """Whether one small read takes less than to have a thread make it: the database is a file."""
    return engine.dialect.name == "sqlite"


def apart(engine: Engine) -> PoolProxiedConnection:
    """A connection that is none of the pool's, each of whose statements sees the latest state, and waits for no lock.
    It is to be closed."""
    connection = engine.raw_connection()
    connection.detach()
    driver: Any = connection.dbapi_connection
    if engine.dialect.name == "postgresql":
        driver.autocommit = True
    else:
        driver.execute("PRAGMA busy_timeout = 0")
    return connection


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
            _commit(connection, transaction)


def _commit(connection: Connection, transaction: Any) -> None:
    told: list[str] = []
    # Read at once: what a notice holds is gone once it was handled.
    with _hearing(connection, lambda notice: told.append(notice.sqlstate)):
        try:
            transaction.commit()
        except sqlalchemy_errors.DBAPIError as error:
            if not error.connection_invalidated:
                raise
            raise errors.OutcomeUnknown("The database went away during the commit.") from error
    # PostgreSQL says so where it stopped waiting for its standby: the commit stands, and may be lost with this machine.
    if WARNING in told:
        raise errors.OutcomeUnknown("The database committed without waiting for its standby.")


@contextmanager
def _hearing(connection: Connection, hear: Callable[[Any], None]) -> Iterator[None]:
    """What PostgreSQL says beside its answers; SQLite says nothing."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name != "postgresql":
        yield
        return
    driver.add_notice_handler(hear)
    try:
        yield
    finally:
        driver.remove_notice_handler(hear)


@contextmanager
def _answering(engine: Engine) -> Iterator[None]:
    """Turns what a database says when it fails into Unavailable. What only a fault of this program can bring about, a
    broken constraint or a value that does not fit, stays what it is."""
    try:
        yield
    except sqlalchemy_errors.TimeoutError as error:
        raise errors.Unavailable(BUSY.said, cause=f"no connection came free in {POOL_TIMEOUT_S} s") from error
    except (sqlalchemy_errors.IntegrityError, sqlalchemy_errors.DataError):
        raise
    except (sqlalchemy_errors.DBAPIError, engine.dialect.loaded_dbapi.Error) as error:
        raise unavailable(getattr(error, "orig", None) or error, _where(engine.url)) from error


def _where(url: URL) -> str:
    return url.database or "" if url.get_backend_name() == "sqlite" else f"{url.database} at {url.host or 'its socket'}"


def wal_bytes(connection: Connection) -> int | None:
    """How large SQLite's write-ahead log is; None where the database keeps that to itself."""
    file = connection.engine.url.database
    if connection.dialect.name == "postgresql" or file is None:
        return None
    wal = Path(f"{file}-wal")
    return wal.stat().st_size if wal.exists() else 0


def _await_other_migrations(connection: Any, _record: object) -> None:
    connection.execute(f"PRAGMA busy_timeout = {MIGRATION_TIMEOUT_S * 1000}")


def migrate(url: str, version: str = "head") -> None:
    """Brings the tables to the newest version, or to an older one; does nothing where they are. Safe in several
    processes at once.

    All or nothing: both databases make tables inside a transaction. Raises Unavailable.
    """
    config = migration_config()
    engine = engine_for(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _await_other_migrations)
    try:
        with _migrating, writing(engine) as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"SET LOCAL lock_timeout = '{MIGRATION_TIMEOUT_S}s'"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            if refused := foreign(connection):
                raise errors.Unavailable(refused)
            config.attributes["connection"] = connection
            command.upgrade(config, version)
    finally:
        engine.dispose()
