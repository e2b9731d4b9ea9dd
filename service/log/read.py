"""Reads of the log, on a connection the caller opened with `database.reading` or `database.writing`."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from types import SimpleNamespace
from typing import Any

from sqlalchemy import BigInteger, BindParameter, Connection, Integer, Row, Select, bindparam, select

from service.domain.claims import Record
from service.domain.event import JSON, RecordedEvent, RecordedRef
from service.log.dialect import Listed, Locking, Query
from service.log.entry import Entry, entry_of, event_of, payload_of
from service.log.instants import instant_of, microseconds
from service.log.merkle import HASH_BYTES
from service.log.tables import events, head, payloads

ENTRY = select(events, payloads.c.salt, payloads.c.payload).join(payloads, payloads.c.position == events.c.position)

# Built once: putting a statement together costs more than SQLite takes to run it.
_OF_HEAD = f"SELECT position, recorded_at, root, peaks, epoch FROM {head.name}"  # noqa: S608
_HEAD, _LOCKED_HEAD = Query(_OF_HEAD), Locking(_OF_HEAD)
_SOME: BindParameter[Any] = bindparam("some", expanding=True)
_OF_ID = "FROM {listed} JOIN events AS event ON event.id = listed.value"
_OF_AN_ENTRY = (*events.columns.keys(), "salt", "payload")
_ENTRIES_BY_ID = Listed(
    f"SELECT event.{', event.'.join(events.columns.keys())}, kept.salt, kept.payload "
    f"{_OF_ID} JOIN payloads AS kept ON kept.position = event.position"
)
_POSITIONS_BY_ID = Listed(f"SELECT event.id, event.position {_OF_ID}")
_REFS_BY_ID = Listed(f"SELECT event.id, event.stream, event.type {_OF_ID}")


@dataclass(frozen=True, slots=True)
class Head:
    """The log's end: the last position, which is also the tree's size, and the tree's root there.

    `recorded_at` is None while the log is empty. `peaks` are the roots of the complete subtrees that the size is the
    sum of, left to right.
    """

    position: int
    recorded_at: datetime | None
    root: bytes
    peaks: tuple[bytes, ...]
    epoch: int


def read_head(connection: Connection) -> Head:
    return _head_of(*_HEAD.rows(connection, ())[0])


def locked_head(connection: Connection) -> Head:
    """The head, held against every other writer until the transaction ends. Nobody may read what a decision rests on
    before it: in PostgreSQL only statements after the lock are sure to see what the last writer committed."""
    return _head_of(*_LOCKED_HEAD.rows(connection)[0])


def _head_of(position: int, recorded_at: int, root: bytes, peaks: bytes, epoch: int) -> Head:
    apart = tuple(peaks[start : start + HASH_BYTES] for start in range(0, len(peaks), HASH_BYTES))
    return Head(position, instant_of(recorded_at) if position else None, root, apart, epoch)


def page(
    connection: Connection,
    after: int = 0,
    limit: int = 100,
    *,
    stream: str | None = None,
    types: Collection[str] | None = None,
    positions: Collection[int] | Select[Any] | None = None,
    through: int | None = None,
    newest_first: bool = False,
) -> list[RecordedEvent]:
    """At most `limit` events with a position above `after`, up to and including `through`, in the order of the log, or
    the other way round.

    `positions` narrows to those listed, or to those that a query over one column of positions yields.
    """
    order = events.c.position.desc() if newest_first else events.c.position
    query = ENTRY.where(events.c.position > after).order_by(order).limit(limit)
    if stream is not None:
        query = query.where(events.c.stream == stream)
    if types is not None:
        query = query.where(events.c.type.in_(types))
    if positions is not None:
        query = query.where(events.c.position.in_(positions))
    if through is not None:
        query = query.where(events.c.position <= through)
    return [event_of(row) for row in connection.execute(query)]


def by_id(connection: Connection, event_id: str) -> RecordedEvent | None:
    row = connection.execute(ENTRY.where(events.c.id == event_id.lower())).one_or_none()
    return None if row is None else event_of(row)


def by_position(connection: Connection, position: int) -> RecordedEvent | None:
    row = connection.execute(ENTRY.where(events.c.position == position)).one_or_none()
    return None if row is None else event_of(row)


def stream_events(connection: Connection, stream: str, types: Collection[str] | None = None) -> list[RecordedEvent]:
    """All of a stream's events; or those of some types."""
    query = ENTRY.where(events.c.stream == stream).order_by(events.c.version)
    if types is not None:
        query = query.where(events.c.type.in_(types))
    return [event_of(row) for row in connection.execute(query)]


def position_at(connection: Connection, instant: datetime) -> int:
    """The last position recorded at or before an instant; 0 where there is none."""
    query = (
        select(events.c.position)
        .where(events.c.recorded_at <= microseconds(instant))
        .order_by(events.c.recorded_at.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none() or 0


def batches(connection: Connection, through: int, after: int = 0, size: int = 1_000) -> Iterator[list[RecordedEvent]]:
    """All events above `after` up to and including position `through`, in lists of at most `size`."""
    for entries in entry_batches(connection, through, after, size):
        yield [entry.event for entry in entries]


def entry_batches(connection: Connection, through: int, after: int = 0, size: int = 1_000) -> Iterator[list[Entry]]:
    for rows in row_batches(connection, through, after, size):
        yield [entry_of(row) for row in rows]


def row_batches(
    connection: Connection, through: int, after: int = 0, size: int = 1_000
) -> Iterator[Sequence[Row[Any]]]:
    """The rows of `ENTRY`, undecoded."""
    query = ENTRY.where(events.c.position <= through).order_by(events.c.position).limit(size)
    while after < through:
        rows = connection.execute(query.where(events.c.position > after)).all()
        if not rows:
            return
        yield rows
        after = rows[-1].position


@dataclass(frozen=True, slots=True)
class Said:
    """What an event says, without what proves it: what read models are made of, in half the time."""

    position: int
    stream: str
    version: int
    type: str
    effective: str | None
    recorded_at: datetime
    data: JSON
    source: JSON


_SAID = (
    select(
        events.c.position,
        events.c.stream,
        events.c.version,
        events.c.type,
        events.c.effective,
        events.c.recorded_at,
        payloads.c.payload,
    )
    .join(payloads, payloads.c.position == events.c.position)
    .where(events.c.position > bindparam("after", type_=BigInteger))
    .order_by(events.c.position)
    .limit(bindparam("most", type_=Integer))
)


def said(connection: Connection, after: int, most: int) -> list[Said]:
    """At most so many events after a position, in the order of the log."""
    found = []
    for position, stream, version, type_, effective, at, text in connection.execute(
        _SAID, {"after": after, "most": most}
    ):
        payload = payload_of(text)
        found.append(
            Said(position, stream, version, type_, effective, instant_of(at), payload["data"], payload["source"])
        )
    return found


def entries_by_id(connection: Connection, ids: Sequence[str]) -> dict[str, Entry]:
    found: list[Any] = [
        SimpleNamespace(**dict(zip(_OF_AN_ENTRY, row, strict=True))) for row in _ENTRIES_BY_ID.rows(connection, ids)
    ]
    return {row.id: entry_of(row) for row in found}


def refs_by_id(connection: Connection, ids: Sequence[str]) -> dict[str, RecordedRef]:
    return {id_: RecordedRef(id_, stream, type_) for id_, stream, type_ in _REFS_BY_ID.rows(connection, ids)}


_RECORDS: Select[Any] = (
    select(
        events.c.position,
        events.c.id,
        events.c.stream,
        events.c.type,
        events.c.schema_version,
        events.c.effective,
        events.c.recorded_at,
        payloads.c.payload,
    )
    .join(payloads, payloads.c.position == events.c.position)
    .where(events.c.stream.in_(_SOME), events.c.position <= bindparam("at"))
    .order_by(events.c.stream, events.c.position)
)


def records(
    connection: Connection, streams: Sequence[str], at: int, at_once: int = 500
) -> Iterator[tuple[str, list[Record], int]]:
    """Each stream's records up to a log position, in order, with the bytes that they take."""
    for start in range(0, len(streams), at_once):
        rows = connection.execute(_RECORDS, {"some": streams[start : start + at_once], "at": at})
        for stream, of_stream in groupby(rows, lambda row: str(row.stream)):
            found = list(of_stream)
            size_bytes = sum(len(row.payload or "") + ROW_BYTES for row in found)
            yield stream, [_record(row) for row in found], size_bytes


ROW_BYTES = 200
"""About what a record takes beside its payload."""


def _record(row: Row[Any]) -> Record:
    payload = payload_of(row.payload)
    return Record(
        position=row.position,
        id=row.id,
        type=row.type,
        schema_version=row.schema_version,
        effective=row.effective,
        recorded_on=instant_of(row.recorded_at).date(),
        data=payload["data"],
        source=payload["source"],
    )


def positions_of(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    return dict(_POSITIONS_BY_ID.rows(connection, ids))
