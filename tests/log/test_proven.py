"""An event as read, held against its own hash away from the log."""

import json
from typing import Any

import pytest
from sqlalchemy import Engine

from service.errors import Tampered
from service.log import read, tree
from service.log.append import Log
from service.log.checkpoint import Checkpoint, proof_text, signed_checkpoint
from service.log.database import reading
from service.log.entry import enveloped
from service.log.note import SigningKey
from service.log.proven import ENVELOPE, entry_of_read, proven
from tests.log.examples import proposed


@pytest.fixture
def event(log: Log) -> dict[str, Any]:
    """An event as it is read."""
    (found,) = log.append([proposed(metadata={"fact": "F001"})], "ann").events
    told = enveloped(found, bytes.fromhex(found.payload_digest))
    assert set(told) == set(ENVELOPE)
    told |= {"data": found.data, "source": found.source, "hash": found.hash, "salt": found.salt}
    read: dict[str, Any] = json.loads(json.dumps(told))
    return read


def test_an_event_as_it_was_read_has_the_hash_that_it_says(event: dict[str, Any]) -> None:
    assert json.loads(entry_of_read(event))["id"] == event["id"]


def test_an_event_as_read_is_proven_by_its_proof_and_by_no_other(log: Log, engine: Engine, event: dict[str, Any]):
    log.append([proposed("license/other")], "ann")
    key = SigningKey.generate("example.org/log")
    with reading(engine) as connection:
        head = read.read_head(connection)
        kept = Checkpoint(head.position, head.root)
        note = signed_checkpoint(kept, key)
        proofs = [proof_text(at - 1, tree.inclusion_proof(connection, at, 2), note) for at in (1, 2)]
    assert proven(event, proofs[0], key.verifier) == kept
    begins = f"The proof does not prove event {event['id']}: "
    with pytest.raises(Tampered, match=f"^{begins}The proof leads to another root"):
        proven(event, proofs[1], key.verifier)
    with pytest.raises(Tampered, match=f"^{begins}None of the trusted keys"):
        proven(event, proofs[0], SigningKey.generate("example.org/log").verifier)


@pytest.mark.parametrize("name", [*ENVELOPE, "hash", "data", "source"])
def test_an_event_that_lacks_a_field_is_refused_by_its_name(event: dict[str, Any], name: str) -> None:
    del event[name]
    with pytest.raises(Tampered, match=f"lacks {name}: save it"):
        entry_of_read(event)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"data": {}}, "The data or the source"),
        ({"source": {"tier": "holder"}}, "The data or the source"),
        ({"salt": "00"}, "The data or the source"),
        ({"position": 2}, "The envelope"),
        ({"salt": None, "actor": "ben"}, "The envelope"),
        ({"recorded_at": "yesterday"}, "The recorded_at of event {id} is not an RFC 3339 time"),
        ({"salt": "no"}, "The salt of event {id} is not hexadecimal"),
    ],
)
def test_an_event_that_was_changed_is_refused(event: dict[str, Any], changes: dict[str, Any], said: str) -> None:
    with pytest.raises(Tampered, match=said.format(id=event["id"])):
        entry_of_read(event | changes)
