"""The service in this very process, asked without a network."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx

from service.api.http.keyring import Keyring, Keys
from service.api.http.reserved import Reserved
from service.app import create_app
from service.errors import Unavailable
from service.keys import AccessKey, Scope, digest_of
from service.log.database import missing_file, opened, reading
from service.projections.rebuild import unfit
from service.settings import Settings

HERE = "http://localhost"
UNLIMITED = {"max_requests_per_minute_per_key": 0, "traces": False}
"""Settings that guard a service against strangers, or watch it, are not for whoever owns the database."""


@asynccontextmanager
async def local(
    settings: Settings, key: str, *, timeout: httpx.Timeout, headers: Mapping[str, str]
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service itself. Whoever can open its database needs no key of it: `key`, which `headers` give,
    is made up for the occasion, and known to this process alone. Raises Unavailable where there is no database."""
    if file := missing_file(settings.database_url):
        raise Unavailable(
            f"There is no register in {file}. Make one with `lodestone db upgrade` or `lodestone run`, or name a "
            "service by --url."
        )
    with opened(settings.database_url) as engine, reading(engine) as connection:
        said = unfit(connection)
    if said:
        raise Unavailable(said)
    app = create_app(settings.model_copy(update=UNLIMITED), for_commands=True)
    async with app.router.lifespan_context(app):
        app.state.keyring = OneKey(app.state.register.reserved, key)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=HERE, timeout=timeout, headers=headers) as http:
            yield http


class OneKey(Keyring):
    """Opens the register to one key, whatever others there are. What it records is recorded by `key:command-line`."""

    def __init__(self, reserved: Reserved, text: str) -> None:
        super().__init__(reserved, None)
        key = AccessKey("command-line", "the command line", Scope.ADMIN, digest_of(text.encode()), datetime.now(UTC))
        self._only = Keys({key.digest: key}, 0)

    async def keys(self) -> Keys:
        return self._only
