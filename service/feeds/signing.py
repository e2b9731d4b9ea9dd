"""Signatures of webhooks (Standard Webhooks): the secrets of a watch, and what is signed with them.

While a secret is replaced, messages are signed with both, the new one first. A secret has to be kept as it is: whoever
reads the database can sign in the register's name.
"""

import base64
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from standardwebhooks import Webhook

from service.log.instants import instant_of, microseconds

PREFIX = "whsec_"
SECRET_BYTES = 32
BOTH_FOR = timedelta(days=1)
"""How long the secret before is still signed with."""


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


def kept(held: Sequence[Secret]) -> str:
    """As the database keeps them."""
    return json.dumps([[one.text, microseconds(one.until) if one.until else None] for one in held])


def read(text: str | None) -> list[Secret]:
    found = json.loads(text) if text else []
    return [Secret(secret, instant_of(until) if until is not None else None) for secret, until in found]
