"""How each database takes many rows, and many values, in one statement: in the drivers' own words, because putting each
row into a statement of SQLAlchemy's costs more than all else that is done for it.

PostgreSQL is given one array for each column, so a statement reads the same for any number of rows, and is prepared
once; very many rows go by COPY. SQLite runs one prepared statement for each row.

The statements of an append go to the driver's own connection: what SQLAlchemy does around each of them took as much as
all else that an append of one event does.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect, Integer, LargeBinary, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

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
        self.texts = [_texts_of(column.type) for column in table.columns]
        self.row = f"INSERT INTO {table.name} ({columns}) VALUES ({', '.join('?' * len(types))}){conflict}"  # noqa: S608
        self.arrays = (
            f"INSERT INTO {table.name} ({columns}) "  # noqa: S608
            f"SELECT * FROM unnest({', '.join(f'%s::{type_}[]' for type_ in types)}){conflict}"
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
    return _changed(connection, update.text["sqlite"], values) == 1


def insert(connection: Connection, rows: Rows) -> None:
    """Inserts rows. Raises what SQLAlchemy raises."""
    for into, some in rows:
        if some and connection.dialect.name == "sqlite":
            with _driven(connection, into.row) as driver:
                driver.executemany(into.row, some)
        elif some and _is_copied(into, some):
            _copy(connection, into, some)
        elif some:
            _changed(connection, into.arrays, _arrays(into, some))


def fetch(connection: Connection, text: str, values: Sequence[Any] = ()) -> list[Values]:
    """The rows of a query in the driver's own words. Raises what SQLAlchemy raises."""
    with _driven(connection, text) as driver:
        found: list[Values] = driver.execute(text, values).fetchall()
    return found


def _changed(connection: Connection, text: str, values: Sequence[Any]) -> int:
    """How many rows a statement changed."""
    with _driven(connection, text) as driver:
        count: int = driver.execute(text, values).rowcount
    return count


@contextmanager
def _driven(connection: Connection, text: str) -> Iterator[Any]:
    """The driver's own connection, for one statement. Who listens to SQLAlchemy's statements hears of this one too:
    that is how limits are kept. What fails is raised, and told, as SQLAlchemy does."""
    for tell in connection.dispatch.before_cursor_execute:
        tell(connection, None, text, (), None, False)
    try:
        yield connection.connection.driver_connection
    except connection.dialect.loaded_dbapi.Error as error:
        # Nothing public does all of it: a connection that is lost takes its pool with it.
        connection._handle_dbapi_exception(error, text, None, None, None)
    for tell in connection.dispatch.after_cursor_execute:
        tell(connection, None, text, (), None, False)


def _write_to_postgresql(connection: Connection, rows: Rows, update: Update, values: Values) -> bool:
    """All that is not copied in one statement, so that a commit of few events takes one trip for it."""
    together = [(into, some) for into, some in rows if some and not _is_copied(into, some)]
    insert(connection, [(into, some) for into, some in rows if _is_copied(into, some)])
    text = _together(tuple(into for into, _ in together), update)
    arrays = [array for into, some in together for array in _arrays(into, some)]
    return _changed(connection, text, (*arrays, *values)) == 1


def _is_copied(into: Insert, rows: Sequence[Values]) -> bool:
    return len(rows) >= COPIED_FROM and not into.kept


@cache
def _together(inserts: tuple[Insert, ...], update: Update) -> str:
    named = ", ".join(f"w{number} AS ({insert.arrays})" for number, insert in enumerate(inserts))
    return f"WITH {named} {update.text['postgresql']}" if inserts else update.text["postgresql"]


def _arrays(into: Insert, rows: Sequence[Values]) -> list[str]:
    """The text of one array for each column: the driver takes three times as long to put its own form together."""
    columns = zip(*rows, strict=True)
    return [f"{{{','.join(texts(column))}}}" for texts, column in zip(into.texts, columns, strict=True)]


Texts = Callable[[Sequence[Any]], list[str]]
"""The values of a column as the text of an array has them."""


def _numbers(column: Sequence[int]) -> list[str]:
    """No such column of the log or of the read models may be NULL."""
    return [str(one) for one in column]


def _bytes(column: Sequence[bytes | None]) -> list[str]:
    return ["NULL" if one is None else f'"\\\\x{one.hex()}"' for one in column]


def _quoted(column: Sequence[str | None]) -> list[str]:
    return ["NULL" if one is None else _escaped(one) for one in column]


def _escaped(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _texts_of(type_: TypeEngine[Any]) -> Texts:
    return _numbers if isinstance(type_, Integer) else _bytes if isinstance(type_, LargeBinary) else _quoted


def _copy(connection: Connection, into: Insert, rows: Sequence[Values]) -> None:
    with _driven(connection, into.copy) as driver, driver.cursor() as cursor, cursor.copy(into.copy) as copy:
        for row in rows:
            copy.write_row(row)


class Locking:
    """A query of rows that nobody else may change until the transaction ends. SQLite's transactions that write are
    alone from their beginning."""

    def __init__(self, text: str) -> None:
        self.text = {"sqlite": text, "postgresql": f"{text} FOR UPDATE"}

    def rows(self, connection: Connection) -> Sequence[Values]:
        return fetch(connection, self.text[connection.dialect.name])


class Listed:
    """A query over a list of texts: `{listed}` stands where a table would, with the one column `value`.

    `{joined}(column, {line})` are the texts of several rows, a line each.
    """

    def __init__(self, text: str) -> None:
        self.text = {
            "sqlite": text.format(listed="json_each(?) AS listed", joined="group_concat", line="char(10)"),
            "postgresql": text.format(
                listed="unnest(%b::text[]) AS listed(value)", joined="string_agg", line="chr(10)"
            ),
        }

    def rows(self, connection: Connection, values: Sequence[str]) -> Sequence[Values]:
        name = connection.dialect.name
        return fetch(connection, self.text[name], (_BOUND[name](values),)) if values else ()


class Query:
    """A query in which `?` stands for a value, and `IN ?*` for any of a list of texts."""

    def __init__(self, text: str) -> None:
        self.text = {
            "sqlite": text.replace("IN ?*", "IN (SELECT value FROM json_each(?))"),
            "postgresql": text.replace("IN ?*", "= ANY(%b::text[])").replace("?", "%b"),
        }

    def rows(self, connection: Connection, values: Sequence[Any]) -> list[Values]:
        """Its rows. A list among the values is one of texts."""
        name = connection.dialect.name
        bound = [_BOUND[name](value) if isinstance(value, list) else value for value in values]
        return fetch(connection, self.text[name], bound)


_BOUND: dict[str, Callable[[Sequence[str]], Any]] = {"sqlite": json.dumps, "postgresql": list}
