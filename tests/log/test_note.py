"""Signed notes, checkpoints and offline proofs."""

import pytest
from sqlalchemy import Engine

from service.log import read, tree
from service.log.append import Log
from service.log.checkpoint import Checkpoint, checkpoint_of, proof_text, signed_checkpoint, verify_proof
from service.log.database import reading
from service.log.entry import entry_of, envelope
from service.log.merkle import EMPTY_ROOT, ProofError
from service.log.note import NoteError, SigningKey, VerifierKey, opened, signed
from service.log.tables import events
from tests.log.consistency import verify_consistency
from tests.log.examples import proposed

# The example that the authors of the format publish with their implementation.
SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NOTE = (
    f"{TEXT}\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ORIGIN = "lodestone.example/log"


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return SigningKey.generate(ORIGIN)


def test_the_published_note_comes_out() -> None:
    key = SigningKey.of(SECRET)
    assert str(key.verifier) == PUBLIC
    assert key.secret() == SECRET
    assert signed(TEXT, key) == NOTE
    assert opened(NOTE, [VerifierKey.of(PUBLIC)]) == TEXT


def test_a_key_survives_being_written_down(key: SigningKey) -> None:
    assert SigningKey.of(key.secret()).verifier == VerifierKey.of(str(key.verifier)) == key.verifier


def test_a_secret_is_not_shown_by_accident(key: SigningKey) -> None:
    assert key.secret().rpartition("+")[2] not in f"{key} {key!r}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        PUBLIC.replace("c74f20a3", "c74f20a4"),
        PUBLIC.replace("PeterNeumann", "Peter Neumann"),
        PUBLIC[:-4],
        PUBLIC.replace("+AR", "+AQ"),
    ],
)
def test_a_key_that_is_not_what_it_says_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        VerifierKey.of(text)
    with pytest.raises(NoteError):
        SigningKey.of(text)


def test_a_note_is_trusted_only_where_a_trusted_key_signed_it(key: SigningKey) -> None:
    namesake = SigningKey.generate(ORIGIN)
    with pytest.raises(NoteError, match="None of the trusted keys"):
        opened(signed(TEXT, namesake), [key.verifier])
    both = signed(TEXT, namesake) + key.signature_line(TEXT)
    assert opened(both, [key.verifier]) == TEXT


@pytest.mark.parametrize(
    "note",
    [
        NOTE.replace("answer", "Answer"),
        NOTE.replace("\n\n", "\n"),
        NOTE.removesuffix("\n"),
        NOTE.replace("— ", "- "),
        NOTE.replace("nAM=", "nAN="),
        NOTE.replace("x08go", "x08gO"),
        NOTE.replace("problem,", "problem,\r"),
        NOTE + "\n",
        NOTE + "— witness\n",
        NOTE + NOTE.rpartition("\n\n")[2] * 64,
    ],
    ids=range(10),
)
def test_a_note_with_a_changed_character_is_refused(note: str) -> None:
    with pytest.raises(NoteError):
        opened(note, [VerifierKey.of(PUBLIC)])


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (NOTE.removesuffix("\n"), "This is no signed note: a text, a blank line, signatures."),
        (NOTE.replace("— ", "- "), "A signature is an em dash, a name and base64, a space between them."),
        (NOTE + NOTE.rpartition("\n\n")[2] * 64, "The note bears more than 64 signatures."),
        (NOTE.replace("answer", "Answer"), "The signature of PeterNeumann does not fit the text."),
        (NOTE.replace("nAM=", "nAN="), "The base64 is not written in its only form."),
        (NOTE.replace("nAM=", "nA!="), "The base64 cannot be read."),
    ],
)
def test_a_note_that_is_refused_says_why(note: str, said: str) -> None:
    with pytest.raises(NoteError) as refused:
        opened(note, [VerifierKey.of(PUBLIC)])
    assert str(refused.value) == said


def test_what_is_derived_from_a_key_is_the_same_again_for_its_purpose_alone(key: SigningKey) -> None:
    same = SigningKey.of(key.secret())
    assert key.derived("webhooks") == same.derived("webhooks")
    assert len({key.derived("webhooks"), key.derived("cookies"), SigningKey.generate(ORIGIN).derived("webhooks")}) == 3
    assert len(key.derived("webhooks")) == 32


def test_sixteen_signatures_are_read() -> None:
    lines = "".join(SigningKey.generate(f"witness.example/{n}").signature_line(TEXT) for n in range(15))
    assert opened(NOTE + lines, [VerifierKey.of(PUBLIC)]) == TEXT


def test_a_text_may_hold_blank_lines(key: SigningKey) -> None:
    assert opened(signed("a\n\n\nb\n", key), [key.verifier]) == "a\n\n\nb\n"


def test_a_checkpoint_has_three_lines(key: SigningKey) -> None:
    note = signed_checkpoint(Checkpoint(0, EMPTY_ROOT), key)
    assert note.startswith(f"{ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— {ORIGIN} ")
    assert checkpoint_of(note, key.verifier) == Checkpoint(0, EMPTY_ROOT)


@pytest.mark.parametrize(
    "text",
    [
        "other.example/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        f"{ORIGIN}\n00\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        f"{ORIGIN}\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        f"{ORIGIN}\n٣\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        f"{ORIGIN}\n0\n47DEQpj8\n",
        f"{ORIGIN}\n0\n",
        f"{ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\nmore\n",
    ],
)
def test_a_malformed_checkpoint_is_refused_though_it_is_signed(key: SigningKey, text: str) -> None:
    with pytest.raises(NoteError):
        checkpoint_of(signed(text, key), key.verifier)


def test_a_proof_of_each_event_holds_away_from_the_log(log: Log, engine: Engine, key: SigningKey) -> None:
    log.append([proposed() for _ in range(7)], "ann")
    with reading(engine) as connection:
        head = read.read_head(connection)
        kept = Checkpoint(head.position, head.root)
        note = signed_checkpoint(kept, key)
        for row in connection.execute(read.ENTRY.order_by(events.c.position)):
            entry = entry_of(row)
            proof = tree.inclusion_proof(connection, row.position, kept.size)
            text = proof_text(row.position - 1, proof, note)
            assert verify_proof(text, envelope(entry.event, entry.digest), key.verifier) == kept


def test_a_proof_of_another_event_does_not_hold(log: Log, engine: Engine, key: SigningKey) -> None:
    log.append([proposed(), proposed()], "ann")
    with reading(engine) as connection:
        head = read.read_head(connection)
        note = signed_checkpoint(Checkpoint(head.position, head.root), key)
        text = proof_text(0, tree.inclusion_proof(connection, 1, 2), note)
        first, second = (
            envelope(entry.event, entry.digest) for batch in read.entry_batches(connection, 2) for entry in batch
        )
    verify_proof(text, first, key.verifier)
    verify_proof(text.replace("\nindex", "\nextra AAAA\nindex"), first, key.verifier)
    for wrong, entry in ((text, second), (text.replace("index 0", "index 1"), first)):
        with pytest.raises(ProofError):
            verify_proof(wrong, entry, key.verifier)
    for malformed in ("", text.replace("v1", "v2"), text.replace("index 0", "index 00"), text.replace("index 0\n", "")):
        with pytest.raises(NoteError):
            verify_proof(malformed, first, key.verifier)


def test_old_roots_and_proofs_are_read_back_from_the_database(log: Log, engine: Engine) -> None:
    roots = {}
    for step in (1, 1, 3, 11, 1, 20):
        log.append([proposed() for _ in range(step)], "ann")
        with reading(engine) as connection:
            head = read.read_head(connection)
            roots[head.position] = head.root
    with reading(engine) as connection:
        assert tree.root_at(connection, 0) == EMPTY_ROOT
        for old, root in roots.items():
            assert tree.root_at(connection, old) == root
            proof = tree.consistency_proof(connection, old, head.position)
            verify_consistency(old, head.position, proof, root, head.root)


@pytest.mark.parametrize("name", ["", "a+b", "a b", " a", "a\n"])
def test_a_name_of_a_key_is_one_word_without_a_plus(name: str) -> None:
    with pytest.raises(NoteError, match="neither spaces nor"):
        VerifierKey(name, bytes(32))
    assert VerifierKey("a", bytes(32)).name == "a"
