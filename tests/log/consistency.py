"""What somebody outside does with a consistency proof."""

from collections.abc import Sequence

from service.log.merkle import ProofError, node_hash


def verify_consistency(old: int, size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """RFC 9162, section 2.1.4.2. Raises ProofError, for an old size of 0 as well: there is nothing to prove."""
    if not 0 < old <= size:
        raise ProofError(f"There is no consistency proof from size {old} to size {size}.")
    if old == size:
        if proof or old_root != new_root:
            raise ProofError("Two trees of one size are consistent where their roots are equal, without a proof.")
        return
    if not proof:
        raise ProofError("The proof is empty.")
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    _climb(old, size, path, old_root, new_root)


def _climb(old: int, size: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    index, last = old - 1, size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    old_computed = new_computed = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofError("The proof is longer than the tree is high.")
        if index & 1 or index == last:
            old_computed, new_computed = node_hash(sibling, old_computed), node_hash(sibling, new_computed)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            new_computed = node_hash(new_computed, sibling)
        index, last = index >> 1, last >> 1
    if last != 0:
        raise ProofError("The proof is shorter than the tree is high.")
    if old_computed != old_root or new_computed != new_root:
        raise ProofError("The proof leads to other roots.")
