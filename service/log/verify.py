"""Whether a database still holds what was appended: everything is computed again from the events, and compared.

Without a checkpoint this finds every change that leaves any trace: whoever rewrites all of it, hashes and tree and
head, leaves none. A checkpoint kept elsewhere finds that too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from service.errors import Tampered
from service.log import merkle, read
from service.log.canonical import canonical, leaf_hash, payload_digest
from service.log.checkpoint import Checkpoint
from service.log.entry import Entry, entry_of, envelope
from service.log.tables import events, nodes, payloads


@dataclass(slots=True)
class _Replay:
    """The log so far, computed again."""

    position: int = 0
    recorded_at: datetime | None = None
    peaks: list[bytes] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    inner_nodes: int = 0


def verify(connection: Connection, kept: Sequence[Checkpoint] = ()) -> read.Head:
    """Verifies all of the log against itself and against checkpoints kept elsewhere; returns its head.

    Reads everything once, in pieces. Raises Tampered at the first position that is not as it was appended.
    """
    head = read.read_head(connection)
    roots = {checkpoint.size: checkpoint.root for checkpoint in sorted(kept, key=lambda kept: kept.size)}
    replay = _Replay()
    _check_root(0, merkle.EMPTY_ROOT, roots)
    for rows in read.row_batches(connection, head.position):
        for row in rows:
            _check_row(row, replay)
        _grow(connection, replay, [row.hash for row in rows], roots)
    _check_end(connection, head, replay)
    for size in roots:
        if size > head.position:
            raise Tampered(f"A checkpoint of {size} events was kept, and the log ends at {head.position}.")
    return head


def _check_row(row: Row[Any], replay: _Replay) -> None:
    at = replay.position + 1
    if row.position != at:
        raise Tampered(f"The event at position {at} is missing.", at)
    try:
        _check_entry(entry_of(row), replay)
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        # What was put there need not be JSON, nor an instant that a calendar holds.
        raise Tampered(f"The event at position {at} cannot be read.", at) from error


def _check_entry(entry: Entry, replay: _Replay) -> None:
    event = entry.event
    at = event.position
    if not _payload_holds(entry):
        raise Tampered(f"The payload at position {at} is not the one recorded.", at)
    if leaf_hash(envelope(event, entry.digest)).hex() != event.hash:
        raise Tampered(f"The event at position {at} is not the one recorded.", at)
    if canonical(event.metadata).decode() != entry.metadata:
        raise Tampered(f"The metadata at position {at} is not in its canonical form.", at)
    if event.version != replay.versions.get(event.stream, 0) + 1:
        raise Tampered(f"The version at position {at} does not follow in its stream.", at)
    if replay.recorded_at is not None and event.recorded_at <= replay.recorded_at:
        raise Tampered(f"The event at position {at} was recorded before the one it follows.", at)
    replay.position, replay.recorded_at = at, event.recorded_at
    replay.versions[event.stream] = event.version


def _payload_holds(entry: Entry) -> bool:
    """A redacted payload cannot be held against its digest any more; nothing follows from it either."""
    if entry.payload is None or entry.salt is None:
        return entry.payload is None and entry.salt is None
    return payload_digest(entry.salt, entry.payload.encode()) == entry.digest


def _grow(connection: Connection, replay: _Replay, leaves: Sequence[bytes], roots: dict[int, bytes]) -> None:
    """Takes the batch into the tree, and compares the nodes it completes and the roots kept on its way."""
    before = replay.position - len(leaves)
    computed: dict[merkle.Node, bytes] = {}
    for size, leaf in enumerate(leaves, start=before + 1):
        replay.peaks, completed = merkle.extend(replay.peaks, size - 1, [leaf])
        computed.update(completed)
        if size in roots:
            _check_root(size, merkle.fold(replay.peaks), roots)
    replay.inner_nodes += len(computed)
    stored = _stored_nodes(connection, before, replay.position)
    for node, hash_ in computed.items():
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


def _check_root(size: int, root: bytes, roots: dict[int, bytes]) -> None:
    if roots.get(size, root) != root:
        raise Tampered(f"The first {size} events are not those of the checkpoint kept.")


def _check_end(connection: Connection, head: read.Head, replay: _Replay) -> None:
    if replay.position != head.position:
        missing = replay.position + 1
        raise Tampered(f"The head is at position {head.position}; the event at {missing} is missing.", missing)
    if (head.root, list(head.peaks)) != (merkle.fold(replay.peaks), replay.peaks):
        raise Tampered("The root on the head is not the root of the events.")
    if head.recorded_at != replay.recorded_at:
        raise Tampered("The head's instant is not the last event's.")
    for table, expected in ((events, head.position), (payloads, head.position), (nodes, replay.inner_nodes)):
        count = connection.execute(select(func.count()).select_from(table)).scalar_one()
        if count != expected:
            raise Tampered(f"The table {table.name} holds {count} rows; the head says {expected}.", head.position + 1)
