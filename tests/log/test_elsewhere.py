"""Checkpoints and proofs of this log, held against implementations that are not its own."""

import base64
import hashlib
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pymerkle import InmemoryTree
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import SignedCheckpoint
from sigstore._internal.trust import Key, Keyring, RekorKeyring
from sigstore._utils import KeyID
from sigstore.errors import VerificationError
from sigstore_models.common.v1 import PublicKey, PublicKeyDetails
from sqlalchemy import Connection, Engine

from service.log import read, tree
from service.log.append import Log
from service.log.checkpoint import Checkpoint, signed_checkpoint
from service.log.database import reading
from service.log.entry import envelope
from service.log.note import SigningKey, VerifierKey
from tests.log.examples import proposed

SIZE = 21


@pytest.fixture
def connection(log: Log, engine: Engine) -> Iterator[Connection]:
    log.append([proposed(f"note/number-{number}") for number in range(SIZE)], "somebody")
    with reading(engine) as connection:
        yield connection


def entries(connection: Connection) -> list[bytes]:
    return [envelope(entry.event, entry.digest) for batch in read.entry_batches(connection, SIZE) for entry in batch]


def entry_of(proof: SimpleNamespace, body: bytes) -> Any:
    """What sigstore reads of an entry, in its place."""
    return SimpleNamespace(_inner=SimpleNamespace(inclusion_proof=proof, canonicalized_body=body))


def trusting(key: VerifierKey) -> RekorKeyring:
    """Sigstore's keyring with our key in it, under the id that our notes bear."""
    der = Ed25519PublicKey.from_public_bytes(key.public).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    keyring = Keyring([])
    keyring._keyring[KeyID(key.id)] = Key(
        PublicKey(raw_bytes=base64.b64encode(der), key_details=PublicKeyDetails.PKIX_ED25519)
    )
    return RekorKeyring(keyring)


def test_sigstore_reads_and_verifies_our_checkpoint(connection: Connection) -> None:
    key, head = SigningKey.generate("example.org/log"), read.read_head(connection)
    text = signed_checkpoint(Checkpoint(head.position, head.root), key)
    found = SignedCheckpoint.from_text(text)
    assert (found.checkpoint.origin, found.checkpoint.log_size) == ("example.org/log", SIZE)
    assert found.checkpoint.log_hash == head.root.hex()
    found.signed_note.verify(trusting(key.verifier), KeyID(key.verifier.id))


def test_sigstore_refuses_a_checkpoint_that_was_changed(connection: Connection) -> None:
    key, head = SigningKey.generate("example.org/log"), read.read_head(connection)
    text = signed_checkpoint(Checkpoint(head.position, head.root), key).replace(f"\n{SIZE}\n", f"\n{SIZE - 1}\n")
    with pytest.raises(VerificationError):
        SignedCheckpoint.from_text(text).signed_note.verify(trusting(key.verifier), KeyID(key.verifier.id))


@pytest.mark.parametrize("position", [1, 8, 16, 17, 20, 21])
def test_sigstore_verifies_our_inclusion_proofs(connection: Connection, position: int) -> None:
    proof = SimpleNamespace(
        log_index=position - 1,
        tree_size=SIZE,
        hashes=tree.inclusion_proof(connection, position, SIZE),
        root_hash=tree.root_at(connection, SIZE),
    )
    body = entries(connection)[position - 1]
    verify_merkle_inclusion(entry_of(proof, body))
    with pytest.raises(VerificationError):
        verify_merkle_inclusion(entry_of(proof, body + b" "))


@pytest.mark.parametrize("size", range(1, SIZE + 1))
def test_pymerkle_grows_the_same_tree_and_proves_our_old_roots_in_it(connection: Connection, size: int) -> None:
    theirs = InmemoryTree(algorithm="sha256")
    for entry in entries(connection):
        theirs.append_entry(entry)
    root = tree.root_at(connection, SIZE)
    assert theirs.get_root(SIZE) == root
    assert theirs.get_root(size) == tree.root_at(connection, size)
    theirs.prove_consistency(size, SIZE).verify(tree.root_at(connection, size), root)


def test_the_leaf_is_what_every_other_log_takes_it_for(connection: Connection) -> None:
    for event, entry in zip(read.page(connection, limit=SIZE), entries(connection), strict=True):
        assert event.hash == hashlib.sha256(b"\x00" + entry).hexdigest()
