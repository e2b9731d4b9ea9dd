"""What events are about: their own words and their stream's, in a group, after a redaction, and made anew."""

from collections.abc import Iterable, Iterator

import pytest
from sqlalchemy import Engine, select

from service.domain.event import ProposedEvent, RecordedEvent
from service.errors import ConditionFailed
from service.log.about import _SO_FAR, index_all, of_each
from service.log.append import Log
from service.log.conditions import Condition
from service.log.database import engine_for, reading, writing
from service.log.tables import subjects
from tests.log.examples import decide, project_nothing, proposed
from tests.log.test_concurrency import Gate


def names(event: RecordedEvent) -> Iterable[str]:
    named: list[str] = event.data.get("names", [])
    return named


@pytest.fixture
def naming(engine: Engine) -> Iterator[Log]:
    with Log(engine, decide, project_nothing, subjects=names) as log:
        yield log


def about(engine: Engine) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    with reading(engine) as connection:
        for row in connection.execute(select(subjects)):
            found.setdefault(row.position, set()).add(row.subject)
    return found


def that(stream: str, *named: str) -> ProposedEvent:
    return proposed(stream, data={"names": list(named)})


def test_an_event_is_about_what_its_stream_was_about_before(engine: Engine, naming: Log) -> None:
    naming.append([that("license/a", "CN"), that("license/b", "US")], "ann")
    naming.append([that("license/a"), that("license/a", "IN"), that("license/c")], "ann")
    naming.append([that("license/a")], "ann")
    expected = {1: {"CN"}, 2: {"US"}, 3: {"CN"}, 4: {"CN", "IN"}, 6: {"CN", "IN"}}
    assert about(engine) == expected
    with writing(engine) as connection:
        index_all(connection, names)
    assert about(engine) == expected


def test_what_events_are_about_is_found_by_their_positions(engine: Engine, naming: Log) -> None:
    naming.append([that("license/a", "CN"), that("license/a", "IN"), that("license/b"), that("license/c", "US")], "ann")
    with reading(engine) as connection:
        assert of_each(connection, [2, 3, 4]) == {2: {"CN", "IN"}, 4: {"US"}}
        assert of_each(connection, []) == {}


def test_a_refused_event_leaves_nothing_to_be_about(engine: Engine, naming: Log) -> None:
    naming.append([that("license/a", "CN")], "ann")
    with pytest.raises(ConditionFailed):
        naming.append([that("license/a", "US")], "ann", condition=Condition(0))
    naming.append([that("license/a")], "ann")
    assert about(engine) == {1: {"CN"}, 2: {"CN"}}


def test_a_condition_holds_against_what_a_stream_is_about(naming: Log) -> None:
    naming.append([that("license/a", "CN"), that("license/a")], "ann")
    with pytest.raises(ConditionFailed):
        naming.append([that("license/b")], "ann", condition=Condition(1, subject="CN"))
    naming.append([that("license/b")], "ann", condition=Condition(2, subject="CN"))


def test_what_a_redacted_event_named_leaves_the_whole_stream(engine: Engine, naming: Log) -> None:
    first, *_ = naming.append([that("license/a", "CN", "secret"), that("license/a", "IN")], "ann").events
    gone = proposed("license/a", type="record.redacted", data={"event": first.id}, refers_to=first.id, redacts=True)
    naming.append([gone], "ann")
    assert about(engine) == {2: {"IN"}, 3: {"IN"}}
    naming.append([that("license/a")], "ann")
    assert about(engine)[4] == {"IN"}


def test_a_condition_holds_against_what_was_accepted_before_it_in_the_same_group(engine: Engine) -> None:
    gate = Gate()
    with Log(engine, gate.decide, project_nothing, subjects=names) as log:
        first = log.submit([that("license/first")], "ann")
        gate.reached.wait(timeout=10)
        named = log.submit([that("license/a", "CN")], "ann")
        met, other = (
            log.submit([that("license/b")], "ann", condition=Condition(0, subject=subject)) for subject in ("CN", "US")
        )
        gate.open.set()
        assert [one.result(timeout=10).position for one in (first, named, other)] == [1, 2, 3]
        with pytest.raises(ConditionFailed, match="position 2"):
            met.result(timeout=10)


def test_what_an_append_looks_up_reads_no_table_whole_in_a_plan_that_is_made_while_there_is_little(postgresql_url: str):
    engine = engine_for(postgresql_url)
    with reading(engine) as connection:
        asked = f"EXPLAIN (GENERIC_PLAN) {_SO_FAR.text['postgresql'].replace('%b', '$1')}"
        plan = [row[0] for row in connection.exec_driver_sql(asked)]
    engine.dispose()
    assert any("events" in line for line in plan)
    assert not [line for line in plan if "Seq Scan" in line]
