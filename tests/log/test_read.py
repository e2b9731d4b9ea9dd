"""What is read of the log: pieces in its order, records of streams, positions by id."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine

from service.log import read
from service.log.append import Log
from service.log.database import reading
from tests.log.examples import SOURCE, proposed

STREAMS = ("license/a", "license/b", "license/c")


@pytest.fixture
def ids(log: Log) -> list[str]:
    """Of six events on three streams, in turn."""
    wanted = [proposed(STREAMS[number % 3], data={"n": number}, effective="2025-10-30") for number in range(6)]
    return [event.id for event in log.append(wanted, "ann").events]


def pieces(connection: Connection, through: int, after: int, size: int) -> list[list[int]]:
    return [[event.position for event in piece] for piece in read.batches(connection, through, after, size)]


def test_a_log_is_read_in_pieces_of_one_size_in_its_order(engine: Engine, ids: list[str]) -> None:
    with reading(engine) as connection:
        assert pieces(connection, 6, 0, 4) == [[1, 2, 3, 4], [5, 6]]
        assert pieces(connection, 5, 1, 2) == [[2, 3], [4, 5]]
        assert pieces(connection, 9, 6, 2) == pieces(connection, 3, 3, 2) == []
        entries = [[entry.event.id for entry in piece] for piece in read.entry_batches(connection, 6, 0, 5)]
    assert entries == [ids[:5], ids[5:]]


def test_what_events_say_is_read_after_a_position_as_far_as_is_asked(engine: Engine, ids: list[str]) -> None:
    with reading(engine) as connection:
        found = read.said(connection, 2, 3)
        (event,) = read.page(connection, after=2, limit=1)
    assert [(one.position, one.stream, one.version, one.data) for one in found] == [
        (3, "license/c", 1, {"n": 2}),
        (4, "license/a", 2, {"n": 3}),
        (5, "license/b", 2, {"n": 4}),
    ]
    first = found[0]
    assert (first.type, first.effective, first.source) == ("license.granted", "2025-10-30", SOURCE)
    assert first.recorded_at == event.recorded_at


@pytest.mark.parametrize("at_once", [1, 2, 500])
def test_records_are_read_stream_by_stream_up_to_a_position(engine: Engine, ids: list[str], at_once: int) -> None:
    with reading(engine) as connection:
        found = list(read.records(connection, ["license/a", "license/c", "license/none"], 5, at_once))
    assert [(stream, [one.position for one in records]) for stream, records, _ in found] == [
        ("license/a", [1, 4]),
        ("license/c", [3]),
    ]
    one = found[0][1][1]
    assert (one.id, one.type, one.schema_version, one.effective) == (ids[3], "license.granted", 1, "2025-10-30")
    assert (one.data, one.source, one.recorded_on) == ({"n": 3}, SOURCE, datetime.now(UTC).date())
    sizes = [size for _, _, size in found]
    assert sizes[0] == 2 * sizes[1] > 2 * read.ROW_BYTES


def test_positions_entries_and_references_are_found_by_their_ids(engine: Engine, ids: list[str]) -> None:
    some = [ids[4], ids[1], "00000000-0000-4000-8000-000000000000"]
    with reading(engine) as connection:
        assert read.positions_of(connection, some) == {ids[1]: 2, ids[4]: 5}
        assert {id_: entry.event.position for id_, entry in read.entries_by_id(connection, some).items()} == {
            ids[1]: 2,
            ids[4]: 5,
        }
        refs = read.refs_by_id(connection, some)
        assert {id_: (ref.id, ref.stream, ref.type) for id_, ref in refs.items()} == {
            ids[1]: (ids[1], "license/b", "license.granted"),
            ids[4]: (ids[4], "license/b", "license.granted"),
        }
        assert read.positions_of(connection, []) == {}
