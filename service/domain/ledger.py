"""A stream's records put together: copies of one report, its corrections, its retractions and its repeats (rule 29).

Each record is looked at a fixed number of times, so that a stream of thousands reads in milliseconds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from service.domain import catalogue
from service.domain.claims import Claim, Ledger, Record, SetAside, redacted
from service.domain.dates import Bounds, bounds
from service.domain.event_type import EventData
from service.domain.sources import Source, Tier

FIELDS = ("data", "effective")
"""What a correction may state."""


def ledger(stream: str, all_records: Sequence[Record]) -> Ledger:
    """The claims of a stream, from its records in order of position. A redacted record claims nothing any more."""
    reports = _Reports(_said(_readable(all_records)))
    void = _retracted(reports)
    set_aside = [
        SetAside(record.id, Tier.COMMENTARY, "redacted: what it said was removed", False)
        for record in all_records
        if redacted(record)
    ]
    set_aside += void.set_aside
    claims: list[Claim] = []
    unfollowed: list[Claim] = []
    for original in reports.originals:
        report = _Report(original, void.ranks.get(original.id, 0))
        corrections = [one for one in reports.corrections.get(original.id, ()) if one.id not in void.ranks]
        set_aside += [aside for one in corrections for aside in report.correct(one)]
        if report.stands:
            claims.append(_claim(report, reports, void.still_repeating(reports.repeats.get(original.id, ()), reports)))
        unfollowed += _unfollowed(report, reports.corrections.get(original.id, ()))
    position = all_records[-1].position if all_records else 0
    return Ledger(stream, tuple(claims), tuple(dict.fromkeys(set_aside)), position, tuple(unfollowed))


@dataclass(slots=True)
class _Said:
    """A record with its source read. `written` is the source as text. `speaks_of` is the event that it is about: None
    of a record that claims something of the world."""

    record: Record
    source: Source
    written: str
    id: str
    rank: int
    speaks_of: str | None

    def states(self, name: str) -> bool:
        """Whether it says anything of a field. What claims something of the world says all that it does not leave out,
        and what it leaves out no lower tier may add to it."""
        return self.speaks_of is None or self.record.data.get(name) is not None

    def aside(self, reason: str, *, conflicting: bool = False) -> SetAside:
        return SetAside(self.id, self.source.tier, reason, conflicting)


def _said(records: Sequence[Record]) -> list[_Said]:
    """The records with their sources, each source read once however many records are its own."""
    sources: dict[str, Source] = {}
    said = []
    for record in records:
        written = record.source_as_text
        source = sources.get(written)
        if source is None:
            source = sources[written] = Source.model_validate(record.source)
        target = record.data["event"] if record.type in catalogue.ABOUT_RECORDS else None
        said.append(_Said(record, source, written, record.id, source.tier.rank, target))
    return said


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


class _Reports:
    """The records with copies put together: stream, type, day, data and source alike are one report.

    `first` leads from an id to that of the first copy, `copies` back. `corrections` and `repeats` are by the original
    that they speak of in the end.
    """

    def __init__(self, said: Sequence[_Said]) -> None:
        self.first: dict[str, str] = {}
        self.by_id: dict[str, _Said] = {}
        self.copies: dict[str, list[_Said]] = {}
        self.originals: list[_Said] = []
        self.corrections: dict[str, list[_Said]] = {}
        self.repeats: dict[str, list[_Said]] = {}
        self._roots: dict[str, str | None] = {}
        known: dict[object, str] = {}
        for one in said:
            first = known.setdefault(self._content(one), one.id)
            self.first[one.id] = first
            self.copies.setdefault(first, []).append(one)
            if first == one.id:
                self.by_id[one.id] = one
                self._place(one)

    def _content(self, one: _Said) -> str | tuple[object, ...]:
        """What two copies have in common. What a stream takes once is posted again only to be said anew."""
        record, target = one.record, one.speaks_of
        if catalogue.TYPES[record.type].once:
            return record.id
        first = self.first[target] if target else None
        said = record if first in (None, target) else replace(record, data={**record.data, "event": first})
        return (record.type, record.schema_version, record.effective, said.data_as_text, one.written)

    def _place(self, one: _Said) -> None:
        target = one.speaks_of
        if target is None:
            self.originals.append(one)
            self._roots[one.id] = one.id
            return
        root = self._roots[self.first[target]]
        # What speaks of a retraction says nothing of the claim that was retracted.
        self._roots[one.id] = root if one.record.type != "record.retracted" else None
        spoken = {"record.corrected": self.corrections, "record.repeated": self.repeats}.get(one.record.type)
        if root is not None and spoken is not None:
            spoken.setdefault(root, []).append(one)


@dataclass(frozen=True, slots=True)
class _Void:
    """What was retracted, each with the highest rank that retracted it, by the id of its first copy."""

    ranks: Mapping[str, int]
    set_aside: Sequence[SetAside]

    def still_repeating(self, repeats: Sequence[_Said], reports: _Reports) -> list[_Said]:
        """The repeats that still repeat something: neither they nor what they repeat was retracted."""
        gone = set(self.ranks)
        kept = []
        for one in repeats:
            if one.id in gone or reports.first[one.speaks_of or ""] in gone:
                gone.add(one.id)
            else:
                kept.append(one)
        return kept


def _retracted(reports: _Reports) -> _Void:
    """Later records first, since a retraction may itself be retracted later on."""
    ranks: dict[str, int] = {}
    set_aside: list[SetAside] = []
    for one in reversed(reports.by_id.values()):
        if one.record.type != "record.retracted" or one.id in ranks:
            continue
        target = reports.by_id[reports.first[one.speaks_of or ""]]
        if one.rank < target.rank:
            set_aside.append(
                one.aside(f"a {one.source.tier} source cannot retract a higher one's claim", conflicting=True)
            )
            continue
        if target.id not in ranks:
            set_aside += [copy.aside(f"retracted by event {one.id}") for copy in reports.copies[target.id]]
        ranks[target.id] = max(one.rank, ranks.get(target.id, 0))
    return _Void(ranks, set_aside)


@dataclass(slots=True)
class _Held:
    """Who said what stands of a field, and the rank that stands behind it: 0 where it was retracted."""

    by: _Said
    rank: int


class _Report:
    """One report as corrected so far: the latest word on each field that no other outranks.

    `source` is whose words the data are; or a later source of at least their rank that let them stand. A correction
    that outranks the retraction of its original stands: nobody takes away what a higher tier said.
    """

    def __init__(self, original: _Said, retracted_by: int) -> None:
        rank = 0 if retracted_by else original.rank
        self.original = original
        self.stands = not retracted_by
        self.held = {name: _Held(original, rank) for name in FIELDS}
        self.source = _Held(original, rank)
        self.retracted_by = retracted_by

    def correct(self, one: _Said) -> list[SetAside]:
        """Takes what a correction states; one that states no field vouches for all of them. Returns what that sets
        aside."""
        if one.rank <= self.retracted_by:
            return [one.aside(f"event {self.original.id}, which it corrects, was retracted")]
        self.stands = True
        stated = [name for name in FIELDS if one.states(name)]
        taken = [name for name in stated or FIELDS if one.rank >= self.held[name].rank]
        set_aside = [
            self.held[name].by.aside(f"corrected by event {one.id}")
            if name in taken
            else one.aside(f"outranked by event {self.held[name].by.id}", conflicting=True)
            for name in stated or FIELDS
            if name not in taken or self.held[name].rank
        ]
        for name in taken:
            self.held[name] = _Held(one if stated else self.held[name].by, one.rank)
        restated = "data" in stated and "data" in taken
        if restated or (taken and one.rank >= self.source.rank):
            self.source = _Held(one, one.rank)
        return set_aside


def _claim(report: _Report, reports: _Reports, repeats: Sequence[_Said]) -> Claim:
    """What stands of a report. Its events are first its own, then those of its corrections, copies and repeats."""
    source, data, day = report.source.by, report.held["data"].by, report.held["effective"].by
    rests_on = dict.fromkeys(one.id for one in (source, data, day))
    own = {} if report.retracted_by else {report.original.id: None}
    events = [copy.id for id_ in own | rests_on for copy in reports.copies[id_]]
    return _claimed(
        report.original,
        data,
        day,
        position=report.original.record.position,
        said=((source.id, source.source), *((one.id, one.source) for one in repeats)),
        events=tuple(dict.fromkeys((*events, *(one.id for one in repeats)))),
    )


def _unfollowed(report: _Report, corrections: Sequence[_Said]) -> Iterator[Claim]:
    """Each version of a report's data that is not followed, as it was claimed."""
    followed = report.held["data"].by if report.stands else None
    for one in (report.original, *corrections):
        if one is not followed and one.states("data"):
            day = one if one.states("effective") else report.original
            said = ((one.id, one.source),)
            yield _claimed(report.original, one, day, position=one.record.position, said=said, events=(one.id,))


def _claimed(
    original: _Said,
    data: _Said,
    day: _Said,
    *,
    position: int,
    said: tuple[tuple[str, Source], ...],
    events: tuple[str, ...],
) -> Claim:
    """The claim that an original makes in the data of one record and with the day of another."""
    record, source = original.record, said[0][1]
    effective = record.effective if day is original else day.record.data["effective"]
    return Claim(
        position=position,
        type=record.type,
        data=_data(original, data),
        day=_day(effective, source, record.recorded_on),
        tier=source.tier,
        said=said,
        events=events,
        recorded_on=record.recorded_on,
    )


def _data(original: _Said, data: _Said) -> EventData:
    record = data.record
    if data is original:
        return record.claimed
    return catalogue.read(original.record.type, record.data.get("data_version", 1), record.data["data"])


def _day(effective: str | None, source: Source, recorded_on: date) -> Bounds:
    """Some day up to the source's own where nobody states the day of the act."""
    if effective is not None:
        return bounds(effective)
    return Bounds(None, source.speaks_through or recorded_on)
