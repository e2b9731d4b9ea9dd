"""The least that storing takes: the plain driver, one transaction, rows as they come."""

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import psycopg
from sqlalchemy import make_url

from bench.limits import Write, writer_of
from bench.measure import Spent

BODY = b"x" * 600
"""About what an event takes."""
WriteEntries = Callable[[int], None]
EVENT = (
    "position, id, stream, version, type, schema_version, effective, recorded_at, actor, metadata, payload_digest, hash"
)


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


@contextmanager
def appending(url: str) -> Iterator[Write]:
    """Commits the bodies that it is given, one row each. Each call of this is a client of its own."""
    write, lock = writer_of(url), threading.Lock()

    def alone(bodies: Sequence[bytes]) -> None:
        with lock:
            write(bodies)

    yield alone


@contextmanager
def bulk(url: str) -> Iterator[WriteEntries]:
    """Commits so many rows of events, and as many of payloads, into the log's own tables."""
    position = iter(range(1, 10**9))

    def rows(count: int) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        events, payloads = [], []
        for _ in range(count):
            at, digest = next(position), secrets.token_bytes(32)
            id_ = f"{at:08}-0000-4000-8000-{at:012}"
            events.append((at, id_, f"license/{at}", 1, "license.granted", 1, None, at, "bench", "{}", digest, digest))
            payloads.append((at, digest[:16], BODY.decode()))
        return events, payloads

    if is_sqlite(url):
        with closing(sqlite3.connect(make_url(url).database or "", isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            yield lambda count: _into_sqlite(connection, *rows(count))
    else:
        with psycopg.connect(url) as driver:
            yield lambda count: _into_postgresql(driver, *rows(count))


Rows = list[tuple[Any, ...]]


def _into_sqlite(connection: sqlite3.Connection, events: Rows, payloads: Rows) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(f"INSERT INTO events ({EVENT}) VALUES ({', '.join('?' * 12)})", events)
    connection.executemany("INSERT INTO payloads VALUES (?, ?, ?)", payloads)
    connection.execute("COMMIT")


def _into_postgresql(connection: "psycopg.Connection[Any]", events: Rows, payloads: Rows) -> None:
    with connection.cursor() as cursor:
        for statement, rows in ((f"COPY events ({EVENT}) FROM STDIN", events), ("COPY payloads FROM STDIN", payloads)):
            with cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
    connection.commit()


READ = "SELECT e.position, e.stream, p.payload FROM events e JOIN payloads p ON p.position = e.position ORDER BY 1"


def read_and_write(url: str, count: int) -> Spent:
    """Reads every event, parses its payload, and writes a row for each, in one commit."""
    started, cpu = time.perf_counter(), time.process_time()
    if is_sqlite(url):
        with closing(sqlite3.connect(make_url(url).database or "", isolation_level=None)) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS raw (position INTEGER PRIMARY KEY, body TEXT)")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM raw")
            connection.executemany("INSERT INTO raw VALUES (?, ?)", _parsed(connection.execute(READ)))
            connection.execute("COMMIT")
    else:
        with psycopg.connect(url) as driver:
            driver.execute("CREATE TABLE IF NOT EXISTS raw (position bigint PRIMARY KEY, body text)")
            driver.execute("TRUNCATE raw")
            rows = list(_parsed(driver.execute(READ)))
            with driver.cursor() as cursor, cursor.copy("COPY raw FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
    spent_s, cpu_s = time.perf_counter() - started, time.process_time() - cpu
    return Spent(count / spent_s, cpu_s / count * 1e6)


def _parsed(rows: Any) -> Iterator[tuple[int, str]]:
    for position, stream, payload in rows:
        yield position, f"{stream} {json.loads(payload)['source']['tier']}"
