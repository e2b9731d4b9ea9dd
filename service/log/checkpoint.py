"""The log's signed tree head, and proofs that can be checked away from the log: C2SP tlog-checkpoint and tlog-proof."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.log import merkle
from service.log.canonical import leaf_hash
from service.log.note import NoteError, SigningKey, VerifierKey, from_base64, opened, signed, to_base64

_PROOF = "c2sp.org/tlog-proof@v1"
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree's size, which is the last position it covers, and its root. What is kept outside the database."""

    size: int
    root: bytes


def signed_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> str:
    """The note of a checkpoint. The log's origin is the key's name, as the specification recommends."""
    return signed(f"{key.verifier.name}\n{checkpoint.size}\n{to_base64(checkpoint.root)}\n", key)


def checkpoint_of(note: str, origin: VerifierKey, others: Sequence[VerifierKey] = ()) -> Checkpoint:
    """The checkpoint in a note, which bears the origin's name and the signature of it or of another trusted key.

    Raises NoteError.
    """
    lines = opened(note, [origin, *others])[:-1].split("\n")
    if len(lines) < 3 or "" in lines:
        raise NoteError("A checkpoint has three lines: origin, size, root.")
    if lines[0] != origin.name:
        raise NoteError(f"The checkpoint is of {lines[0]!r}, not of {origin.name!r}.")
    root = from_base64(lines[2])
    if len(root) != merkle.HASH_BYTES:
        raise NoteError("The checkpoint's root is no SHA-256 hash.")
    return Checkpoint(_number(lines[1]), root)


def proof_text(index: int, proof: Sequence[bytes], note: str) -> str:
    """That the entry at an index, counted from 0, is in the tree of a checkpoint: a file that proves it offline."""
    return "\n".join([_PROOF, f"index {index}", *(to_base64(hash_) for hash_ in proof), "", note])


def verify_proof(text: str, entry: bytes, origin: VerifierKey, others: Sequence[VerifierKey] = ()) -> Checkpoint:
    """Checks a proof for an entry, which is an event's canonical envelope. Returns the checkpoint that it leads to.

    Raises NoteError where the text is malformed or nobody trusted signed it, merkle.ProofError where it proves
    something else.
    """
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    if lines.pop(0) != _PROOF:
        raise NoteError(f"A proof begins with {_PROOF}.")
    if lines and lines[0].startswith("extra "):
        lines.pop(0)
    if not lines or not lines[0].startswith("index "):
        raise NoteError("The proof names no index.")
    checkpoint = checkpoint_of(note, origin, others)
    index = _number(lines[0].removeprefix("index "))
    proof = [from_base64(line) for line in lines[1:]]
    merkle.verify_inclusion(leaf_hash(entry), index, checkpoint.size, proof, checkpoint.root)
    return checkpoint


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise NoteError(f"{text!r} is no number in its only form.")
    return int(text)
