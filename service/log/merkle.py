"""The Merkle tree of RFC 6962, section 2.1, as pure functions over 32-byte hashes.

A complete subtree of 2**level leaves is named by its level and its place among the subtrees of that level; only those
are ever stored. Any other hash is the fold of the complete subtrees that its leaves are the sum of, so that the root
of every size and every proof follow from a number of nodes that grows with the logarithm of the size.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


class Node(NamedTuple):
    """The root of the complete subtree over the leaves from `at << level`, 2**level of them."""

    level: int
    at: int


class Span(NamedTuple):
    """The leaves from `start` up to, not including, `end`, as RFC 6962 divides a list."""

    start: int
    end: int


Fetch = Callable[[Sequence[Node]], Mapping[Node, bytes]]


class ProofError(Exception):
    """A proof that does not prove what it is shown for; the message says why."""


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def extend(peaks: Sequence[bytes], size: int, leaves: Iterable[bytes]) -> tuple[list[bytes], list[tuple[Node, bytes]]]:
    """The peaks of a tree of `size` leaves after more leaves, and every inner node that they complete."""
    grown = list(peaks)
    completed = []
    for index, leaf in enumerate(leaves, start=size):
        level, subtree = 0, leaf
        while index >> level & 1:
            subtree = node_hash(grown.pop(), subtree)
            level += 1
            completed.append((Node(level, index >> level), subtree))
        grown.append(subtree)
    return grown, completed


def fold(peaks: Sequence[bytes]) -> bytes:
    """The root over complete subtrees of falling sizes, left to right."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def peaks_of(span: Span) -> list[Node]:
    """The complete subtrees that a span is the sum of. `start` is a multiple of a power of two not below its length."""
    found = []
    start = span.start
    while start < span.end:
        level = (span.end - start).bit_length() - 1
        found.append(Node(level, start >> level))
        start += 1 << level
    return found


def _split(span: Span) -> int:
    """Where RFC 6962 divides a list of two or more: after the largest power of two below its length."""
    return span.start + (1 << ((span.end - span.start - 1).bit_length() - 1))


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The spans whose hashes prove that leaf `index` (from 0) is in a tree of `size`, from the leaf upwards."""
    if not 0 <= index < size:
        raise ValueError(f"A tree of {size} leaves has no leaf {index}.")
    path = []
    span = Span(0, size)
    while span.end - span.start > 1:
        middle = _split(span)
        left, right = Span(span.start, middle), Span(middle, span.end)
        span, sibling = (left, right) if index < middle else (right, left)
        path.append(sibling)
    return path[::-1]


def consistency_spans(old: int, size: int) -> list[Span]:
    """The spans whose hashes prove that a tree of `size` begins with the tree of its first `old` leaves.

    Raises ValueError for an old size of 0: everything begins with nothing, and the RFC defines no proof of it.
    """
    if not 0 < old <= size:
        raise ValueError(f"There is no consistency proof from size {old} to size {size}.")
    path = []
    span = Span(0, size)
    while old != span.end:
        middle = _split(span)
        left, right = Span(span.start, middle), Span(middle, span.end)
        span, sibling = (left, right) if old <= middle else (right, left)
        path.append(sibling)
    # Where the old tree is itself one of the new one's left subtrees, the verifier holds its root already.
    if span.start > 0:
        path.append(span)
    return path[::-1]


def hashes_of(spans: Sequence[Span], fetch: Fetch) -> list[bytes]:
    """The hashes of spans, all their nodes fetched at once."""
    parts = [peaks_of(span) for span in spans]
    known = fetch([node for nodes in parts for node in nodes])
    return [fold([known[node] for node in nodes]) for nodes in parts]


def root(size: int, fetch: Fetch) -> bytes:
    """The root that the tree had at a size, now or earlier."""
    return hashes_of([Span(0, size)], fetch)[0]


def inclusion_proof(index: int, size: int, fetch: Fetch) -> list[bytes]:
    return hashes_of(inclusion_spans(index, size), fetch)


def consistency_proof(old: int, size: int, fetch: Fetch) -> list[bytes]:
    return hashes_of(consistency_spans(old, size), fetch)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes) -> None:
    """RFC 9162, section 2.1.3.2. Raises ProofError."""
    if not 0 <= index < size:
        raise ProofError(f"A tree of {size} leaves has no leaf {index}.")
    if len(leaf) != HASH_BYTES:
        raise ProofError("The leaf is no SHA-256 hash.")
    last, computed = size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofError("The proof is longer than the tree is high.")
        if index & 1 or index == last:
            computed = node_hash(sibling, computed)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        index, last = index >> 1, last >> 1
    if last != 0:
        raise ProofError("The proof is shorter than the tree is high.")
    if computed != expected_root:
        raise ProofError("The proof leads to another root.")
