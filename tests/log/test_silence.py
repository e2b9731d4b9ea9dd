"""A PostgreSQL that gives no answer and no error either."""

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from service.errors import OutcomeUnknown, Unavailable
from service.log import limits, silence
from service.log.database import engine_for, reading, writing
from service.log.limits import Limits

SILENT_S = 0.4
SLEEPS = text("SELECT pg_sleep(20)")
SLEEPS_AT_COMMIT = """
CREATE TABLE slow (x int);
CREATE FUNCTION sleep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(20); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION sleep();
"""


@pytest.fixture
def engine(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setattr(limits, "WAITS_S", SILENT_S / 2)
    monkeypatch.setattr(limits, "GRACE_S", SILENT_S / 2)
    monkeypatch.setattr(silence, "LOOK_S", 0.02)
    engine = engine_for(postgresql_url, Limits(hold_timeout_s=60))
    yield engine
    engine.dispose()


def test_a_statement_that_is_not_answered_is_given_up_and_the_next_connection_is_a_new_one(engine: Engine):
    started_s = time.monotonic()
    with pytest.raises(Unavailable) as told, reading(engine) as connection:
        connection.execute(SLEEPS)
    assert not isinstance(told.value, OutcomeUnknown)
    assert SILENT_S <= time.monotonic() - started_s < 10
    with reading(engine) as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


def test_whether_a_commit_that_is_not_answered_stands_is_not_known(engine: Engine):
    with writing(engine) as connection:
        connection.execute(text(SLEEPS_AT_COMMIT))
    with pytest.raises(OutcomeUnknown), writing(engine) as connection:
        connection.execute(text("INSERT INTO slow VALUES (1)"))


def test_who_works_long_between_two_statements_keeps_the_connection(engine: Engine):
    with reading(engine) as connection:
        connection.execute(text("SELECT 1"))
        time.sleep(2 * SILENT_S)
        assert connection.execute(text("SELECT 2")).scalar_one() == 2


def test_an_engine_that_may_take_its_time_is_waited_for(postgresql_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "WAITS_S", 0.0)
    monkeypatch.setattr(limits, "GRACE_S", 0.0)
    monkeypatch.setattr(silence, "LOOK_S", 0.02)
    engine = engine_for(postgresql_url)
    with reading(engine) as connection:
        assert connection.execute(text("SELECT 1 FROM pg_sleep(0.2)")).scalar_one() == 1
    engine.dispose()
