"""The access keys as one process knows them: read again every two seconds, looked up by their hash."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from service.api.http.reserved import Reserved
from service.keys import AccessKey, Scope, all_keys, digest_of
from service.log.database import reading

FRESH_S = 2.0
"""A key that was made, revoked or removed is so in every process this much later, plus the time of one small read."""


@dataclass(frozen=True, slots=True)
class Keys:
    """All keys at one moment. `any` is true also where all of them have ended: a lock without a key stays locked."""

    by_digest: Mapping[bytes, AccessKey]
    read_at_s: float

    @property
    def any(self) -> bool:
        return bool(self.by_digest)


class Keyring:
    """Looks keys up. `configured` is the one key that a setting holds: an admin's, never in the database."""

    def __init__(self, reserved: Reserved, configured: str | None) -> None:
        self._reserved = reserved
        self._configured = configured
        self._keys = Keys({}, -FRESH_S)
        self._reading = asyncio.Lock()

    @property
    def fresh(self) -> Keys | None:
        """The keys as they were read last, where that was a moment ago."""
        return None if self._stale() else self._keys

    async def keys(self) -> Keys:
        """Raises Unavailable where they cannot be read: nobody is let in by keys that may have been revoked since."""
        if self._stale():
            async with self._reading:
                if self._stale():
                    # Counted from before the read, so that what was revoked meanwhile is seen by the next one.
                    started = time.monotonic()
                    self._keys = Keys(await self._reserved.run(self._read), started)
        return self._keys

    def _stale(self) -> bool:
        return time.monotonic() - self._keys.read_at_s >= FRESH_S

    def _read(self) -> dict[bytes, AccessKey]:
        with reading(self._reserved.engine) as connection:
            found = all_keys(connection)
        if self._configured is not None:
            found.append(configured_key(self._configured))
        return {key.digest: key for key in found}


def configured_key(text: str) -> AccessKey:
    return AccessKey("configured", "LODESTONE_ACCESS_KEY", Scope.ADMIN, digest_of(text.encode()), datetime.now(UTC))


def find(keys: Keys, sent: bytes) -> AccessKey | None:
    """The key that was sent, where it is one and has not ended.

    Found by its hash in a dictionary: how long that takes tells of the hash, and nothing of any secret.
    """
    key = keys.by_digest.get(digest_of(sent))
    return key if key is not None and key.open_at(datetime.now(UTC)) else None
