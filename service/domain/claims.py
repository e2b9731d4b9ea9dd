"""A stream's records read as claims: what is said of one thing, by whom, after corrections, retractions and repeats.

A correction says that it was always otherwise; a retraction, that the claim falls away; a repeat adds a source. Each is
itself a claim with a tier (rule 29): it takes away what was said at its tier or below, and nothing of a higher tier.
What is outranked is kept and set aside. `service.domain.ledger` puts a stream's records together.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from service.domain import catalogue
from service.domain.dates import Bounds
from service.domain.event import RecordedEvent
from service.domain.event_type import EventData
from service.domain.sources import Source, Tier, when

REDACTED = {"redacted": True}
"""What the data and the source of a redacted event read as."""


@dataclass(frozen=True)
class Record:
    """What a fold needs of a recorded event; a read model keeps a stream as a sequence of these.

    A stream's history folds the same records once for each event: what is read of one is read once.
    """

    position: int
    id: str
    type: str
    schema_version: int
    effective: str | None
    recorded_on: date
    data: Mapping[str, Any]
    source: Mapping[str, Any]

    @cached_property
    def claimed(self) -> EventData:
        """The data in the current version of its type. Raises ValidationError."""
        return catalogue.read(self.type, self.schema_version, self.data)

    @cached_property
    def data_as_text(self) -> str:
        """The same text for the same data, whatever the order of its fields."""
        return _SORTED.encode(self.data)

    @cached_property
    def source_as_text(self) -> str:
        return _SORTED.encode(self.source)


_SORTED = json.JSONEncoder(sort_keys=True)


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim about a thing. `day` is when it took effect; `events` are the records that it rests on, its own first.

    `said` pairs each source with its event: first the one whose tier counts, then those that repeat it.
    """

    position: int
    type: str
    data: EventData
    day: Bounds
    tier: Tier
    said: tuple[tuple[str, Source], ...]
    events: tuple[str, ...]
    recorded_on: date

    @property
    def event(self) -> str:
        return self.events[0]

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(source for _, source in self.said)

    @property
    def rank(self) -> int:
        return self.tier.rank

    @property
    def speaks_through(self) -> date:
        """The last day that any of its sources can speak of; the day of the record where no source is dated."""
        dated = [source.speaks_through for source in self.sources]
        return max((day for day in dated if day), default=self.recorded_on)


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record that does not count, and why. `conflicting`: it contradicts what was followed."""

    event: str
    tier: Tier
    reason: str
    conflicting: bool


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that stands in a stream, in order of position, and all that was set aside."""

    stream: str
    claims: tuple[Claim, ...]
    set_aside: tuple[SetAside, ...]
    position: int
    """The position of the stream's last record."""
    unfollowed: tuple[Claim, ...] = ()
    """What was retracted, corrected or outranked, as it was claimed."""

    def as_if_nothing_fell(self) -> "Ledger":
        """All that was ever claimed, as if every source were of one tier.

        A thing folded from this is about all that anybody said it is about, each rival value possible. It tells which
        answers would be others without what was set aside (rule 30), and decides none.
        """
        claims = sorted((*self.claims, *self.unfollowed), key=lambda claim: claim.position)
        return replace(self, claims=tuple(replace(one, tier=Tier.PRESS_NAMED) for one in claims), unfollowed=())


def record_of(event: RecordedEvent) -> Record:
    return Record(
        position=event.position,
        id=event.id,
        type=event.type,
        schema_version=event.schema_version,
        effective=event.effective,
        recorded_on=event.recorded_at.date(),
        data=event.data,
        source=event.source,
    )


def redacted(record: Record) -> bool:
    return record.data == REDACTED


def published_by(records: Sequence[Record], day: date) -> list[Record]:
    """The records whose source was published by the end of a day, and what speaks of them (rule 32).

    A source that does not say when it was published counts from the day of the record. Of a vague day the latest
    counts: nobody is said to have known a thing before it was certainly public.
    """
    kept: dict[str, Record] = {}
    for record in records:
        speaks_of = record.data.get("event") if record.type.startswith("record.") else None
        if public_on(record) <= day and (speaks_of is None or speaks_of in kept):
            kept[record.id] = record
    return list(kept.values())


def public_on(record: Record) -> date:
    """The day by which a record's source was certainly public; the last of all days where nothing bounds it."""
    published = record.source.get("published_at")
    return (when(published).latest or date.max) if published else record.recorded_on
