"""An event as read, held against its own hash away from the log."""

import json
from typing import Any

import pytest

from service.errors import Tampered
from service.log.append import Log
from service.log.entry import enveloped
from service.log.proven import ENVELOPE, entry_of_read
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
        ({"recorded_at": "yesterday"}, "The recorded_at"),
    ],
)
def test_an_event_that_was_changed_is_refused(event: dict[str, Any], changes: dict[str, Any], said: str) -> None:
    with pytest.raises(Tampered, match=said):
        entry_of_read(event | changes)
