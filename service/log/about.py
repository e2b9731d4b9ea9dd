"""What events are about, to find them again by: what an event names itself, and what its stream was about before it.

A suspension names no country, and is about the country of the measure that it suspends. Each event is kept with all
that it is about, so that a look-up is one index's; what a stream is about so far is what its last event is about.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import BindParameter, Connection, bindparam, delete, func, insert, select

from service.domain.event import RecordedEvent
from service.log import read
from service.log.conditions import Subjects
from service.log.tables import events, subjects

About = dict[int, frozenset[str]]
"""What events are about, by their positions."""

_STREAMS: BindParameter[str] = bindparam("some", expanding=True)
_later = events.alias()
_last = select(func.max(_later.c.position)).where(_later.c.stream == events.c.stream).scalar_subquery()
_LAST = select(events.c.stream, _last.label("last")).where(events.c.version == 1, events.c.stream.in_(_STREAMS))
_of_last = _LAST.subquery()
_SO_FAR = select(_of_last.c.stream, subjects.c.subject).join(subjects, subjects.c.position == _of_last.c.last)
_INSERT = insert(subjects)
AT_ONCE = 500


def so_far(connection: Connection, streams: Sequence[str]) -> dict[str, frozenset[str]]:
    """What streams are about; one that is about nothing, or holds nothing, is left out."""
    found: dict[str, set[str]] = {}
    for start in range(0, len(streams), AT_ONCE):
        for row in connection.execute(_SO_FAR, {"some": streams[start : start + AT_ONCE]}):
            found.setdefault(row.stream, set()).add(row.subject)
    return {stream: frozenset(about) for stream, about in found.items()}


def about_each(
    following: Iterable[RecordedEvent], before: Mapping[str, frozenset[str]], subjects_of: Subjects
) -> About:
    """What each event is about, after what their streams were about before."""
    known, about = dict(before), {}
    for event in following:
        known[event.stream] = known.get(event.stream, frozenset()) | frozenset(subjects_of(event))
        about[event.position] = known[event.stream]
    return about


def index(connection: Connection, about: About) -> None:
    rows = [{"subject": one, "position": at} for at, named in about.items() for one in sorted(named)]
    if rows:
        connection.execute(_INSERT, rows)


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
