"""One event, checked away from the log: from its text through its hash and its proof to a signed checkpoint."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from service.errors import Tampered
from service.log.canonical import encode, leaf_hash, payload_bytes, payload_digest
from service.log.checkpoint import Checkpoint, verify_proof
from service.log.instants import instant_text
from service.log.merkle import ProofError
from service.log.note import NoteError, VerifierKey

ENVELOPE = (
    *("position", "id", "stream", "version", "type", "schema_version"),
    *("effective", "recorded_at", "actor", "metadata", "payload_digest"),
)
"""The fields of an event as read that its hash is taken over."""


def proven(event: Mapping[str, Any], proof: str, key: VerifierKey) -> Checkpoint:
    """The signed checkpoint that an event, as read, is proven to be under.

    Raises Tampered where the text, the hash, the proof or the signature do not fit each other.
    """
    entry = entry_of_read(event)
    try:
        return verify_proof(proof, entry, key)
    except (NoteError, ProofError) as unproven:
        raise Tampered(f"The proof does not prove event {event['id']}: {unproven}") from unproven


def entry_of_read(event: Mapping[str, Any]) -> bytes:
    """The envelope of an event as read, after its text was held against its digest and its hash. Raises Tampered.

    The text of a redacted event can no longer be checked; its envelope can.
    """
    missing = [name for name in (*ENVELOPE, "hash", "data", "source") if name not in event]
    if missing:
        raise Tampered(f"The event lacks {', '.join(missing)}: save it as the API gives it.")
    salt = event.get("salt")
    if salt is not None and _digest(str(salt), event) != event["payload_digest"]:
        raise Tampered(f"The data or the source of event {event['id']} was changed.")
    entry = encode({name: event[name] for name in ENVELOPE} | {"recorded_at": _instant(event)})
    if leaf_hash(entry).hex() != event["hash"]:
        raise Tampered(f"The envelope of event {event['id']} was changed.")
    return entry


def _instant(event: Mapping[str, Any]) -> str:
    """As it is hashed: an API may write fewer digits of the second."""
    try:
        return instant_text(datetime.fromisoformat(str(event["recorded_at"])))
    except ValueError as unread:
        raise Tampered(f"The recorded_at of event {event['id']} is not an RFC 3339 time.") from unread


def _digest(salt: str, event: Mapping[str, Any]) -> str:
    try:
        return payload_digest(bytes.fromhex(salt), payload_bytes(event["data"], event["source"])).hex()
    except ValueError as unread:
        raise Tampered(f"The salt of event {event['id']} is not hexadecimal.") from unread
