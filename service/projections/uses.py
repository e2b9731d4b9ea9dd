"""Uses of licenses, one row for each record: in a license's versions they would grow with the square.

What speaks of a use (a correction, a retraction, a repeat, a redaction) is kept with it. A question at knowledge K
takes the rows up to K, for the licenses that it considers.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Integer, Select, Table, Text, insert, select, update

from service.domain.claims import REDACTED, record_of
from service.domain.event import RecordedEvent
from service.domain.sources import Source
from service.projections.versions import AT, LIVE, metadata, text_of

table = Table(
    "license_uses",
    metadata,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("stream", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("published_through", Text),
)


def take(connection: Connection, events: Sequence[RecordedEvent], generation: int) -> list[RecordedEvent]:
    """Keeps the uses among a license's events, and what speaks of them; returns the others."""
    uses = _known(connection, events, generation)
    rows, others = [], []
    for event in events:
        if event.type != "license.used" and event.data.get("event") not in uses:
            others.append(event)
            continue
        uses.add(event.id)
        rows.append(_row(event, generation))
    if rows:
        connection.execute(insert(table), rows)
    for event in events:
        if event.type == "record.redacted" and event.data.get("event") in uses:
            _redact(connection, event.stream, event.data["event"])
    return others


def _known(connection: Connection, events: Iterable[RecordedEvent], generation: int) -> set[str]:
    """Which of the events spoken of are kept here."""
    spoken_of = {spoken for event in events if (spoken := event.data.get("event"))}
    if not spoken_of:
        return set()
    kept = select(table.c.id).where(table.c.generation == generation, table.c.id.in_(spoken_of))
    streams = {event.stream for event in events}
    return set(connection.scalars(kept.where(table.c.stream.in_(streams))))


def _row(event: RecordedEvent, generation: int) -> dict[str, Any]:
    through = Source.model_validate(event.source).speaks_through if event.source != REDACTED else None
    return {
        "generation": generation,
        "stream": event.stream,
        "position": event.position,
        "id": event.id,
        "record": text_of(record_of(event)),
        "published_through": through.isoformat() if through else None,
    }


def _redact(connection: Connection, stream: str, event_id: str) -> None:
    """Empties a record's data and source, in every generation."""
    this = (table.c.stream == stream) & (table.c.id == event_id)
    for row in connection.execute(select(table.c.generation, table.c.record).where(this)).all():
        record = json.loads(row.record) | {"data": REDACTED, "source": REDACTED}
        changed = update(table).where(this, table.c.generation == row.generation)
        connection.execute(changed.values(record=json.dumps(record, sort_keys=True), published_through=None))


def of(streams: Select[Any]) -> Select[Any]:
    """The records kept here of the streams that another statement selects, up to the log position bound as AT."""
    query = select(table.c.stream, table.c.record).where(table.c.generation == LIVE, table.c.position <= AT)
    return query.where(table.c.stream.in_(streams)).order_by(table.c.stream, table.c.position)
