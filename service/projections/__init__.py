"""The read models: one file each, in versions by log position. All of them can be dropped and rebuilt from the log.

They run in the appending transaction, so a writer reads its own write. A read model is added as one file and one line
in MODELS.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from service.domain.event import RecordedEvent
from service.errors import Unavailable
from service.projections import (
    checks,
    commodities,
    companies,
    groups,
    license_keys,
    licenses,
    milestones,
    notes,
    restrictions,
    uses,
)
from service.projections.versions import ReadModel, live, record, redact

MODELS: tuple[ReadModel[Any], ...] = (
    restrictions.MODEL,
    licenses.MODEL,
    milestones.MODEL,
    companies.MODEL,
    notes.MODEL,
    commodities.MODEL,
    groups.MODEL,
    checks.MODEL,
)
TABLES = (*(model.table for model in MODELS), uses.table, license_keys.table)
"""Every table that holds a generation of rows."""


def project(connection: Connection, events: Sequence[RecordedEvent]) -> None:
    """Brings the live read models up to the last of the events, under the log's lock, with their position.

    Raises Unavailable where they do not stand right before the first event: rows that miss an event would lie.
    """
    row = connection.execute(select(live.c.generation, live.c.position)).one()
    if row.position != events[0].position - 1:
        raise Unavailable(
            f"The read models stand at log position {row.position}, not at {events[0].position - 1}. "
            "Nothing was stored; run `lodestone rebuild`."
        )
    project_into(connection, events, row.generation)
    connection.execute(update(live).values(position=events[-1].position))


def project_into(connection: Connection, events: Sequence[RecordedEvent], generation: int) -> None:
    """Brings the rows of one generation up to the last of the events, which follow those projected before."""
    for model in MODELS:
        concerned = [event for event in events if event.stream.startswith(f"{model.noun}/")]
        if model is licenses.MODEL:
            concerned = uses.take(connection, concerned, generation)
            license_keys.take(connection, concerned, generation)
        if concerned:
            record(connection, model, concerned, generation)
        for event in concerned:
            if event.type == "record.redacted":
                kept = redact(connection, model, event.stream, event.data["event"])
                if model is licenses.MODEL:
                    license_keys.redact(connection, event.stream, kept)
