"""What appending promises, on each side of each boundary."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, text

from service import errors
from service.domain.event import RecordedEvent
from service.log import read
from service.log.append import Log
from service.log.database import reading
from tests.log.examples import NOON, STREAM, correction, decide, project_nothing, proposed

WITH_ID = "5f0c2c1e-8d39-4f1e-9b39-0d0c7c1f6a11"
OTHER_ID = "0a8a4a08-6b0e-4f8b-8a4e-7d0e3c2a9b22"


def recorded(engine: Engine) -> list[RecordedEvent]:
    with reading(engine) as connection:
        return read.page(connection, limit=1_000)


def test_positions_count_the_log_and_versions_count_the_stream(log: Log, engine: Engine) -> None:
    log.append([proposed("license/a"), proposed("license/b"), proposed("license/a")], "ann")
    log.append([proposed("license/b")], "ann")
    assert [(e.position, e.stream, e.version) for e in recorded(engine)] == [
        (1, "license/a", 1),
        (2, "license/b", 1),
        (3, "license/a", 2),
        (4, "license/b", 2),
    ]


def test_what_is_answered_is_what_is_read_back(log: Log, engine: Engine) -> None:
    event = proposed(
        data={"text": 'Ø "\\\n\x00 公告 \U0001f600', "n": [1, None, True]}, metadata={"batch": "7"}, effective=None
    )
    appended = log.append([event], "ann")
    assert recorded(engine) == list(appended.events)
    assert appended.position == appended.events[-1].position
    assert not appended.repeated


def test_the_answer_names_the_last_position_of_the_batch(log: Log) -> None:
    assert log.append([proposed(), proposed()], "ann").position == 2


def test_an_event_without_an_id_is_given_one(log: Log) -> None:
    first, second = log.append([proposed(), proposed()], "ann").events
    assert first.id != second.id


def test_an_id_is_recorded_in_lower_case(log: Log, engine: Engine) -> None:
    log.append([proposed(id=WITH_ID.upper())], "ann")
    with reading(engine) as connection:
        assert (
            read.by_id(connection, WITH_ID)
            == read.by_id(connection, WITH_ID.upper())
            == read.by_position(connection, 1)
        )


def test_an_id_that_is_no_uuid_is_refused(log: Log, engine: Engine) -> None:
    for id_ in ("", "7", WITH_ID + "0", "{" + WITH_ID + "}"):
        with pytest.raises(errors.InvalidRequest, match="is not a UUID"):
            log.append([proposed(id=id_)], "ann")
    assert recorded(engine) == []


def test_an_empty_batch_is_refused(log: Log) -> None:
    with pytest.raises(errors.InvalidRequest):
        log.append([], "ann")


def test_a_nul_character_is_refused_on_every_database(log: Log, engine: Engine) -> None:
    for field in ("stream", "type", "effective"):
        with pytest.raises(errors.InvalidRequest, match=f"The {field} holds a NUL"):
            log.append([proposed(**{field: "a\x00b"})], "ann")
    with pytest.raises(errors.InvalidRequest, match="The actor holds a NUL"):
        log.append([proposed()], "a\x00b")
    assert recorded(engine) == []


def test_half_a_surrogate_pair_is_refused_wherever_it_stands(log: Log, engine: Engine) -> None:
    for fields in ({"data": {"a": "\ud800"}}, {"metadata": {"a": "\ud800"}}, {"effective": "\ud800"}):
        with pytest.raises(errors.InvalidRequest):
            log.append([proposed(**fields)], "ann")
    assert recorded(engine) == []


def test_an_expected_version_is_the_streams_length(log: Log, engine: Engine) -> None:
    log.append([proposed()], "ann")
    for wrong in (0, 2, -1):
        with pytest.raises(errors.VersionConflict, match="it is at 1") as refused:
            log.append([proposed(expected_version=wrong)], "ann")
        (fault,) = refused.value.errors
        assert (fault.pointer, fault.detail) == ("/expected_version", "the stream is at version 1")
    assert log.append([proposed(expected_version=1)], "ann").events[0].version == 2
    assert log.append([proposed(expected_version=None)], "ann").events[0].version == 3
    assert len(recorded(engine)) == 3


def test_expecting_no_stream_is_met_by_a_new_one(log: Log) -> None:
    assert log.append([proposed(expected_version=0)], "ann").events[0].version == 1


def test_an_expected_version_counts_earlier_events_of_the_batch(log: Log, engine: Engine) -> None:
    log.append([proposed(expected_version=0), proposed(expected_version=1)], "ann")
    with pytest.raises(errors.VersionConflict):
        log.append([proposed(expected_version=2), proposed(expected_version=2)], "ann")
    assert len(recorded(engine)) == 2


def test_a_batch_with_one_refused_event_leaves_nothing(log: Log, engine: Engine) -> None:
    with pytest.raises(errors.NothingToActOn):
        log.append([proposed("license/a"), proposed("license/b", type="license.used")], "ann")
    assert recorded(engine) == []
    log.append([proposed("license/b"), proposed("license/b", type="license.used")], "ann")
    assert [e.position for e in recorded(engine)] == [1, 2]


def test_a_refused_batch_leaves_its_streams_and_ids_free(log: Log) -> None:
    with pytest.raises(errors.NothingToActOn):
        log.append([proposed("license/a", id=WITH_ID), proposed("license/b", type="license.used")], "ann")
    assert not log.append([proposed("license/a", id=WITH_ID, expected_version=0)], "ann").repeated


def test_a_decision_sees_the_event_referred_to(log: Log) -> None:
    first = log.append([proposed()], "ann").events[0]
    log.append([correction(first.id), correction(first.id.upper())], "ann")
    with pytest.raises(errors.UnknownEvent):
        log.append([correction(OTHER_ID)], "ann")
    with pytest.raises(errors.UnknownEvent):
        log.append([correction(first.id, stream="license/other")], "ann")


def test_a_decision_sees_an_event_referred_to_earlier_in_the_batch_and_none_later(log: Log, engine: Engine) -> None:
    log.append([proposed(id=WITH_ID), correction(WITH_ID)], "ann")
    with pytest.raises(errors.UnknownEvent):
        log.append([correction(OTHER_ID), proposed(id=OTHER_ID)], "ann")
    assert len(recorded(engine)) == 2


def test_a_retry_gets_the_first_outcome_again(log: Log, engine: Engine) -> None:
    batch = [proposed(id=WITH_ID, expected_version=0), proposed("license/b", id=OTHER_ID)]
    first = log.append(batch, "ann")
    log.append([proposed()], "ann")
    again = log.append(batch, "ben")
    assert again.repeated
    assert (again.events, again.position) == (first.events, 2)
    assert len(recorded(engine)) == 3


def test_an_id_with_another_content_is_refused(log: Log, engine: Engine, subtests: pytest.Subtests) -> None:
    log.append([proposed(id=WITH_ID)], "ann")
    changes: list[dict[str, Any]] = [
        {"type": "license.reported"},
        {"stream": "license/other"},
        {"schema_version": 2},
        {"effective": None},
        {"data": {}},
        {"source": {}},
        {"metadata": {"batch": "7"}},
    ]
    for changed in changes:
        with subtests.test(str(changed)), pytest.raises(errors.IdConflict, match="position 1"):
            log.append([proposed(**({"id": WITH_ID} | changed))], "ann")
    assert len(recorded(engine)) == 1


def test_the_order_of_keys_is_no_content(log: Log) -> None:
    log.append([proposed(id=WITH_ID, data={"a": 1, "b": 2})], "ann")
    assert log.append([proposed(id=WITH_ID, data={"b": 2, "a": 1})], "ann").repeated


def test_one_id_twice_in_a_batch_is_refused(log: Log, engine: Engine) -> None:
    with pytest.raises(errors.IdConflict):
        log.append([proposed(id=WITH_ID), proposed(id=WITH_ID.upper())], "ann")
    assert recorded(engine) == []


def test_a_batch_of_recorded_and_new_ids_is_refused(log: Log, engine: Engine) -> None:
    log.append([proposed(id=WITH_ID)], "ann")
    for other in (proposed(id=OTHER_ID), proposed()):
        with pytest.raises(errors.PartlyRecorded):
            log.append([proposed(id=WITH_ID), other], "ann")
    assert len(recorded(engine)) == 1


def test_recorded_batches_may_be_repeated_in_another_cut(log: Log) -> None:
    log.append([proposed(id=WITH_ID)], "ann")
    log.append([proposed(id=OTHER_ID)], "ann")
    again = log.append([proposed(id=OTHER_ID), proposed(id=WITH_ID)], "ann")
    assert [e.position for e in again.events] == [2, 1]
    assert (again.position, again.repeated) == (2, True)


@pytest.fixture
def log_at(engine: Engine) -> Iterator[Callable[[datetime], Log]]:
    """Logs of one database whose clocks stand still."""
    opened: list[Log] = []

    def at(instant: datetime) -> Log:
        opened.append(Log(engine, decide, project_nothing, clock=lambda: instant))
        return opened[-1]

    yield at
    for log in opened:
        log.close()


def test_recorded_at_rises_by_a_microsecond_where_the_clock_stands_or_goes_back(
    log_at: Callable[[datetime], Log], engine: Engine
) -> None:
    log_at(NOON).append([proposed(), proposed()], "ann")
    log_at(NOON - timedelta(days=1)).append([proposed()], "ann")
    log_at(NOON + timedelta(microseconds=2)).append([proposed()], "ann")
    log_at(NOON + timedelta(seconds=1)).append([proposed()], "ann")
    microsecond = timedelta(microseconds=1)
    assert [e.recorded_at - NOON for e in recorded(engine)] == [
        0 * microsecond,
        1 * microsecond,
        2 * microsecond,
        3 * microsecond,
        timedelta(seconds=1),
    ]


def test_the_position_at_an_instant_is_the_last_one_recorded_by_then(
    log_at: Callable[[datetime], Log], engine: Engine
) -> None:
    log_at(NOON).append([proposed(), proposed()], "ann")
    microsecond = timedelta(microseconds=1)
    with reading(engine) as connection:
        assert read.position_at(connection, NOON - microsecond) == 0
        assert read.position_at(connection, NOON) == 1
        assert read.position_at(connection, NOON + microsecond) == 2
        assert read.position_at(connection, datetime.max.replace(tzinfo=UTC)) == 2


def test_the_projection_belongs_to_the_transaction(engine: Engine) -> None:
    def count_and_fail(connection: Connection, events: Sequence[RecordedEvent]) -> None:
        assert read.page(connection, after=events[0].position - 1) == list(events)
        raise ArithmeticError("a read model cannot follow")

    with Log(engine, decide, count_and_fail) as log, pytest.raises(ArithmeticError):
        log.append([proposed()], "ann")
    assert recorded(engine) == []
    with Log(engine, decide, project_nothing) as log:
        assert log.append([proposed()], "ann").position == 1


def test_a_projection_is_given_new_events_only(engine: Engine) -> None:
    seen: list[int] = []

    def see(connection: Connection, events: Sequence[RecordedEvent]) -> None:
        seen.extend(event.position for event in events)

    with Log(engine, decide, see) as log:
        log.append([proposed(id=WITH_ID)], "ann")
        log.append([proposed(id=WITH_ID)], "ann")
        log.append([proposed(), proposed()], "ann")
    assert seen == [1, 2, 3]


def test_a_closed_log_takes_nothing(log: Log) -> None:
    log.append([proposed()], "ann")
    log.close()
    log.close()
    with pytest.raises(errors.Unavailable):
        log.append([proposed()], "ann")


def test_pages_go_by_position_and_can_be_narrowed(log: Log, engine: Engine) -> None:
    log.append([proposed("license/a"), proposed("license/b", type="license.reported"), proposed("license/a")], "ann")
    with reading(engine) as connection:

        def positions(**narrowed: Any) -> list[int]:
            return [event.position for event in read.page(connection, **narrowed)]

        assert positions(after=1) == [2, 3]
        assert positions(after=3) == []
        assert positions(limit=2) == [1, 2]
        assert positions(stream="license/a", after=1) == [3]
        assert positions(types=["license.reported"]) == [2]
        assert positions(types=[]) == []
        assert positions(positions=[1, 3]) == [1, 3]


def test_all_events_are_read_in_batches_up_to_a_fixed_position(log: Log, engine: Engine) -> None:
    log.append([proposed() for _ in range(7)], "ann")
    with reading(engine) as connection:
        found = [[e.position for e in batch] for batch in read.batches(connection, through=6, after=1, size=2)]
    assert found == [[2, 3], [4, 5], [6]]


def test_the_events_of_a_stream_come_in_order(log: Log, engine: Engine) -> None:
    log.append([proposed(), proposed("license/other"), proposed()], "ann")
    with reading(engine) as connection:
        assert [e.position for e in read.stream_events(connection, STREAM)] == [1, 3]
        assert read.stream_events(connection, "license/none") == []
        assert read.by_id(connection, str(uuid4())) is None
        assert read.by_position(connection, 4) is None


def test_a_redacted_payload_leaves_its_event_and_its_hash(log: Log, engine: Engine) -> None:
    first = log.append([proposed(id=WITH_ID)], "ann").events[0]
    with engine.begin() as connection:
        connection.execute(text("UPDATE payloads SET payload = NULL, salt = NULL WHERE position = 1"))
    (redacted,) = recorded(engine)
    assert redacted.data == redacted.source == {"redacted": True}
    assert redacted.hash == first.hash
    assert log.append([proposed(id=WITH_ID, data={"other": True})], "ann").events == (redacted,)
    with pytest.raises(errors.IdConflict):
        log.append([proposed(id=WITH_ID, type="license.reported")], "ann")


def test_a_page_holds_a_hundred_events_where_nothing_else_is_said(log: Log, engine: Engine) -> None:
    log.append([proposed() for _ in range(101)], "ann")
    with reading(engine) as connection:
        assert [event.position for event in read.page(connection)] == list(range(1, 101))
