"""Roots and proofs of the log's tree, read from the database; each takes one query, whatever the tree's size."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, or_, select

from service import errors
from service.log import merkle
from service.log.merkle import Node
from service.log.tables import events, nodes


def root_at(connection: Connection, size: int) -> bytes:
    """The root after the first `size` events. The caller knows that the log has reached it."""
    return merkle.root(size, fetching(connection))


def inclusion_proof(connection: Connection, position: int, size: int) -> list[bytes]:
    """Proves the event at a position, counted from 1, in the tree of the first `size` events, which hold it."""
    return merkle.inclusion_proof(position - 1, size, fetching(connection))


def consistency_proof(connection: Connection, old: int, size: int) -> list[bytes]:
    """Proves that the tree of `size` events begins with that of the first `old`.

    Raises InvalidRequest where old is 0 or above `size`: RFC 6962 has no such proof.
    """
    if not 0 < old <= size:
        raise errors.InvalidRequest(f"There is no consistency proof from size {old} to size {size}.")
    return merkle.consistency_proof(old, size, fetching(connection))


def fetching(connection: Connection) -> merkle.Fetch:
    def fetch(wanted: Sequence[Node]) -> dict[Node, bytes]:
        found = leaves(connection, [node.at for node in wanted if node.level == 0])
        inner = [node for node in wanted if node.level > 0]
        if inner:
            names = {f"level_{number}": node.level for number, node in enumerate(inner)}
            names |= {f"at_{number}": node.at for number, node in enumerate(inner)}
            rows = connection.execute(_nodes_named(len(inner)), names)
            found.update({Node(level, at): hash_ for level, at, hash_ in rows})
        return found

    return fetch


@cache
def _nodes_named(count: int) -> Select[Any]:
    """One condition for each node: SQLite reads the whole table for a pair in a list of pairs. Kept, because putting it
    together costs more than running it; there are no more counts than twice the height of a tree."""
    named = (
        and_(nodes.c.level == bindparam(f"level_{number}"), nodes.c.index == bindparam(f"at_{number}"))
        for number in range(count)
    )
    return select(nodes).where(or_(*named))


def leaves(connection: Connection, indexes: Sequence[int]) -> dict[Node, bytes]:
    """Leaf hashes by their index in the tree, which is the event's position less one."""
    if not indexes:
        return {}
    query = select(events.c.position, events.c.hash).where(events.c.position.in_([index + 1 for index in indexes]))
    return {Node(0, row.position - 1): row.hash for row in connection.execute(query)}
