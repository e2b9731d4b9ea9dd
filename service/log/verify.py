"""Whether a database still holds what was appended: everything is computed again from the events, and compared.

Without a checkpoint this finds every change that leaves any trace: whoever rewrites all of it, hashes and tree and
head, leaves none. A checkpoint kept elsewhere finds that too.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from service.errors import Tampered
from service.log import merkle, read
from service.log.checkpoint import Checkpoint
from service.log.entry import entry_of
from service.log.progress import Progress, silent
from service.log.replay import Replay, readable
from service.log.tables import events, nodes, payloads


def verify(connection: Connection, kept: Sequence[Checkpoint] = (), progress: Progress = silent) -> read.Head:
    """Verifies all of the log against itself and against checkpoints kept elsewhere; returns its head.

    Reads everything once, in pieces. Raises Tampered at the first position that is not as it was appended.
    """
    head = read.read_head(connection)
    replay = Replay(kept)
    inner_nodes = 0
    for rows in read.row_batches(connection, head.position):
        completed = dict(node for row in rows for node in _taken(row, replay))
        _compare_nodes(connection, completed, replay.position - len(rows), replay.position)
        inner_nodes += len(completed)
        progress(replay.position, head.position)
    _check_end(connection, head, replay, inner_nodes)
    replay.end()
    return head


def _taken(row: Row[Any], replay: Replay) -> Iterable[tuple[merkle.Node, bytes]]:
    with readable(replay.position + 1):
        return replay.take(entry_of(row))


def _compare_nodes(connection: Connection, completed: dict[merkle.Node, bytes], before: int, through: int) -> None:
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
        raise Tampered("The root on the head is not the root of the events.")
    if head.recorded_at != replay.recorded_at:
        raise Tampered("The head's instant is not the last event's.")
    for table, expected in ((events, head.position), (payloads, head.position), (nodes, inner_nodes)):
        count = connection.execute(select(func.count()).select_from(table)).scalar_one()
        if count != expected:
            raise Tampered(f"The table {table.name} holds {count} rows; the head says {expected}.", head.position + 1)
