"""An event before and after the log has taken it: what the log stores, and all that it knows of the domain."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

JSON = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ProposedEvent:
    """An event that the catalogue has accepted and the log has not seen.

    `data`, `source` and `metadata` are JSON values without floats, with ASCII keys. `effective` is an EDTF day or None
    (the source does not say). `expected_version` is the number of events that the stream must hold before this one;
    None asks nothing. `refers_to` is the id of the event that a `record.*` event speaks of; `redacts`: that event's
    payload is to be removed, data and source, in the same transaction.
    """

    id: str | None
    stream: str
    type: str
    schema_version: int
    effective: str | None
    data: JSON
    source: JSON
    metadata: JSON
    expected_version: int | None = None
    refers_to: str | None = None
    redacts: bool = False


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event as the log holds it. `version` counts the stream's events from 1, `position` the log's from 1.

    `hash` is the event's leaf hash (RFC 6962), 64 lower-case hexadecimal digits; it binds `payload_digest`, the SHA-256
    of salt and payload, in hexadecimal too. `salt` is None where the payload was redacted, and where nothing was
    recorded. `recorded_at` is aware, in UTC.
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
    metadata: JSON
    data: JSON
    source: JSON
    hash: str
    payload_digest: str = ""
    salt: str | None = None


@dataclass(frozen=True, slots=True)
class RecordedRef:
    """An earlier event as a decision sees it."""

    id: str
    stream: str
    type: str


Earlier = Callable[[Collection[str]], Sequence[RecordedEvent]]
"""The events of a stream that are of some types, in order of position."""


def nothing_earlier(_types: Collection[str]) -> Sequence[RecordedEvent]:
    return ()


@dataclass(frozen=True, slots=True)
class StreamSoFar:
    """What a decision may look at, read under the log's lock: the stream's length, the event referred to, and the
    events recorded before, those of the same batch among them. Events are read when they are asked for: a decision
    that needs none costs nothing, and one that needs some names their types, so that it pays for those alone."""

    version: int
    referred: RecordedRef | None
    earlier: Earlier = nothing_earlier
