"""The read models: one file each. All of them can be dropped and rebuilt from the log.

They run in the appending transaction, so a writer reads its own write. A read model is added as one file and one line
in MODELS.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, or_, select

from service.domain.event import RecordedEvent
from service.errors import Unavailable
from service.log import read
from service.log.dialect import Insert, Rows, Update, fetch, insert, write
from service.log.read import Said
from service.projections import checks, commodities, companies, groups, licenses, milestones, notes, restrictions
from service.projections.keys import Before, keys_of
from service.projections.read_model import ReadModel
from service.projections.tables import COUNTRY, FORM, TABLES, TIER, live, lookups

__all__ = ["MODELS", "TABLES", "project", "project_into"]

MODELS: tuple[ReadModel[Any], ...] = (
    restrictions.MODEL,
    licenses.MODEL,
    milestones.MODEL,
    companies.MODEL,
    notes.MODEL,
    commodities.MODEL,
    groups.MODEL,
    checks.MODEL,
)
OF_NOUN = {model.noun: model for model in MODELS}

Row = tuple[int, str, str, str, int]
NOTHING_BEFORE = Before()
_NEW, _MORE = Insert(lookups), Insert(lookups, kept=True)
"""The keys of a stream that begins, and of one that goes on: a key that is there already stays as it is."""
_STANDING = f"SELECT generation, position, form FROM {live.name}"  # noqa: S608
_STAND_AT = Update(f"UPDATE {live.name} SET position = ?, form = {FORM}")  # noqa: S608


def project(connection: Connection, events: Sequence[RecordedEvent]) -> None:
    """Brings the live read models up to the last of the events, under the log's lock, with their position.

    Raises Unavailable where they do not stand right before the first event: rows that miss an event would lie.
    """
    ((generation, position, form),) = fetch(connection, _STANDING)
    # Before the first event there is no row of another form.
    if position != events[0].position - 1 or (position and form != FORM):
        raise Unavailable(
            f"The read models stand at log position {position} in form {form}, not at "
            f"{events[0].position - 1} in form {FORM}. Nothing was stored; run `lodestone rebuild`."
        )
    write(connection, _rows_of(connection, events, generation), _STAND_AT, (events[-1].position,))
    _forget(connection, events)


def project_into(connection: Connection, events: Sequence[RecordedEvent | Said], generation: int) -> None:
    """Brings the rows of one generation up to the last of the events, which follow those projected before."""
    insert(connection, _rows_of(connection, events, generation))
    _forget(connection, events)


def _rows_of(connection: Connection, events: Sequence[RecordedEvent | Said], generation: int) -> Rows:
    by_stream: dict[str, list[RecordedEvent | Said]] = {}
    for event in events:
        by_stream.setdefault(event.stream, []).append(event)
    begun = sorted(stream for stream, found in by_stream.items() if found[0].version > 1)
    before = _before(connection, begun, generation) if begun else {}
    rows: dict[bool, list[Row]] = {True: [], False: []}
    for stream, found in by_stream.items():
        known = before.get(stream, NOTHING_BEFORE)
        rows[found[0].version == 1] += _rows(connection, stream, found, generation, known)
    return [(_NEW, rows[True]), (_MORE, rows[False])]


def _forget(connection: Connection, events: Sequence[RecordedEvent | Said]) -> None:
    for stream in {event.stream for event in events if event.type == "record.redacted"}:
        _redact(connection, stream)


def _before(connection: Connection, streams: Sequence[str], generation: int) -> dict[str, Before]:
    """What is known of streams so far."""
    ours = (lookups.c.generation == generation) & lookups.c.stream.in_(streams)
    wanted = or_(*(lookups.c.key.between(word, f"{word.rstrip()}!") for word in (COUNTRY, TIER)))
    found: dict[str, dict[str, set[str]]] = {}
    for row in connection.execute(select(lookups.c.stream, lookups.c.key).where(ours, wanted)):
        word, _, rest = row.key.partition(" ")
        found.setdefault(row.stream, {}).setdefault(f"{word} ", set()).add(rest)
    return {
        stream: Before(frozenset(keys.get(COUNTRY, ())), frozenset(keys.get(TIER, ())))
        for stream, keys in found.items()
    }


def _rows(
    connection: Connection,
    stream: str,
    events: Sequence[RecordedEvent | Said],
    generation: int,
    before: Before,
) -> list[Row]:
    """A row for each key that the events give their stream."""
    model = OF_NOUN[stream.partition("/")[0]]
    keys = keys_of(events, model.keys, before, dated=model.dated)
    if events[0].version > 1 and not _countries_of(keys) <= before.countries:
        # How far the record reaches about a country that a stream concerns from now on, its earlier records say too.
        keys = keys_of(read.stream_events(connection, stream), model.keys, dated=model.dated)
    return [(generation, model.noun, key, stream, position) for key, position in keys.items()]


def _countries_of(keys: Iterable[str]) -> set[str]:
    return {key.removeprefix(COUNTRY) for key in keys if key.startswith(COUNTRY)}


def _redact(connection: Connection, stream: str) -> None:
    """Forgets what a redacted event gave: the keys of the stream's other records stay, in every generation."""
    this = lookups.c.stream == stream
    generations = connection.scalars(select(lookups.c.generation).where(this).distinct()).all()
    connection.execute(delete(lookups).where(this))
    kept = read.stream_events(connection, stream)
    for generation in generations:
        insert(connection, [(_NEW, _rows(connection, stream, kept, generation, NOTHING_BEFORE))])
