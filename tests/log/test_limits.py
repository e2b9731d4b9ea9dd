"""How long a statement may work, and what ends all work of an engine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, text

from service.errors import LodestoneError, TookTooLong, Unavailable
from service.log.database import engine_for, reading, stopper
from service.log.limits import Limits, hold

ENDLESS = text(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT max(i) FROM n"
)
LONGER = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT max(i) FROM n")
"""SQLite looks at the clock some times meanwhile."""
QUICK = text("SELECT position FROM head")


@contextmanager
def limited(url: str, limits: Limits) -> Iterator[Engine]:
    engine = engine_for(url, limits)
    yield engine
    engine.dispose()


def test_a_statement_that_works_too_long_is_stopped_and_the_next_one_is_answered(sqlite_url: str) -> None:
    with limited(sqlite_url, Limits(1, 0.05)) as engine:
        with pytest.raises(TookTooLong), reading(engine) as connection:
            connection.execute(ENDLESS)
        with reading(engine) as connection:
            assert connection.execute(QUICK).scalar_one() == 0


def test_a_statement_that_works_for_less_than_the_limit_is_answered(sqlite_url: str) -> None:
    with limited(sqlite_url, Limits(1, 60)) as engine, reading(engine) as connection:
        assert connection.execute(LONGER).scalar_one() == 20_000


def test_whoever_holds_a_connection_for_too_long_gets_no_further_statement(sqlite_url: str) -> None:
    refused = pytest.raises(TookTooLong, match="held the database")
    with limited(sqlite_url, Limits(1, None, 0)) as engine, refused, reading(engine) as connection:
        connection.execute(QUICK)
    with limited(sqlite_url, Limits(1, None, 60)) as engine, reading(engine) as connection:
        connection.execute(QUICK)


def test_a_connection_that_is_let_be_held_is_asked_no_more_how_long(sqlite_url: str) -> None:
    with limited(sqlite_url, Limits(1, None, 0)) as engine, engine.connect() as connection:
        hold(connection)
        assert connection.execute(QUICK).scalar_one() == 0
    refused = pytest.raises(TookTooLong, match="held the database")
    with limited(sqlite_url, Limits(1, None, 0)) as engine, engine.connect() as connection, refused:
        connection.execute(QUICK)


def test_what_runs_when_an_engine_is_stopped_ends_and_nothing_begins_afterwards(sqlite_url: str) -> None:
    engine = engine_for(sqlite_url)
    stop = stopper(engine)
    with reading(engine) as connection:
        assert connection.execute(QUICK).scalar_one() == 0
    ended: list[type[BaseException]] = []

    def work() -> None:
        try:
            with reading(engine) as connection:
                begun.set()
                connection.execute(ENDLESS)
        except LodestoneError as stopped:
            ended.append(type(stopped))

    begun = threading.Event()
    worker = threading.Thread(target=work)
    worker.start()
    assert begun.wait(10)
    while worker.is_alive():
        # The statement itself may begin a moment after the connection was taken.
        stop()
        worker.join(0.05)
    assert ended in ([TookTooLong], [Unavailable])
    with pytest.raises(Unavailable, match="stopping"), reading(engine) as connection:
        connection.execute(QUICK)
    engine.dispose()
