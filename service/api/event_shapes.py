"""An event as read, and a page of them."""

from datetime import datetime
from typing import Any

from service.api.shape import Shape
from service.domain.event import RecordedEvent


class EventRead(Shape):
    """An event as recorded, with all that its `hash` binds; docs/log-format.md says how the hash is made.

    `hash` is its leaf in the log's Merkle tree. `payload_digest` is the SHA-256 of `salt` and of `data` with `source`;
    `salt` is null where these were redacted.
    """

    position: int
    id: str
    stream: str
    version: int
    type: str
    schema_version: int
    effective: str | None
    recorded_at: datetime
    actor: str
    metadata: dict[str, Any]
    data: dict[str, Any]
    source: dict[str, Any]
    hash: str
    payload_digest: str
    salt: str | None


class EventPage(Shape):
    """Events in the order of the log. Those that follow, also those still to come, are at `after=next_after`."""

    events: list[EventRead]
    next_after: int


class Posted(Shape):
    """The events as recorded. `position` is the last one's."""

    events: list[EventRead]
    position: int


def event_read(recorded: RecordedEvent) -> EventRead:
    return EventRead.model_validate(recorded, from_attributes=True)
