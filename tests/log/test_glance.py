"""A glance at the end of the log tells what the database tells, and nothing where it cannot."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from service.log.append import Log
from service.log.database import at_hand, reading
from service.log.glance import Glance
from service.log.read import Head, read_head
from tests.log.examples import proposed


def end_of(engine: Engine) -> Head:
    with reading(engine) as connection:
        return read_head(connection)


def test_a_glance_sees_each_event_that_was_recorded_since(engine: Engine, log: Log):
    glance, empty = Glance(engine), end_of(engine)
    assert glance.shows(empty)
    for _ in range(2):
        before = end_of(engine)
        log.append([proposed()], "tests")
        assert not glance.shows(before)
        assert glance.shows(end_of(engine))
    glance.close()


@pytest.mark.parametrize("other", [{"position": 1}, {"root": b"x" * 32}, {"epoch": 7}])
def test_the_end_of_another_log_is_not_its_own(engine: Engine, other: dict[str, object]):
    glance = Glance(engine)
    assert not glance.shows(replace(end_of(engine), **other))  # type: ignore[arg-type]
    glance.close()


def test_a_glance_takes_no_place_of_the_pool(engine: Engine):
    glance = Glance(engine)
    assert glance.shows(end_of(engine))
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    glance.close()


def test_a_connection_that_was_lost_shows_nothing_once_and_is_opened_again(engine: Engine):
    glance, end = Glance(engine), end_of(engine)
    assert glance.shows(end)
    assert glance._held is not None
    glance._held.dbapi_connection.close()  # type: ignore[union-attr]
    assert not glance.shows(end)
    assert glance.shows(end)
    glance.close()


def test_a_glance_that_was_closed_shows_nothing(engine: Engine):
    glance = Glance(engine)
    glance.close()
    assert not glance.shows(end_of(engine))
    assert glance._held is None


def test_only_a_database_in_a_file_is_at_hand(engine: Engine):
    assert Glance(engine).at_hand == at_hand(engine) == (engine.dialect.name == "sqlite")
