"""Rules about what a line refers to: that it is there, and known by the time that the line is."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from service.domain.countries import GROUP_OF_CODE
from service.domain.decide import decide
from service.domain.event import Earlier, RecordedEvent, RecordedRef, StreamSoFar
from service.errors import Refused
from service.log.canonical import canonical
from service.seeds.files import Seed
from service.seeds.findings import Finding, of, shown

STREAM = re.compile(r"(restriction|license|milestone|company|group)/[a-z0-9-]{1,100}")
PLACES = ("only", "except", "including")


def decided(seeds: Sequence[Seed]) -> Iterator[Finding]:
    """The log would take each line after those before it: the domain's own decision, without a log."""
    streams: dict[str, list[RecordedEvent]] = {}
    refs: dict[str, RecordedRef] = {}
    for position, seed in enumerate(seeds, 1):
        event, before = seed.event, streams.setdefault(seed.event.stream, [])
        try:
            decide(event, StreamSoFar(len(before), refs.get(event.refers_to or ""), _of(before)))
        except Refused as refused:
            where = "".join(f" ({fault.pointer}: {fault.detail})" for fault in refused.errors)
            yield of(seed, "a line makes sense as a record after those before it", f"{refused.detail}{where}")
        before.append(_as_if_recorded(seed, position, len(before) + 1))
        if event.id:
            refs[event.id] = RecordedRef(event.id, event.stream, event.type)


def _of(before: Sequence[RecordedEvent]) -> Earlier:
    def earlier(types: Collection[str]) -> list[RecordedEvent]:
        return [event for event in before if event.type in types]

    return earlier


def _as_if_recorded(seed: Seed, position: int, version: int) -> RecordedEvent:
    event = seed.event
    return RecordedEvent(
        position=position,
        id=event.id or f"{seed.place}",
        stream=event.stream,
        version=version,
        type=event.type,
        schema_version=event.schema_version,
        effective=event.effective,
        recorded_at=datetime.combine(seed.learned, datetime.min.time(), UTC),
        actor=seed.actor,
        metadata=event.metadata,
        data=event.data,
        source=event.source,
        hash="",
    )


def told_once(seeds: Sequence[Seed]) -> Iterator[Finding]:
    """No id twice, and nothing said twice: another source for the same is a repeat."""
    ids: dict[str, Seed] = {}
    said: dict[bytes, Seed] = {}
    for seed in seeds:
        event = seed.event
        first = ids.setdefault(event.id, seed) if event.id else seed
        if first is not seed:
            yield of(seed, "an id belongs to one line", f"{event.id} is that of {first.place} too")
        by = event.source if event.type == "record.repeated" else None
        content = canonical([event.stream, event.type, event.effective, event.data, by])
        before = said.setdefault(content, seed)
        if before is not seed and not before.told_earlier:
            yield of(seed, "nothing is said twice; another source for the same is a record.repeated", _as(before))


def _as(before: Seed) -> str:
    return f"it says what {before.place} says"


def resolved(seeds: Sequence[Seed]) -> Iterator[Finding]:
    """Every stream, source and name of goods that a line names is in the seeds, and not learned of on a later day."""
    begun: dict[str, Seed] = {}
    for seed in seeds:
        begun.setdefault(seed.event.stream, seed)
    yield from _repeated_sources(seeds)
    for seed in seeds:
        for stream in dict.fromkeys(_streams(seed.event.data, "")):
            yield from _known(seed, stream, stream, begun)
        for name in dict.fromkeys(_goods(seed.event.data, "")):
            yield from _known(seed, name, f"commodity/{name.replace('_', '-')}", begun)


def _known(seed: Seed, name: str, stream: str, begun: dict[str, Seed]) -> Iterator[Finding]:
    first = begun.get(stream)
    if stream == seed.event.stream and not stream.startswith("commodity/"):
        yield of(seed, "a line names other things than its own", f"it names {stream}")
    elif first is None:
        yield of(seed, "what a line names is recorded", f"nothing is recorded of {name}")
    elif first.learned > seed.learned:
        asked = f"what a line names is known on {shown(seed.learned)}, when its source was published"
        yield of(seed, asked, f"{name} is first told of on {shown(first.learned)}, in {first.place}", fault=False)


def _repeated_sources(seeds: Sequence[Seed]) -> Iterator[Finding]:
    seen: set[str | None] = set()
    for seed in seeds:
        repeats = seed.event.source.get("repeats")
        if repeats and repeats not in seen:
            yield of(seed, "the event whose source is repeated is recorded before", f"{repeats} is not")
        seen.add(seed.event.id)


def _streams(value: Any, under: str) -> Iterator[str]:
    """Every stream named; a code that stands for a group, where destinations are listed, names the group."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _streams(member, name)
    elif isinstance(value, list):
        for member in value:
            yield from _streams(member, under)
    elif isinstance(value, str) and STREAM.fullmatch(value):
        yield value
    elif isinstance(value, str) and under in PLACES and value in GROUP_OF_CODE:
        yield GROUP_OF_CODE[value]


def _goods(value: Any, under: str) -> Iterator[str]:
    """Every name of goods: in a scope, a line, a note, or as a part of other goods."""
    if isinstance(value, dict):
        if under in ("commodities", "commodity") and isinstance(value.get("name"), str):
            yield value["name"]
        for name, member in value.items():
            yield from _goods(member, name)
    elif isinstance(value, list):
        for member in value:
            yield from _goods(member, under)
    elif under == "parts" and isinstance(value, str):
        yield value
