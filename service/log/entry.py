"""An event's form in the log: from a proposal to what is stored and hashed, and back from the rows."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import Row

from service import errors
from service.domain.claims import REDACTED
from service.domain.event import ProposedEvent, RecordedEvent
from service.log.canonical import (
    canonical,
    check_characters,
    encode,
    leaf_hash,
    payload_bytes,
    payload_digest,
    scalar,
    text_of,
)
from service.log.chance import random_16
from service.log.instants import instant_of, instant_text, microseconds

Salt = Callable[[], bytes]

TRACE = "traceparent"
"""The name among the metadata that is the register's own: whose work an event came of (W3C trace context)."""

# A bundle of entries gives the length of each in 16 bits (C2SP tlog-tiles). Stream, type, effective and actor take at
# most six bytes there for each of theirs, and everything else less than a thousand. PostgreSQL has a limit of its own:
# some 2,700 bytes for what it indexes.
LARGEST_METADATA = 40_000
LONGEST_TEXT = 1_000
NO_REMARKS = b"{}"

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A proposed event with its id, and with everything computed that needs no lock."""

    id: str
    proposed: ProposedEvent
    refers_to: str | None
    salt: bytes
    payload: str
    metadata: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A recorded event with the texts that it is stored as. `payload` and `salt` are None where it was redacted."""

    event: RecordedEvent
    salt: bytes | None
    payload: str | None
    metadata: str
    digest: bytes


def prepare(proposed: ProposedEvent, salt: Salt) -> Prepared:
    """Raises InvalidRequest for an id that is no UUID and for a value that has no canonical form."""
    for field in ("stream", "type", "effective"):
        check_text(field, getattr(proposed, field))
    metadata = canonical(proposed.metadata) if proposed.metadata else NO_REMARKS
    if len(metadata) > LARGEST_METADATA:
        raise _refusal("metadata", f"has more than {LARGEST_METADATA} bytes")
    chosen = salt()
    payload = payload_bytes(proposed.data, proposed.source)
    return Prepared(
        id=str(UUID(bytes=random_16(), version=4)) if proposed.id is None else _uuid(proposed.id),
        proposed=proposed,
        refers_to=proposed.refers_to and proposed.refers_to.lower(),
        salt=chosen,
        payload=payload.decode(),
        metadata=metadata.decode(),
        digest=payload_digest(chosen, payload),
    )


def check_text(field: str, value: str | None) -> None:
    """PostgreSQL stores no NUL, and JSON no half of a surrogate pair: both are refused on every database."""
    if value is None or (len(value) <= LONGEST_TEXT and value.isascii() and "\x00" not in value):
        return
    if "\x00" in value:
        raise _refusal(field, "holds a NUL character")
    check_characters(value)
    if len(value.encode()) > LONGEST_TEXT:
        raise _refusal(field, f"has more than {LONGEST_TEXT} bytes")


def _uuid(value: str) -> str:
    lowered = value.lower()
    if not _UUID.fullmatch(lowered):
        raise _refusal("id", "is not a UUID")
    return lowered


def _refusal(field: str, detail: str) -> errors.InvalidRequest:
    return errors.InvalidRequest(f"The {field} {detail}.", [errors.FieldError(f"/{field}", detail)])


def record(prepared: Prepared, position: int, version: int, recorded_at: datetime, actor: str) -> Entry:
    proposed = prepared.proposed
    event = RecordedEvent(
        position=position,
        id=prepared.id,
        stream=proposed.stream,
        version=version,
        type=proposed.type,
        schema_version=proposed.schema_version,
        effective=proposed.effective,
        recorded_at=recorded_at,
        actor=actor,
        metadata=proposed.metadata,
        data=proposed.data,
        source=proposed.source,
        hash="",
        payload_digest=prepared.digest.hex(),
        salt=prepared.salt.hex(),
    )
    leaf = leaf_hash(envelope(event, prepared.digest))
    # A frozen dataclass costs twice as much to copy; here it is not yet shown to anyone.
    object.__setattr__(event, "hash", leaf.hex())
    return Entry(event, prepared.salt, prepared.payload, prepared.metadata, prepared.digest)


def envelope(event: RecordedEvent, digest: bytes) -> bytes:
    """The bytes that an event's leaf hash is taken over: the canonical form of `enveloped`, whose names are always the
    same, put together in a third of the time."""
    return (
        f'{{"actor":{scalar(event.actor)},"effective":{scalar(event.effective)},"id":{scalar(event.id)},'
        f'"metadata":{text_of(event.metadata) if event.metadata else "{}"},"payload_digest":"{digest.hex()}",'
        f'"position":{event.position},"recorded_at":"{instant_text(event.recorded_at)}",'
        f'"schema_version":{event.schema_version},"stream":{scalar(event.stream)},"type":{scalar(event.type)},'
        f'"version":{event.version}}}'
    ).encode()


def enveloped(event: RecordedEvent, digest: bytes) -> dict[str, Any]:
    """Every field as read but data, source, salt and hash."""
    return {
        "position": event.position,
        "id": event.id,
        "stream": event.stream,
        "version": event.version,
        "type": event.type,
        "schema_version": event.schema_version,
        "effective": event.effective,
        "recorded_at": instant_text(event.recorded_at),
        "actor": event.actor,
        "metadata": event.metadata,
        "payload_digest": digest.hex(),
    }


def same_content(entry: Entry, prepared: Prepared) -> bool:
    """Whether a sent event says what a recorded one says. A redacted payload can no longer be compared, and is not;
    nor is the trace that an event came of: sent again, it comes of another one."""
    event, proposed = entry.event, prepared.proposed
    return (
        event.type == proposed.type
        and event.stream == proposed.stream
        and event.schema_version == proposed.schema_version
        and event.effective == proposed.effective
        and (entry.metadata == prepared.metadata or _remarks(event.metadata) == _remarks(proposed.metadata))
        and entry.payload in (None, prepared.payload)
    )


def _remarks(metadata: Mapping[str, Any]) -> bytes:
    return encode({name: value for name, value in metadata.items() if name != TRACE})


def event_row(entry: Entry) -> tuple[Any, ...]:
    """In the order of the columns of `events`."""
    event = entry.event
    return (
        event.position,
        event.id,
        event.stream,
        event.version,
        event.type,
        event.schema_version,
        event.effective,
        microseconds(event.recorded_at),
        event.actor,
        entry.metadata,
        entry.digest,
        bytes.fromhex(event.hash),
    )


def entry_of(row: Row[Any]) -> Entry:
    """From a row of events joined with payloads, as `read.ENTRY` selects it."""
    return Entry(event_of(row), row.salt, row.payload, row.metadata, row.payload_digest)


def event_of(row: Row[Any]) -> RecordedEvent:
    payload = payload_of(row.payload)
    return RecordedEvent(
        position=row.position,
        id=row.id,
        stream=row.stream,
        version=row.version,
        type=row.type,
        schema_version=row.schema_version,
        effective=row.effective,
        recorded_at=instant_of(row.recorded_at),
        actor=row.actor,
        metadata=json.loads(row.metadata),
        data=payload["data"],
        source=payload["source"],
        hash=row.hash.hex(),
        payload_digest=row.payload_digest.hex(),
        salt=None if row.salt is None else row.salt.hex(),
    )


def payload_of(text: str | None) -> Mapping[str, Any]:
    """An event's data and source, from the text that is stored."""
    if text is None:
        return {"data": REDACTED, "source": REDACTED}
    found: Mapping[str, Any]
    try:
        found = from_json(text)
    except ValueError:
        # It reads no more than 200 levels, in half the time.
        found = json.loads(text)
    return found


def prepare_batch(events: Sequence[ProposedEvent], salt: Salt) -> list[Prepared]:
    """Raises InvalidRequest for an empty batch, and IdConflict where two of its events bear one id."""
    if not events:
        raise errors.InvalidRequest("There is no event in the batch.")
    batch = []
    for index, event in enumerate(events):
        with errors.at_event(index):
            batch.append(prepare(event, salt))
    seen: set[str] = set()
    for index, prepared in enumerate(batch):
        if prepared.id in seen:
            with errors.at_event(index):
                fault = errors.FieldError("/id", "an id of its own")
                raise errors.IdConflict("Two events of the batch have the same id.", [fault])
        seen.add(prepared.id)
    return batch
