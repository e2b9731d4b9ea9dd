"""Signed notes and their keys: C2SP signed-note, with Ed25519.

A note is a text, a blank line, and lines of signatures. Keys travel in the one-line forms that other tools of
transparency logs read: `name+id+key` to verify with, `PRIVATE+KEY+name+id+key` to sign with.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_ED25519 = b"\x01"
_PRIVATE = "PRIVATE+KEY+"
_KEY_BYTES = 32
_ID_BYTES = 4
# More than a log and its witnesses need. The specification asks for 16 at least.
_MOST_SIGNATURES = 64


class NoteError(Exception):
    """A note, a key or a checkpoint that is malformed, or signed by nobody who is trusted."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under a name, which is an address without its scheme, such as `example.org/log`."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not self.name or "+" in self.name or len(self.name.split()) != 1 or self.name != self.name.strip():
            raise NoteError(f"A key's name holds neither spaces nor +, as {self.name!r} does.")
        if len(self.public) != _KEY_BYTES:
            raise NoteError(f"An Ed25519 key has {_KEY_BYTES} bytes.")

    @classmethod
    def of(cls, text: str) -> Self:
        """Raises NoteError where the key does not bear the id that it is written with."""
        name, id_, key = _parts(text)
        verifier = cls(name, key)
        _check_id(verifier, id_)
        return verifier

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{to_base64(_ED25519 + self.public)}"

    def verifies(self, signature: bytes, text: str) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


class SigningKey:
    """A private key under a name. Its text is a secret, so it is not what `str` or `repr` give."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._seed = seed
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = VerifierKey(name, self._private.public_key().public_bytes_raw())

    @classmethod
    def generate(cls, name: str) -> Self:
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def of(cls, secret: str) -> Self:
        """Raises NoteError, without repeating the secret."""
        if not secret.startswith(_PRIVATE):
            raise NoteError(f"A key to sign with begins with {_PRIVATE}.")
        name, id_, seed = _parts(secret.removeprefix(_PRIVATE))
        key = cls(name, seed)
        _check_id(key.verifier, id_)
        return key

    def secret(self) -> str:
        return f"{_PRIVATE}{self.verifier.name}+{self.verifier.id.hex()}+{to_base64(_ED25519 + self._seed)}"

    def derived(self, purpose: str) -> bytes:
        """32 bytes that follow from the key for a purpose, and tell nothing of it or of those for others."""
        return HKDF(SHA256(), 32, salt=None, info=f"lodestone {purpose}".encode()).derive(self._seed)

    def signature_line(self, text: str) -> str:
        signature = self._private.sign(text.encode())
        return f"— {self.verifier.name} {to_base64(self.verifier.id + signature)}\n"


def signed(text: str, key: SigningKey) -> str:
    """The note of a text, which ends with a newline."""
    return f"{text}\n{key.signature_line(text)}"


def opened(note: str, keys: Sequence[VerifierKey]) -> str:
    """The text of a note that one of the keys signed; signatures of others are passed over.

    Raises NoteError where none did, and where a signature that claims to be by one of the keys is not.
    """
    text, blank, lines = note.rpartition("\n\n")
    if not blank or not lines.endswith("\n") or any(ord(char) < ord(" ") and char != "\n" for char in note):
        raise NoteError("This is no signed note: a text, a blank line, signatures.")
    text += "\n"
    signatures = [_signature(line) for line in lines[:-1].split("\n")[: _MOST_SIGNATURES + 1]]
    if len(signatures) > _MOST_SIGNATURES:
        raise NoteError(f"The note bears more than {_MOST_SIGNATURES} signatures.")
    known = {(key.name, key.id): key for key in keys}
    found = [(known[name, id_], signature) for name, id_, signature in signatures if (name, id_) in known]
    if not found:
        raise NoteError("None of the trusted keys signed the note.")
    for key, signature in found:
        if not key.verifies(signature, text):
            raise NoteError(f"The signature of {key.name} does not fit the text.")
    return text


def _signature(line: str) -> tuple[str, bytes, bytes]:
    """The name, the key's id and the signature of a line."""
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—":
        raise NoteError("A signature is an em dash, a name and base64, a space between them.")
    signature = from_base64(parts[2])
    return parts[1], signature[:_ID_BYTES], signature[_ID_BYTES:]


def _parts(text: str) -> tuple[str, str, bytes]:
    # The base64 may hold plus signs; the name and the id may not.
    parts = text.strip().split("+", 2)
    if len(parts) != 3:
        raise NoteError("A key is written as name+id+key.")
    key = from_base64(parts[2])
    if key[:1] != _ED25519 or len(key) != _KEY_BYTES + 1:
        raise NoteError("The key is no Ed25519 key.")
    return parts[0], parts[1], key[1:]


def _check_id(verifier: VerifierKey, id_: str) -> None:
    if verifier.id.hex() != id_:
        raise NoteError(f"The key of {verifier.name} does not bear the id {id_}.")


def to_base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def from_base64(text: str) -> bytes:
    """Raises NoteError, for anything but the one way of writing the bytes."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("The base64 cannot be read.") from None
    if to_base64(raw) != text:
        raise NoteError("The base64 is not written in its only form.")
    return raw
