"""Events and rules for the log's own tests. The log knows nothing of the catalogue, so neither do these."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from service import errors
from service.domain.event import ProposedEvent, RecordedEvent, StreamSoFar

STREAM = "license/cn-in-magnets-2025-10"
SOURCE = {"tier": "official", "publisher": "MOFCOM", "title": "公告"}
NOON = datetime(2025, 10, 31, 12, tzinfo=UTC)


def proposed(stream: str = STREAM, **fields: Any) -> ProposedEvent:
    given: dict[str, Any] = {
        "id": None,
        "stream": stream,
        "type": "license.granted",
        "schema_version": 1,
        "effective": "../2025-10-30",
        "data": {"type": "individual", "issuer": "CN", "destination": "IN"},
        "source": SOURCE,
        "metadata": {},
    }
    return ProposedEvent(**(given | fields))


def correction(of: str, **fields: Any) -> ProposedEvent:
    return proposed(**({"type": "record.corrected", "refers_to": of, "data": {"event": of}} | fields))


def decide(event: ProposedEvent, so_far: StreamSoFar) -> None:
    """A use needs a license recorded before it; a correction needs its event, in its own stream."""
    if event.type == "license.used" and so_far.version == 0:
        raise errors.NothingToActOn(f"Nobody recorded {event.stream}.")
    if event.refers_to and (so_far.referred is None or so_far.referred.stream != event.stream):
        raise errors.UnknownEvent(f"{event.refers_to} is not in {event.stream}.")


def project_nothing(connection: Connection, events: Sequence[RecordedEvent]) -> None:
    """No read model."""
