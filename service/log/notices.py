"""Notices that the log has grown, from every process that appends to it: PostgreSQL sends them, SQLite has none.

A trigger on the head sends one with each commit. A notice may be lost, so nobody may count on it.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import psycopg
import structlog

from service.log.address import is_postgresql, postgresql_options

CHANNEL = "lodestone_head"
PAUSE_S = 5.0
"""How long a connection that was lost is waited for before another is tried."""

log = structlog.get_logger()


class Notices:
    def __init__(self, url: str) -> None:
        self._url = url

    async def heard(self, tell: Callable[[], None]) -> None:
        """Tells of each notice, and of each time that some may have been missed. It ends at once on SQLite; on
        PostgreSQL when it is cancelled."""
        if not is_postgresql(self._url):
            return
        while True:
            try:
                await self._listen(tell)
            except psycopg.Error as lost:
                log.warning("notices_lost", error=type(lost).__name__)
            await asyncio.sleep(PAUSE_S)

    async def _listen(self, tell: Callable[[], None]) -> None:
        how = postgresql_options(self._url)
        # Cancelled while it connects, the driver would leave the connection open.
        connecting = asyncio.ensure_future(psycopg.AsyncConnection.connect(**how, autocommit=True))
        try:
            connection = await asyncio.shield(connecting)
            await connection.execute(f"LISTEN {CHANNEL}")
            tell()
            async for _notice in connection.notifies():
                tell()
        finally:
            with suppress(psycopg.Error):
                await (await connecting).close()
