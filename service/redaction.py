"""Redaction: a whole payload removed for a legal reason, by an administrator, as an event that says who and why."""

from service.domain.event import ProposedEvent
from service.errors import NotFound
from service.log import read
from service.log.append import Appended, Log
from service.log.database import reading


def redact(log: Log, event_id: str, by: str, reason: str) -> Appended:
    """Removes an event's data and source, everywhere; its envelope and every proof stay. Cannot be undone.

    On PostgreSQL the log's connection needs the role for redaction. Raises NotFound, Conflict, Unavailable.
    """
    with reading(log.engine) as connection:
        event = read.by_id(connection, event_id)
    if event is None:
        raise NotFound("No event has this id.")
    proposed = ProposedEvent(
        id=None,
        stream=event.stream,
        type="record.redacted",
        schema_version=1,
        effective=None,
        data={"event": event.id, "reason": reason},
        source={"tier": "holder", "speaker": {"name": by}},
        metadata={},
        refers_to=event.id,
        redacts=True,
    )
    return log.append([proposed], actor=by)
