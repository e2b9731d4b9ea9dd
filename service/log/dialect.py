"""How each database takes many rows, and many values, in one statement: in the drivers' own words, because putting each
row into a statement of SQLAlchemy's costs more than all else that is done for it.

PostgreSQL is given one array for each column, so a statement reads the same for any number of rows, and is prepared
once; very many rows go by COPY. SQLite runs one prepared statement for each row.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from sqlalchemy import Connection, Dialect, Row, Table
from sqlalchemy import exc as sqlalchemy_errors
from sqlalchemy.dialects import postgresql

_POSTGRESQL: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]

COPIED_FROM = 500
"""Rows. From so many on COPY, which takes two trips to the server, is quicker than arrays."""

Values = tuple[Any, ...]
"""One row, in the order of the table's columns; or what one statement binds."""


class Insert:
    """Inserts rows into a table. Those that are there already are `kept` as they are, or else refused."""

    def __init__(self, table: Table, *, kept: bool = False) -> None:
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        conflict = " ON CONFLICT DO NOTHING" if kept else ""
        types = [column.type.compile(dialect=_POSTGRESQL) for column in table.columns]
        self.kept = kept
        self.row = f"INSERT INTO {table.name} ({columns}) VALUES ({', '.join('?' * len(types))}){conflict}"  # noqa: S608
        self.arrays = (
            f"INSERT INTO {table.name} ({columns}) "  # noqa: S608
            f"SELECT * FROM unnest({', '.join(f'%b::{type_}[]' for type_ in types)}){conflict}"
        )
        self.copy = f"COPY {table.name} ({columns}) FROM STDIN"


Rows = Sequence[tuple[Insert, Sequence[Values]]]


class Update:
    """A statement in which `?` stands for each value, in SQLite's way. It must change exactly one row."""

    def __init__(self, text: str) -> None:
        self.text = {"sqlite": text, "postgresql": text.replace("?", "%b")}


def write(connection: Connection, rows: Rows, update: Update, values: Values) -> bool:
    """Inserts rows, then updates one row; False where there is no such row to update.

    Raises what SQLAlchemy raises.
    """
    if connection.dialect.name == "postgresql":
        return _write_to_postgresql(connection, rows, update, values)
    insert(connection, rows)
    return connection.exec_driver_sql(update.text["sqlite"], values).rowcount == 1


def insert(connection: Connection, rows: Rows) -> None:
    """Inserts rows. Raises what SQLAlchemy raises."""
    for into, some in rows:
        if some and connection.dialect.name == "sqlite":
            connection.exec_driver_sql(into.row, list(some))
        elif some and _is_copied(into, some):
            _copy(connection, into, some)
        elif some:
            connection.exec_driver_sql(into.arrays, tuple(_arrays(some)))


def _write_to_postgresql(connection: Connection, rows: Rows, update: Update, values: Values) -> bool:
    """All that is not copied in one statement, so that a commit of few events takes one trip for it."""
    together = [(into, some) for into, some in rows if some and not _is_copied(into, some)]
    insert(connection, [(into, some) for into, some in rows if _is_copied(into, some)])
    text = _together(tuple(into for into, _ in together), update)
    arrays = [array for _, some in together for array in _arrays(some)]
    return connection.exec_driver_sql(text, (*arrays, *values)).rowcount == 1


def _is_copied(into: Insert, rows: Sequence[Values]) -> bool:
    return len(rows) >= COPIED_FROM and not into.kept


@cache
def _together(inserts: tuple[Insert, ...], update: Update) -> str:
    named = ", ".join(f"w{number} AS ({insert.arrays})" for number, insert in enumerate(inserts))
    return f"WITH {named} {update.text['postgresql']}" if inserts else update.text["postgresql"]


def _arrays(rows: Sequence[Values]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _copy(connection: Connection, into: Insert, rows: Sequence[Values]) -> None:
    driver: Any = connection.connection
    with _as_sqlalchemy_raises(connection), driver.cursor() as cursor, cursor.copy(into.copy) as copy:
        for row in rows:
            copy.write_row(row)


@contextmanager
def _as_sqlalchemy_raises(connection: Connection) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise sqlalchemy_errors.DBAPIError.instance(
            "COPY", (), error, psycopg.Error, dialect=connection.dialect
        ) from error


class Listed:
    """A query over a list of texts: `{listed}` stands where a table would, with the one column `value`."""

    def __init__(self, text: str) -> None:
        self.text = {
            "sqlite": text.format(listed="json_each(?) AS listed"),
            "postgresql": text.format(listed="unnest(%b::text[]) AS listed(value)"),
        }

    def rows(self, connection: Connection, values: Sequence[str]) -> Sequence[Row[Any]]:
        name = connection.dialect.name
        return connection.exec_driver_sql(self.text[name], (_BOUND[name](values),)).all() if values else ()


_BOUND: dict[str, Callable[[Sequence[str]], Any]] = {"sqlite": json.dumps, "postgresql": list}
