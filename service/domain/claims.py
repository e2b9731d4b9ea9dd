"""A stream's records read as claims: what is said of one thing, by whom, after corrections, retractions and repeats.

A correction says that it was always otherwise; a retraction, that the claim falls away; a repeat adds a source. None of
them lets a lower tier override a higher one: what is outranked is kept and set aside.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.domain import catalogue
from service.domain.dates import Bounds, bounds
from service.domain.event import RecordedEvent
from service.domain.event_type import EventData
from service.domain.sources import Source, Tier

REDACTED = {"redacted": True}
"""What the data and the source of a redacted event read as."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a fold needs of a recorded event; a read model keeps a stream as a sequence of these."""

    position: int
    id: str
    type: str
    schema_version: int
    effective: str | None
    recorded_on: date
    data: Mapping[str, Any]
    source: Mapping[str, Any]


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


def ledger(stream: str, all_records: Sequence[Record]) -> Ledger:
    """The claims of a stream, from its records in order of position. A redacted record claims nothing any more."""
    set_aside = [
        SetAside(record.id, Tier.COMMENTARY, "redacted: what it said was removed", False)
        for record in all_records
        if redacted(record)
    ]
    records = _readable(all_records)
    sources = {record.id: Source.model_validate(record.source) for record in records}
    void = _retracted(records, sources, set_aside)
    claims = [
        _claim(record, _corrections(record, records, void), _repeats(record, records, void), sources, set_aside)
        for record in records
        if record.type not in catalogue.ABOUT_RECORDS and record.id not in void
    ]
    return Ledger(stream, tuple(claims), tuple(set_aside), all_records[-1].position if all_records else 0)


def _readable(records: Sequence[Record]) -> list[Record]:
    """What is not redacted, and speaks of nothing that is."""
    gone = {record.id for record in records if redacted(record)}
    kept = []
    for record in records:
        if record.id in gone or (record.type in catalogue.ABOUT_RECORDS and record.data["event"] in gone):
            gone.add(record.id)
        else:
            kept.append(record)
    return kept


def _retracted(records: Sequence[Record], sources: Mapping[str, Source], set_aside: list[SetAside]) -> frozenset[str]:
    """The ids that fell away. Later records first, since a retraction may itself be retracted later on."""
    void: set[str] = set()
    for record in reversed(records):
        if record.type != "record.retracted" or record.id in void:
            continue
        target, tier = record.data["event"], sources[record.id].tier
        if tier.rank < sources[target].tier.rank:
            set_aside.append(SetAside(record.id, tier, f"a {tier} source cannot retract a higher one's claim", True))
        else:
            void.add(target)
            set_aside.append(SetAside(target, sources[target].tier, f"retracted by event {record.id}", False))
    return frozenset(void)


def _root(record: Record, by_id: Mapping[str, Record]) -> str:
    """The event that a chain of corrections or repeats speaks of in the end."""
    target = by_id[record.data["event"]]
    while target.type in catalogue.ABOUT_RECORDS:
        target = by_id[target.data["event"]]
    return target.id


def _about(type_: str, original: Record, records: Sequence[Record], void: Iterable[str]) -> list[Record]:
    by_id = {record.id: record for record in records}
    return [r for r in records if r.type == type_ and r.id not in void and _root(r, by_id) == original.id]


def _corrections(original: Record, records: Sequence[Record], void: Iterable[str]) -> list[Record]:
    return _about("record.corrected", original, records, void)


def _repeats(original: Record, records: Sequence[Record], void: Iterable[str]) -> list[Record]:
    return _about("record.repeated", original, records, void)


def _claim(
    original: Record,
    corrections: Sequence[Record],
    repeats: Sequence[Record],
    sources: Mapping[str, Source],
    set_aside: list[SetAside],
) -> Claim:
    """The latest version of a claim that no other version outranks."""
    versions = [original, *corrections]
    highest = max(sources[version.id].tier.rank for version in versions)
    followed = [version for version in versions if sources[version.id].tier.rank == highest][-1]
    for version in versions:
        if version is not followed:
            outranked = sources[version.id].tier.rank < highest and version.position > followed.position
            reason = f"outranked by event {followed.id}" if outranked else f"corrected by event {followed.id}"
            set_aside.append(SetAside(version.id, sources[version.id].tier, reason, outranked))
    effective = followed.data.get("effective") if followed is not original else original.effective
    source = sources[followed.id]
    return Claim(
        position=original.position,
        type=original.type,
        data=_data(original, followed),
        day=_day(effective or original.effective, source, original.recorded_on),
        tier=source.tier,
        said=((followed.id, source), *((repeat.id, sources[repeat.id]) for repeat in repeats)),
        events=tuple(dict.fromkeys((original.id, followed.id, *(repeat.id for repeat in repeats)))),
        recorded_on=original.recorded_on,
    )


def _data(original: Record, followed: Record) -> EventData:
    if followed is not original and followed.data.get("data") is not None:
        return catalogue.read(original.type, followed.data.get("data_version", 1), followed.data["data"])
    return catalogue.read(original.type, original.schema_version, original.data)


def _day(effective: str | None, source: Source, recorded_on: date) -> Bounds:
    """Some day up to the source's own where nobody states the day of the act."""
    if effective is not None:
        return bounds(effective)
    return Bounds(None, source.speaks_through or recorded_on)
