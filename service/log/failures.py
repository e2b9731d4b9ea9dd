"""What a database says when it fails, in words for clients.

A driver's own words name hosts, roles, files and statements. They go into the log, and to whoever runs a command on the
machine itself; a client is told what it can do.
"""

from dataclasses import dataclass

import psycopg

from service.errors import TookTooLong, Unavailable


@dataclass(frozen=True, slots=True)
class Failure:
    """One kind of failure. `reconnect`: a connection that said so is of no use any more."""

    said: str
    retry_after_s: int = 1
    reconnect: bool = False
    lasting: bool = False
    """Whether it stays until somebody does something about the database."""


AWAY = Failure("The database cannot be reached.", reconnect=True)
BUSY = Failure("The database has too much to do: no connection, lock or memory came free in time.")
FULL = Failure("The disk of the database is full.", retry_after_s=30)
READ_ONLY = Failure("The database only takes reads now: a standby, or set so.", retry_after_s=5, reconnect=True)
UNREADABLE = Failure("The file of the database cannot be read or written.", retry_after_s=5, reconnect=True)
DAMAGED = Failure("The database is damaged, or is none: see docs/runbook.md.", retry_after_s=60, lasting=True)
NO_TABLES = Failure("The database lacks tables or columns: run `lodestone db upgrade`.", retry_after_s=30, lasting=True)
NO_RIGHTS = Failure(
    "The database's role lacks a right: run `lodestone db init` as the owner.", retry_after_s=30, lasting=True
)
OTHER = Failure("The database failed.")
STOPPED = ("57014", "SQLITE_INTERRUPT")
KINDS: dict[str, Failure] = {
    # PostgreSQL, by SQLSTATE or its first two characters.
    "08": AWAY,
    "57P": AWAY,
    "25006": READ_ONLY,
    "53100": FULL,
    "53": BUSY,
    "55P03": BUSY,
    "40": BUSY,
    "42P01": NO_TABLES,
    "42703": NO_TABLES,
    "3F000": NO_TABLES,
    "42501": NO_RIGHTS,
    "XX001": DAMAGED,
    "XX002": DAMAGED,
    "58": DAMAGED,
    # SQLite, by the name of its result.
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
    "SQLITE_FULL": FULL,
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_IOERR": UNREADABLE,
    "SQLITE_CANTOPEN": UNREADABLE,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": DAMAGED,
}
# What psycopg raises by itself, without a code of the server's.
NO_ANSWER = (psycopg.OperationalError, psycopg.InterfaceError)
# SQLite has one name for every statement that it cannot run.
SQLITE_LACKS = ("no such table", "no such column")


def failure_of(error: BaseException) -> Failure:
    """The kind of a driver's error."""
    code = _code(error)
    if code == "SQLITE_ERROR" and str(error).startswith(SQLITE_LACKS):
        return NO_TABLES
    if not code:
        return AWAY if isinstance(error, NO_ANSWER) else OTHER
    return next((kind for beginning, kind in KINDS.items() if code.startswith(beginning)), OTHER)


def unavailable(error: BaseException, where: str) -> Unavailable:
    """What a driver's error is to whoever asked; `where` names the database, in the log alone."""
    if _code(error) in STOPPED:
        return TookTooLong("The database worked on this for longer than it may, and was stopped.")
    failure = failure_of(error)
    lines = str(error).strip().splitlines() or [type(error).__name__]
    told = Unavailable(failure.said, cause=f"{where}: {lines[0]}")
    told.retry_after_s, told.lasting = failure.retry_after_s, failure.lasting
    return told


def _code(error: BaseException) -> str:
    return getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None) or ""
