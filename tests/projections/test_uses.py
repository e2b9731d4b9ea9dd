"""Uses of licenses: rows of their own, read back with the license that they draw on."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from service.domain.decide import decide
from service.log.append import Log
from service.log.database import engine_for, reading
from service.projections import licenses, project, uses
from service.projections.knowledge import recorded_through
from service.projections.rebuild import rebuild
from service.projections.versions import thing, things
from service.register.post import posted_of
from tests.answers.facts import JAY, MAGNETS, Event, corrected, fact, granted, repeated, retracted

LINE = {"commodity": MAGNETS, "quantity": {"value": "100", "unit": "KGM"}}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = engine_for(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def log(engine: Engine) -> Iterator[Log]:
    with Log(engine, decide, project) as log:
        yield log


def use(reference: str, slug: str = "l", published: str = "2025-06-01") -> Event:
    data = {"reference": reference, "day": "2025-06-01", "quantity": {"value": "10", "unit": "KGM"}}
    return fact(f"license/{slug}", "license.used", data, tier="holder", published=published)


def record(log: Log, *events: Event) -> None:
    log.append(posted_of({"events": list(events)}, most=100).events, actor="test")


def references(engine: Engine, at: int, slug: str = "l") -> list[str]:
    with reading(engine) as connection:
        found = thing(connection, licenses.MODEL, at, f"license/{slug}")
    assert found is not None
    return [use.reference for use in found.uses]


def rows(engine: Engine, table: Any) -> int:
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_a_use_adds_a_row_and_no_version_of_its_license(engine: Engine, log: Log):
    record(log, granted("l", JAY, lines=[LINE]), *(use(str(number)) for number in range(20)))
    assert (rows(engine, licenses.table), rows(engine, uses.table)) == (1, 20)
    assert references(engine, 21) == [str(number) for number in range(20)]


def test_the_uses_known_at_a_position_are_those_up_to_it(engine: Engine, log: Log):
    record(log, granted("l", JAY, lines=[LINE]), use("a"))
    record(log, use("b"))
    assert [references(engine, at) for at in (1, 2, 3)] == [[], ["a"], ["a", "b"]]


def test_what_speaks_of_a_use_is_kept_with_it(engine: Engine, log: Log):
    first = use("a")
    correction = corrected(first, reference="b")
    record(log, granted("l", JAY, lines=[LINE]), first, correction)
    record(log, repeated(first), retracted(correction))
    record(log, retracted(first))
    assert [references(engine, at) for at in (2, 3, 4, 5, 6)] == [["a"], ["b"], ["b"], ["a"], []]
    assert rows(engine, licenses.table) == 1


def test_uses_are_read_for_the_licenses_that_are_asked_for(engine: Engine, log: Log):
    record(log, granted("a", JAY, lines=[LINE]), granted("b", JAY, lines=[LINE], issuer="US"))
    record(log, use("1", "a"), use("2", "b"))
    with reading(engine) as connection:
        chinese = things(connection, licenses.MODEL, 4, country="CN")
        page = things(connection, licenses.MODEL, 4, after="license/a", limit=5)
    assert [[use.reference for use in found.uses] for found in (*chinese, *page)] == [["1"], ["2"]]


def test_a_rebuild_gives_the_same_uses_and_removes_the_old_rows(engine: Engine, log: Log):
    first = use("a")
    record(log, granted("l", JAY, lines=[LINE]), first, use("b"))
    record(log, retracted(first))
    before = [references(engine, at) for at in (1, 2, 3, 4)]
    rebuild(engine)
    assert [references(engine, at) for at in (1, 2, 3, 4)] == before
    assert rows(engine, uses.table) == 3


def test_the_source_of_a_use_counts_for_how_far_the_record_reaches(engine: Engine, log: Log):
    record(log, granted("l", JAY, lines=[LINE]), use("a", published="2025-09-01"))
    with reading(engine) as connection:
        through = [str(recorded_through(connection, "CN", at)) for at in (1, 2)]
    assert through == ["2025-05-01", "2025-09-01"]
