"""Access keys for tests: made in the database, as `lodestone keys create` does."""

from datetime import datetime, timedelta

from service import keys
from service.keys import Scope
from service.log.database import opened, writing
from service.log.instants import now


def new_key(database_url: str, scope: Scope, name: str = "a test") -> str:
    """The text of a new key."""
    with opened(database_url) as engine, writing(engine) as connection:
        return keys.make(connection, name, scope, now())[1]


def expired_key(database_url: str, scope: Scope, ends: datetime | None = None) -> str:
    """The text of a key that ended a second ago, or that ends at an instant."""
    expires_at = ends or now() - timedelta(seconds=1)
    with opened(database_url) as engine, writing(engine) as connection:
        return keys.make(connection, "ending", scope, expires_at - timedelta(days=1), expires_at)[1]


def revoke(database_url: str, text: str) -> None:
    with opened(database_url) as engine, writing(engine) as connection:
        keys.revoke(connection, prefix_of(text), now())


def prefix_of(text: str) -> str:
    return text.split("_")[1]


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}
