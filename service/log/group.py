"""Requests decided one after another under one lock. What the log holds was read before, for all of them; the earlier
events of a stream alone are read when a decision asks for them, under the same lock."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service import errors
from service.domain.event import Earlier, ProposedEvent, RecordedEvent, RecordedRef, StreamSoFar
from service.log.about import About, about_each
from service.log.conditions import Condition, Subjects
from service.log.entry import Entry, Prepared, record, same_content
from service.log.read import Head
from service.log.requests import Outcome, RequestKey

Decide = Callable[[ProposedEvent, StreamSoFar], None]
Clock = Callable[[], datetime]

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of a request. `repeated`: its ids were recorded before with the same content, and nothing was added.

    `position` is the last of the events; `events` are in the order they were sent in.
    """

    events: tuple[RecordedEvent, ...]
    position: int
    repeated: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one request wants recorded, under which condition, and under which key it may be sent again."""

    batch: Sequence[Prepared]
    actor: str
    condition: Condition | None = None
    key: RequestKey | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the log holds of all that a group's requests touch: lengths of streams, and what they are about; entries and
    references by id; the first match of each condition; the outcomes of requests sent before, and their events by
    position. `earlier` reads the events of a stream that are of some types."""

    versions: Mapping[str, int]
    about: Mapping[str, frozenset[str]]
    entries: Mapping[str, Entry]
    refs: Mapping[str, RecordedRef]
    matches: Mapping[Condition, int | None]
    outcomes: Mapping[tuple[str, str], Outcome]
    events: Mapping[int, RecordedEvent]
    earlier: Callable[[str, Collection[str]], Sequence[RecordedEvent]]


class Group:
    """`accepted` are the new entries so far, in the order of their positions, `about` what each of them is about;
    `answered` the new outcomes of requests that bear a key."""

    def __init__(self, head: Head, known: Known, decide: Decide, clock: Clock, subjects: Subjects) -> None:
        self.accepted: list[Entry] = []
        self.about: About = {}
        self.answered: list[tuple[RequestKey, Outcome]] = []
        self._about = dict(known.about)
        self._matches = known.matches
        self._outcomes = dict(known.outcomes)
        self._events = dict(known.events)
        self._earlier = known.earlier
        self._read: dict[tuple[str, frozenset[str]], Sequence[RecordedEvent]] = {}
        self._subjects = subjects
        self._position = head.position
        self._recorded_at = head.recorded_at
        self._versions = dict(known.versions)
        self._entries = dict(known.entries)
        self._refs = dict(known.refs)
        self._decide = decide
        self._clock = clock

    def take(self, wanted: Wanted) -> Appended:
        """All of the request or nothing of it. Raises a Refused where a rule of the log or of the domain is broken.

        Sent again under its key, a request gets its first outcome again, be that a conflict.
        """
        key = wanted.key
        if key is None:
            return self._taken(wanted)
        first = self._outcomes.get((key.actor, key.key))
        if first is not None:
            first.check(key)
            events = tuple(self._events[position] for position in first.positions)
            return Appended(events, max(first.positions), repeated=True)
        try:
            taken = self._taken(wanted)
        except errors.Conflict as refusal:
            self._keep(key, Outcome(key.digest, refusal=refusal))
            raise
        self._events.update({event.position: event for event in taken.events})
        self._keep(key, Outcome(key.digest, tuple(event.position for event in taken.events)))
        return taken

    def _keep(self, key: RequestKey, outcome: Outcome) -> None:
        self._outcomes[key.actor, key.key] = outcome
        self.answered.append((key, outcome))

    def _taken(self, wanted: Wanted) -> Appended:
        batch, actor = wanted.batch, wanted.actor
        earlier = [self._entries[prepared.id] for prepared in batch if prepared.id in self._entries]
        if earlier:
            return _repeated(batch, earlier)
        if wanted.condition is not None:
            self._check_condition(wanted.condition)
        lengths = self._decided(batch)
        entries = self._recorded(batch, lengths, actor)
        self.accepted += entries
        events = tuple(entry.event for entry in entries)
        return Appended(events, events[-1].position, repeated=False)

    def _check_condition(self, condition: Condition) -> None:
        """Against what is committed, and against what this group has accepted so far."""
        met = self._matches.get(condition)
        if met is None:
            events = (entry.event for entry in self.accepted)
            met = next((e.position for e in events if condition.matches(e, self.about[e.position])), None)
        if met is not None:
            raise errors.ConditionFailed(f"The event at position {met} is one that must not have been recorded.")

    def _decided(self, batch: Sequence[Prepared]) -> list[int]:
        """The length of its stream before each event. Nothing outside this call changes, in case one is refused."""
        versions: dict[str, int] = {}
        refs: dict[str, RecordedRef] = {}
        lengths: list[int] = []
        for prepared in batch:
            proposed = prepared.proposed
            length = versions.get(proposed.stream) or self._versions.get(proposed.stream, 0)
            about = prepared.refers_to
            referred = about and (refs.get(about) or self._refs.get(about))
            with errors.at_event(len(lengths)):
                _check_version(proposed, length)
                self._decide(
                    proposed, StreamSoFar(length, referred or None, self._so_far(proposed.stream, batch, lengths))
                )
            versions[proposed.stream] = length + 1
            refs[prepared.id] = RecordedRef(prepared.id, proposed.stream, proposed.type)
            lengths.append(length)
        self._versions.update(versions)
        self._refs.update(refs)
        return lengths

    def _so_far(self, stream: str, batch: Sequence[Prepared], lengths: Sequence[int]) -> Earlier:
        """Reads a stream: what is committed, what this group has accepted, and what the same batch says before, which
        is as much of it as has its length."""

        def earlier(types: Collection[str]) -> list[RecordedEvent]:
            accepted = [e.event for e in self.accepted if e.event.stream == stream and e.event.type in types]
            said = [
                self._as_if_recorded(prepared, number, length)
                for number, (prepared, length) in enumerate(zip(batch, lengths, strict=False))
                if prepared.proposed.stream == stream and prepared.proposed.type in types
            ]
            return [*self._committed(stream, frozenset(types)), *accepted, *said]

        return earlier

    def _committed(self, stream: str, types: frozenset[str]) -> Sequence[RecordedEvent]:
        """Read once for a group: nobody else can add to it while the lock is held."""
        if (stream, types) not in self._read:
            self._read[stream, types] = self._earlier(stream, types)
        return self._read[stream, types]

    def _as_if_recorded(self, prepared: Prepared, number: int, length: int) -> RecordedEvent:
        """An event of a batch that is being decided, as it will be recorded where all of the batch is."""
        moment = self._recorded_at or self._clock()
        return record(prepared, self._position + number + 1, length + 1, moment, "").event

    def _recorded(self, batch: Sequence[Prepared], lengths: Sequence[int], actor: str) -> list[Entry]:
        now = self._clock()
        entries = []
        for prepared, length in zip(batch, lengths, strict=True):
            # Two events may fall into one microsecond, and a clock may be set back: the order of the log is kept.
            if self._recorded_at is not None and now <= self._recorded_at:
                now = self._recorded_at + _MICROSECOND
            self._position += 1
            self._recorded_at = now
            entry = record(prepared, self._position, length + 1, now, actor)
            self._entries[prepared.id] = entry
            entries.append(entry)
        found = about_each((entry.event for entry in entries), self._about, self._subjects)
        self._about |= {entry.event.stream: found[entry.event.position] for entry in entries}
        self.about |= found
        return entries


def _check_version(proposed: ProposedEvent, length: int) -> None:
    expected = proposed.expected_version
    if expected is not None and expected != length:
        fault = errors.FieldError("/expected_version", f"the stream is at version {length}")
        raise errors.VersionConflict(f"The stream was expected at another version; it is at {length}.", [fault])


def _repeated(batch: Sequence[Prepared], earlier: Sequence[Entry]) -> Appended:
    """The first outcome again, where all of the batch is recorded with the same content."""
    by_id = {entry.event.id: entry for entry in earlier}
    for index, prepared in enumerate(batch):
        entry = by_id.get(prepared.id)
        if entry is not None and not same_content(entry, prepared):
            at = entry.event.position
            fault = errors.FieldError("/id", f"the id of the event at position {at}")
            with errors.at_event(index):
                raise errors.IdConflict(f"The id belongs to the event at position {at}, of another content.", [fault])
    if len(earlier) < len(batch):
        raise errors.PartlyRecorded(
            f"Of the {len(batch)} events of the batch {len(earlier)} are recorded; a batch is recorded as a whole."
        )
    events = tuple(entry.event for entry in earlier)
    return Appended(events, max(event.position for event in events), repeated=True)
