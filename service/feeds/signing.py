"""Signatures of webhooks (Standard Webhooks): the secrets of a watch, and what is signed with them.

While a secret is replaced, messages are signed with both, the new one first. In the database secrets are sealed with a
key that follows from the register's signing key, so that whoever reads the database alone cannot sign in its name.
"""

import base64
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken
from standardwebhooks import Webhook

from service.errors import FieldError, InvalidRequest
from service.log.instants import instant_of, microseconds
from service.log.note import SigningKey

PREFIX = "whsec_"
SECRET_BYTES = 32
BOTH_FOR = timedelta(days=1)
"""How long the secret before is still signed with."""
PURPOSE = "secrets of webhooks"
PLAIN = "["
"""What secrets begin with that an earlier version kept as they are."""


class SealBroken(Exception):
    """Sealed with another key, or damaged."""


@dataclass(frozen=True, slots=True)
class Secret:
    """`until`, exclusive: when it is no longer signed with; None: until it is replaced."""

    text: str
    until: datetime | None = None


def new_secret() -> Secret:
    return Secret(PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode())


def rotated(before: Sequence[Secret], at: datetime) -> list[Secret]:
    """A new secret, and the last one for as long as both are signed with. Older ones end at once."""
    return [new_secret(), *(Secret(one.text, at + BOTH_FOR) for one in before[:1])]


def usable(held: Sequence[Secret], at: datetime) -> list[Secret]:
    return [one for one in held if one.until is None or at < one.until]


def headers(held: Sequence[Secret], message_id: str, body: str, at: datetime) -> dict[str, str]:
    """What a receiver verifies a body by."""
    signatures = [Webhook(one.text).sign(message_id, at, body) for one in usable(held, at)]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


class Seal:
    """Closes secrets for the database, and opens them."""

    def __init__(self, key: SigningKey | None) -> None:
        self._with = Fernet(base64.urlsafe_b64encode(key.derived(PURPOSE))) if key else None

    @property
    def closes(self) -> bool:
        return self._with is not None

    def closed(self, held: Sequence[Secret]) -> str:
        """Raises InvalidRequest where the register has no key."""
        if self._with is None:
            wanted = "no webhook, or a register with a signing key: lodestone keys signing"
            raise InvalidRequest("The register has no key to seal secrets with.", [FieldError("/webhook", wanted)])
        written = json.dumps([[one.text, microseconds(one.until) if one.until else None] for one in held])
        return self._with.encrypt(written.encode()).decode()

    def opened(self, text: str) -> list[Secret]:
        """Raises SealBroken."""
        found = json.loads(text if text.startswith(PLAIN) else self._decrypted(text))
        return [Secret(secret, instant_of(until) if until is not None else None) for secret, until in found]

    def _decrypted(self, text: str) -> bytes:
        try:
            if self._with is not None:
                return self._with.decrypt(text)
        except InvalidToken as broken:
            raise SealBroken from broken
        raise SealBroken
