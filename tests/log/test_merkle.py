"""The tree against RFC 6962: published roots and proofs, a definition written down word for word, and vectors."""

import base64
import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.log import merkle
from service.log.merkle import Node, ProofError, Span
from tests.log.consistency import verify_consistency

VECTORS = Path(__file__).parents[3] / "shared" / "vectors" / "merkle"

# The test tree of Certificate Transparency: eight inputs, the roots of its first one to eight leaves, and proofs.
INPUTS = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


class Tree:
    """A tree in memory that stores what the log's tables store: leaves, and inner nodes once they are complete."""

    def __init__(self, leaves: list[bytes], step: int = 1) -> None:
        self.leaves = leaves
        self.nodes = {Node(0, index): leaf for index, leaf in enumerate(leaves)}
        self.peaks: list[bytes] = []
        for start in range(0, len(leaves), step):
            self.peaks, completed = merkle.extend(self.peaks, start, leaves[start : start + step])
            for node, hash_ in completed:
                assert node not in self.nodes
                self.nodes[node] = hash_

    def fetch(self, wanted: object) -> dict[Node, bytes]:
        return {node: self.nodes[node] for node in wanted}  # type: ignore[attr-defined]


def tree_hash(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = largest_power_below(len(leaves))
    return hashlib.sha256(b"\x01" + tree_hash(leaves[:middle]) + tree_hash(leaves[middle:])).digest()


def audit_path(index: int, leaves: list[bytes]) -> list[bytes]:
    """Section 2.1.1."""
    if len(leaves) == 1:
        return []
    middle = largest_power_below(len(leaves))
    if index < middle:
        return [*audit_path(index, leaves[:middle]), tree_hash(leaves[middle:])]
    return [*audit_path(index - middle, leaves[middle:]), tree_hash(leaves[:middle])]


def subproof(old: int, leaves: list[bytes], known: bool = True) -> list[bytes]:
    """Section 2.1.2."""
    if old == len(leaves):
        return [] if known else [tree_hash(leaves)]
    middle = largest_power_below(len(leaves))
    if old <= middle:
        return [*subproof(old, leaves[:middle], known), tree_hash(leaves[middle:])]
    return [*subproof(old - middle, leaves[middle:], False), tree_hash(leaves[:middle])]


def largest_power_below(number: int) -> int:
    power = 1
    while power * 2 < number:
        power *= 2
    return power


def leaves_of(count: int) -> list[bytes]:
    return [hashlib.sha256(b"\x00" + str(number).encode()).digest() for number in range(count)]


PUBLISHED = Tree([hashlib.sha256(b"\x00" + bytes.fromhex(entry)).digest() for entry in INPUTS])


def test_the_published_roots_come_out() -> None:
    assert merkle.root(0, PUBLISHED.fetch).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert [merkle.root(size, PUBLISHED.fetch).hex() for size in range(1, 9)] == ROOTS


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_the_published_inclusion_proofs_come_out(index: int, size: int) -> None:
    proof = merkle.inclusion_proof(index, size, PUBLISHED.fetch)
    assert [hash_.hex() for hash_ in proof] == INCLUSION[index, size]
    merkle.verify_inclusion(PUBLISHED.leaves[index], index, size, proof, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("old", "size"), CONSISTENCY)
def test_the_published_consistency_proofs_come_out(old: int, size: int) -> None:
    proof = merkle.consistency_proof(old, size, PUBLISHED.fetch)
    assert [hash_.hex() for hash_ in proof] == CONSISTENCY[old, size]
    verify_consistency(old, size, proof, bytes.fromhex(ROOTS[old - 1]), bytes.fromhex(ROOTS[size - 1]))


@given(st.integers(1, 130), st.integers(1, 40), st.data())
def test_every_root_and_proof_is_what_the_rfc_defines(size: int, step: int, data: st.DataObject) -> None:
    tree = Tree(leaves_of(size), step)
    old = data.draw(st.integers(1, size))
    index = data.draw(st.integers(0, old - 1))
    root, old_root = merkle.root(size, tree.fetch), merkle.root(old, tree.fetch)
    assert root == merkle.fold(tree.peaks) == tree_hash(tree.leaves)
    assert old_root == tree_hash(tree.leaves[:old])
    inclusion = merkle.inclusion_proof(index, old, tree.fetch)
    assert inclusion == audit_path(index, tree.leaves[:old])
    merkle.verify_inclusion(tree.leaves[index], index, old, inclusion, old_root)
    consistency = merkle.consistency_proof(old, size, tree.fetch)
    assert consistency == subproof(old, tree.leaves)
    verify_consistency(old, size, consistency, old_root, root)


@given(st.integers(2, 70), st.data())
def test_a_proof_proves_nothing_else(size: int, data: st.DataObject) -> None:
    tree = Tree(leaves_of(size))
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda drawn: drawn != index))
    root = tree_hash(tree.leaves)
    proof = merkle.inclusion_proof(index, size, tree.fetch)
    for wrong in (proof[:-1], [*proof, root], [bytes(32), *proof[1:]]):
        with pytest.raises(ProofError):
            merkle.verify_inclusion(tree.leaves[index], index, size, wrong, root)
    with pytest.raises(ProofError):
        merkle.verify_inclusion(tree.leaves[other], index, size, proof, root)
    with pytest.raises(ProofError):
        merkle.verify_inclusion(tree.leaves[index], other, size, proof, root)


@pytest.mark.parametrize(
    ("proof", "said"),
    [
        ([], "The proof is shorter than the tree is high."),
        ([bytes(32)] * 3, "The proof is longer than the tree is high."),
        ([bytes(32)] * 2, "The proof leads to another root."),
    ],
)
def test_a_proof_that_proves_nothing_is_told_by_what_is_wrong_with_it(proof: list[bytes], said: str) -> None:
    with pytest.raises(ProofError) as refused:
        merkle.verify_inclusion(leaves_of(4)[1], 1, 4, proof, tree_hash(leaves_of(4)))
    assert str(refused.value) == said


def test_what_is_no_hash_is_no_leaf() -> None:
    with pytest.raises(ProofError, match=r"^The leaf is no SHA-256 hash\.$"):
        merkle.verify_inclusion(b"short", 0, 1, [], merkle.EMPTY_ROOT)


@given(st.integers(2, 70), st.data())
def test_a_rewritten_past_has_no_consistency_proof(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    changed = data.draw(st.integers(0, old - 1))
    honest, forged = leaves_of(size), leaves_of(size)
    forged[changed] = bytes(32)
    proof = merkle.consistency_proof(old, size, Tree(forged).fetch)
    with pytest.raises(ProofError):
        verify_consistency(old, size, proof, tree_hash(honest[:old]), tree_hash(forged))


@pytest.mark.parametrize(("old", "size"), [(0, 0), (0, 8), (9, 8), (-1, 8)])
def test_there_is_no_consistency_proof_from_nothing_or_from_the_future(old: int, size: int) -> None:
    with pytest.raises(ValueError, match="no consistency proof"):
        merkle.consistency_spans(old, size)
    with pytest.raises(ProofError):
        verify_consistency(old, size, [], merkle.EMPTY_ROOT, merkle.EMPTY_ROOT)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (8, 8), (-1, 8)])
def test_there_is_no_inclusion_proof_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_spans(index, size)
    with pytest.raises(ProofError):
        merkle.verify_inclusion(merkle.EMPTY_ROOT, index, size, [], merkle.EMPTY_ROOT)


@given(st.integers(1, 2**40), st.data())
def test_a_proof_needs_no_more_nodes_than_the_tree_is_high(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    height = (size - 1).bit_length()
    assert len(merkle.peaks_of(Span(0, size))) <= height + 1
    for spans in (merkle.inclusion_spans(old - 1, size), merkle.consistency_spans(old, size)):
        assert len(spans) <= height + 1
        assert sum(len(merkle.peaks_of(span)) for span in spans) <= 2 * height + 1


def vectors(kind: str) -> list[Path]:
    return sorted(VECTORS.glob(f"{kind}/**/*.json"))


def hashes(encoded: list[str] | None) -> list[bytes]:
    return [base64.b64decode(one) for one in encoded or []]


@pytest.mark.parametrize("file", vectors("inclusion"), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_vector_of_inclusion_is_judged_as_it_says(file: Path) -> None:
    vector = json.loads(file.read_text())
    leaf, root = hashes([vector["leafHash"], vector["root"]])
    try:
        merkle.verify_inclusion(leaf, vector["leafIdx"], vector["treeSize"], hashes(vector["proof"]), root)
        refused = False
    except ProofError:
        refused = True
    assert refused == vector["wantErr"]


@pytest.mark.parametrize("file", vectors("consistency"), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_vector_of_consistency_is_judged_as_it_says(file: Path) -> None:
    vector = json.loads(file.read_text())
    old_root, new_root = hashes([vector["root1"], vector["root2"]])
    try:
        verify_consistency(vector["size1"], vector["size2"], hashes(vector["proof"]), old_root, new_root)
        refused = False
    except ProofError:
        refused = True
    assert refused == vector["wantErr"]
