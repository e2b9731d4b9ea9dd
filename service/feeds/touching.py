"""Which events may change which answers: keys that an event touches, and keys that an answer depends on.

Where the two have none in common, the event leaves the answer as it is. Keys are kept as numbers, since some are long;
two keys of one number cost a look at an answer that stays as it is.
"""

from collections.abc import Collection, Iterable
from hashlib import sha256

from sqlalchemy import Connection

from service.domain.event import RecordedEvent
from service.feeds.following import EventFilter
from service.projections.depends import EVERYTHING, touched

ANY = "any"


def numbered(keys: Iterable[str]) -> frozenset[int]:
    """A number of 64 bits for each key."""
    return frozenset(int.from_bytes(sha256(key.encode()).digest()[:8], "big", signed=True) for key in keys)


(EVERY_ANSWER,) = numbered([EVERYTHING])
"""What is touched by an event that may change any answer."""


def touched_by(connection: Connection, event: RecordedEvent, about: Collection[str]) -> frozenset[int]:
    """The keys of an event; `about` is what it is about, its stream's earlier events taken together."""
    of_answers = touched(connection, event.position - 1, event.position)
    return numbered([*of_answers, *(f"event {one}" for one in (ANY, event.type, event.stream, *about))])


def key_of(wanted: EventFilter) -> frozenset[int]:
    """The key of a filter over events that the fewest events touch; the filter itself decides."""
    narrowest = (*([wanted.stream] if wanted.stream else []), *wanted.about, *(wanted.types or []), ANY)
    return numbered([f"event {narrowest[0]}"])
