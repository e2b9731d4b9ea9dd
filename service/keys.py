"""Access keys: made, shown once, found again by a hash, revoked. No part of the log: a key is no fact of the field.

A key reads `lsk_<prefix>_<secret>`. The prefix names it, in the log and in lists, and gives nothing away. The secret is
256 random bits, so its plain SHA-256 is kept: a slow or salted hash makes guessing words dear, and here are none to
guess; it would only make each request slow.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from sqlalchemy import BigInteger, Column, Connection, LargeBinary, MetaData, Row, Table, Text, insert, select, update

from service.errors import InvalidRequest, NotFound
from service.log.instants import instant_of, microseconds

SECRET_BYTES = 32
LONGEST_NAME = 100
# Without letters and digits that are taken for one another when a prefix is read aloud.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

# The migrations make it; it has a metadata of its own, since exports and proofs of the log leave it out.
table = Table(
    "access_keys",
    MetaData(),
    Column("prefix", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("revoked_at", BigInteger),
)


class Scope(IntEnum):
    """What a key opens. Each scope holds those before it: who writes has to read what they decide upon."""

    READ = 1
    WRITE = 2
    ADMIN = 3

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class AccessKey:
    """A key as it is known without its secret. It ends at `expires_at`, which is exclusive, or when it is revoked."""

    prefix: str
    name: str
    scope: Scope
    digest: bytes
    made_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def open_at(self, instant: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or instant < self.expires_at)

    @property
    def actor(self) -> str:
        return f"key:{self.prefix}"


def digest_of(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()


def make(
    connection: Connection, name: str, scope: Scope, made_at: datetime, expires_at: datetime | None = None
) -> tuple[AccessKey, str]:
    """A new key, and its text, which is nowhere to be found again. Raises InvalidRequest."""
    if not (0 < len(name.strip()) <= LONGEST_NAME and name.isprintable()):
        raise InvalidRequest(f"A key's name is one line of 1 to {LONGEST_NAME} characters.")
    if expires_at is not None and expires_at <= made_at:
        raise InvalidRequest("A key expires in the future.")
    prefix = "".join(secrets.choice(ALPHABET) for _ in range(8))
    text = f"lsk_{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
    key = AccessKey(prefix, name.strip(), scope, digest_of(text.encode()), made_at, expires_at)
    connection.execute(
        insert(table).values(
            prefix=prefix,
            name=key.name,
            scope=scope.word,
            digest=key.digest,
            made_at=microseconds(made_at),
            expires_at=microseconds(expires_at) if expires_at else None,
        )
    )
    return key, text


def revoke(connection: Connection, prefix: str, at: datetime) -> AccessKey:
    """Ends a key for good; one that is revoked stays as it was. Raises NotFound."""
    named = table.c.prefix == prefix.removeprefix("lsk_")[:8]
    connection.execute(update(table).where(named, table.c.revoked_at.is_(None)).values(revoked_at=microseconds(at)))
    row = connection.execute(select(table).where(named)).one_or_none()
    if row is None:
        raise NotFound("No key has this prefix; `lodestone keys list` shows them.")
    return _key_of(row)


def all_keys(connection: Connection) -> list[AccessKey]:
    """Every key ever made, the oldest first. None is forgotten: its prefix stands in the log as an actor."""
    return [_key_of(row) for row in connection.execute(select(table).order_by(table.c.made_at, table.c.prefix))]


def usable(keys: Iterable[AccessKey], instant: datetime) -> list[AccessKey]:
    return [key for key in keys if key.open_at(instant)]


def _key_of(row: Row[tuple[object, ...]]) -> AccessKey:
    return AccessKey(
        prefix=row.prefix,
        name=row.name,
        scope=Scope[row.scope.upper()],
        digest=bytes(row.digest),
        made_at=instant_of(row.made_at),
        expires_at=instant_of(row.expires_at) if row.expires_at is not None else None,
        revoked_at=instant_of(row.revoked_at) if row.revoked_at is not None else None,
    )
