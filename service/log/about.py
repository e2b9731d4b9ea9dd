"""What events are about, to find them again by: what an event names itself, and what its stream was about before it.

A suspension names no country, and is about the country of the measure that it suspends. Each event is kept with all
that it is about, so that a look-up is one index's; what a stream is about so far is what its last event is about.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from service.domain.event import RecordedEvent
from service.log import read
from service.log.conditions import Subjects
from service.log.dialect import Insert, Listed, Values, insert
from service.log.tables import events, subjects

About = dict[int, frozenset[str]]
"""What events are about, by their positions."""

# Looked up stream by stream: joined, PostgreSQL reads all events for a plan that it made while there were few.
_SO_FAR = Listed(
    "SELECT listed.value, (SELECT max(version) FROM events WHERE stream = listed.value), "
    "(SELECT {joined}(subject, {line}) FROM subjects WHERE position = "
    "(SELECT position FROM events WHERE stream = listed.value ORDER BY version DESC LIMIT 1)) FROM {listed}"
)
_INSERT = Insert(subjects)


@dataclass(frozen=True, slots=True)
class StreamsSoFar:
    """How many events streams hold, and what they are about; one that holds nothing, or is about nothing, is left
    out."""

    versions: dict[str, int]
    about: dict[str, frozenset[str]]


def about_nothing(_event: RecordedEvent) -> tuple[str, ...]:
    """No event is found again by what it is about."""
    return ()


def so_far(connection: Connection, streams: Sequence[str]) -> StreamsSoFar:
    versions: dict[str, int] = {}
    found: dict[str, frozenset[str]] = {}
    for stream, version, about in _SO_FAR.rows(connection, streams):
        if version is not None:
            versions[stream] = version
        if about is not None:
            found[stream] = frozenset(about.split("\n"))
    return StreamsSoFar(versions, found)


def of_each(connection: Connection, positions: Sequence[int]) -> dict[int, set[str]]:
    """What recorded events are about, by their positions."""
    found: dict[int, set[str]] = {}
    for row in connection.execute(select(subjects).where(subjects.c.position.in_(positions))):
        found.setdefault(row.position, set()).add(row.subject)
    return found


def about_each(
    following: Iterable[RecordedEvent], before: Mapping[str, frozenset[str]], subjects_of: Subjects
) -> About:
    """What each event is about, after what their streams were about before."""
    known, about = dict(before), {}
    for event in following:
        known[event.stream] = known.get(event.stream, frozenset()) | frozenset(subjects_of(event))
        about[event.position] = known[event.stream]
    return about


def rows_of(about: About) -> tuple[Insert, list[Values]]:
    """What is to be written of what events are about."""
    return _INSERT, [(one, at) for at, named in about.items() for one in sorted(named)]


def index(connection: Connection, about: About) -> None:
    insert(connection, [rows_of(about)])


def index_again(connection: Connection, stream: str, subjects_of: Subjects) -> None:
    """Makes the rows of a stream anew, from what its events say by now: one of them was redacted."""
    ours = select(events.c.position).where(events.c.stream == stream)
    connection.execute(delete(subjects).where(subjects.c.position.in_(ours)))
    index(connection, about_each(read.stream_events(connection, stream), {}, subjects_of))


def index_all(connection: Connection, subjects_of: Subjects) -> None:
    """Makes the rows of a whole log anew, for a migration. What streams are about so far is held in memory."""
    connection.execute(delete(subjects))
    through = read.read_head(connection).position
    known: dict[str, frozenset[str]] = {}
    for batch in read.batches(connection, through):
        about = about_each(batch, known, subjects_of)
        known |= {event.stream: about[event.position] for event in batch}
        index(connection, about)
