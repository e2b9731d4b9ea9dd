"""Whether a database still holds what was appended: everything is computed again from the events, and compared.

Without a checkpoint this finds every change that leaves any trace: whoever rewrites all of it, hashes and tree and
head, leaves none. A checkpoint kept elsewhere finds that too.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.exc import DBAPIError

from service.errors import Tampered
from service.log import merkle, read
from service.log.checkpoint import Checkpoint
from service.log.database import reading
from service.log.entry import entry_of
from service.log.failures import DAMAGED, failure_of
from service.log.progress import Progress, silent
from service.log.replay import Replay, readable
from service.log.tables import events, nodes, payloads


def verify(connection: Connection, kept: Sequence[Checkpoint] = (), progress: Progress = silent) -> read.Head:
    """Verifies all of the log against itself and against checkpoints kept elsewhere; returns its head.

    Reads everything once, in pieces. Raises Tampered at the first position that is not as it was appended.
    """
    with _undamaged("the head cannot be read"):
        head = read.read_head(connection)
    replay = Replay(kept)
    inner_nodes = sum(_verified(connection, head, replay, progress))
    with _undamaged("its tables cannot be read to their end"):
        _check_end(connection, head, replay, inner_nodes)
    replay.end()
    return head


def _verified(connection: Connection, head: read.Head, replay: Replay, progress: Progress) -> Iterator[int]:
    """How many inner nodes each piece of the log completes. Raises Tampered at the first event that cannot be read."""
    try:
        yield from _pieces(connection, head, replay, progress, at_once=1_000)
        return
    except DBAPIError as error:
        _raise_others(error)
    # One by one, on another connection: PostgreSQL reads nothing more in a transaction that failed.
    with reading(connection.engine) as again:
        try:
            yield from _pieces(again, head, replay, progress, at_once=1)
        except DBAPIError as error:
            _raise_others(error)
            position = replay.position + 1
            raise Tampered(f"The database is damaged: the event at {position} cannot be read.", position) from error


def _pieces(
    connection: Connection, head: read.Head, replay: Replay, progress: Progress, *, at_once: int
) -> Iterator[int]:
    for rows in read.row_batches(connection, head.position, replay.position, at_once):
        completed = dict(node for row in rows for node in _taken(row, replay))
        _compare_nodes(connection, completed, replay.position - len(rows), replay.position)
        progress(replay.position, head.position)
        yield len(completed)


def _raise_others(error: DBAPIError) -> None:
    """Raises the error again where it tells of anything but damaged pages."""
    if failure_of(error.orig or error) is not DAMAGED:
        raise error


@contextmanager
def _undamaged(said: str, position: int | None = None) -> Iterator[None]:
    """Raises Tampered where the database's own pages are damaged."""
    try:
        yield
    except DBAPIError as error:
        _raise_others(error)
        raise Tampered(f"The database is damaged: {said}.", position) from error


def _taken(row: Row[Any], replay: Replay) -> Iterable[tuple[merkle.Node, bytes]]:
    with readable(replay.position + 1):
        return replay.take(entry_of(row))


def _compare_nodes(connection: Connection, completed: dict[merkle.Node, bytes], before: int, through: int) -> None:
    with _undamaged(f"the tree's nodes of the events up to {through} cannot be read", before + 1):
        stored = _stored_nodes(connection, before, through)
    for node, hash_ in completed.items():
        if stored.get(node) != hash_:
            raise Tampered(
                f"The tree's node {node.at} of level {node.level} is not what its events give.",
                (node.at + 1) << node.level,
            )


def _stored_nodes(connection: Connection, before: int, through: int) -> dict[merkle.Node, bytes]:
    found = {}
    for level in range(1, through.bit_length()):
        first, end = before >> level, through >> level
        query = select(nodes).where(nodes.c.level == level, nodes.c.index >= first, nodes.c.index < end)
        found.update({merkle.Node(level_, at): hash_ for level_, at, hash_ in connection.execute(query)})
    return found


def _check_end(connection: Connection, head: read.Head, replay: Replay, inner_nodes: int) -> None:
    if replay.position != head.position:
        missing = replay.position + 1
        raise Tampered(f"The head is at position {head.position}; the event at {missing} is missing.", missing)
    if (head.root, list(head.peaks)) != (replay.root, replay.peaks):
        raise Tampered("The root hash in the head row differs from that of the events.")
    if head.recorded_at != replay.recorded_at:
        raise Tampered("The time in the head row differs from that of the last event.")
    for table, expected in ((events, head.position), (payloads, head.position), (nodes, inner_nodes)):
        count = connection.execute(select(func.count()).select_from(table)).scalar_one()
        if count != expected:
            raise Tampered(f"The table {table.name} holds {count} rows; the head says {expected}.", head.position + 1)
