"""The log out to a file that is verified without a database, and in again into an empty one.

One line of canonical JSON for each event, between a first and a last line that say what the file holds. The same log
gives the same bytes. docs/log-format.md tells outsiders the same.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.exc import IntegrityError

from service.errors import Conflict, Tampered
from service.log import read
from service.log.about import about_each, about_nothing, so_far
from service.log.append import Project, store_entries
from service.log.checkpoint import Checkpoint, signed_checkpoint
from service.log.conditions import Subjects
from service.log.database import reading, writing
from service.log.entry import Entry, entry_of, enveloped
from service.log.exported import FORMAT, VERSION, Export, line_of
from service.log.note import SigningKey
from service.log.progress import Progress, silent
from service.log.replay import Replay, readable
from service.log.tables import events, head

# Few, because nothing tells how large the events are before they are read.
READ_TOGETHER = 100


def export(connection: Connection, key: SigningKey | None = None, progress: Progress = silent) -> Iterator[bytes]:
    """The lines of the log, each with its line break, all of one state of the database.

    What is written is verified on its way. Raises Tampered, so that nobody keeps an export that proves nothing.
    """
    end = read.read_head(connection)
    yield line_of({"format": FORMAT, "version": VERSION, "epoch": end.epoch, "size": end.position})
    replay = Replay([Checkpoint(end.position, end.root)])
    for rows in read.row_batches(connection, end.position, size=READ_TOGETHER):
        for row in rows:
            with readable(replay.position + 1):
                entry = entry_of(row)
                replay.take(entry)
            yield line_of(_written(entry))
        progress(replay.position, end.position)
    replay.end()
    note = signed_checkpoint(Checkpoint(end.position, end.root), key) if key else None
    yield line_of({"epoch": end.epoch, "size": end.position, "root": end.root.hex(), "checkpoint": note})


def _written(entry: Entry) -> dict[str, Any]:
    event = entry.event
    payload = {"data": event.data, "source": event.source, "salt": entry.salt.hex() if entry.salt is not None else None}
    return enveloped(event, entry.digest) | payload | {"hash": event.hash}


def import_export(
    engine: Engine,
    export: Export,
    project: Project,
    subjects: Subjects = about_nothing,
    progress: Progress = silent,
) -> int:
    """Records the events of an export as they were; returns how many were not there yet.

    The database holds nothing but the beginning of the export, be it no event at all, or what was imported before an
    interruption. Raises Tampered where the export is bad, and Conflict where the database holds anything else; the
    lists of events before that are stored.
    """
    before = _head(engine).position
    if before > export.size:
        raise Conflict(f"The database holds {before} events, more than the {export.size} of the file.")
    for batch in export.batches():
        take_in(engine, batch, export.epoch, project, subjects)
        progress(batch[-1].event.position, export.size)
    after = _head(engine)
    if (after.position, after.root) != (export.size, export.root):
        raise Conflict(f"The database's root, at position {after.position}, is not that of the file.")
    return after.position - before


def _head(engine: Engine) -> read.Head:
    with reading(engine) as connection:
        return read.read_head(connection)


def take_in(
    engine: Engine, batch: Sequence[Entry], epoch: int, project: Project, subjects: Subjects = about_nothing
) -> None:
    """Stores those entries of a checked list that are not there yet, with the read models, in one transaction."""
    try:
        with writing(engine) as connection:
            before = read.locked_head(connection)
            there = [entry for entry in batch if entry.event.position <= before.position]
            _compare(connection, there)
            if new := batch[len(there) :]:
                recorded = [entry.event for entry in new]
                known = so_far(connection, sorted({event.stream for event in recorded}))
                store_entries(connection, before, new, about_each(recorded, known.about, subjects))
                project(connection, recorded)
                # The head's epoch never falls, and neither does that of what it was imported from.
                connection.execute(update(head).where(head.c.epoch < epoch).values(epoch=epoch))
    except IntegrityError as error:
        first, last = batch[0].event.position, batch[-1].event.position
        raise Tampered(f"An event between positions {first} and {last} has the id of another event.", first) from error


def _compare(connection: Connection, entries: Sequence[Entry]) -> None:
    """Raises Conflict at the first event that the database holds otherwise."""
    if not entries:
        return
    first, last = entries[0].event.position, entries[-1].event.position
    query = select(events.c.hash).where(events.c.position.between(first, last)).order_by(events.c.position)
    for entry, hash_ in zip(entries, connection.scalars(query), strict=True):
        if entry.event.hash != hash_.hex():
            at = entry.event.position
            raise Conflict(f"The event at position {at} of the database is not that of the file.")
