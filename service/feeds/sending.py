"""Sends what watches tell to their receivers: signed, at least once, in order for each watch.

Each receiver is apart: it has a few places of its own, its time is short, and of what it answers only the status
counts.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

import httpx
import structlog
from sqlalchemy import Engine

from service import __version__
from service.feeds import deliveries, signing
from service.feeds.addresses import AddressRefused, Network, client_for
from service.feeds.deliveries import Delivery, Tried
from service.log.database import reading, writing
from service.log.instants import now

TIMEOUT = httpx.Timeout(10, connect=5)
WHOLE_S = 20.0
"""How long one try may take in all, however slowly the receiver answers."""
MOST_AT_ONCE = 100
MOST_PER_RECEIVER = 4
MOST_IN_A_ROW = 50
"""How many messages of one watch are sent before others have their turn."""
NOT_SECURE = "http:// is allowed for networks that LODESTONE_WEBHOOK_NETWORKS names alone"


log = structlog.get_logger()


class Sender:
    def __init__(
        self,
        engine: Engine,
        allowed: Sequence[Network] = (),
        clock: Callable[[], datetime] = now,
        client: httpx.AsyncClient | None = None,
    ) -> None:
        self._engine = engine
        self._allowed = allowed
        self._clock = clock
        self._client = client or client_for(allowed, TIMEOUT)
        self._running: dict[str, tuple[str, asyncio.Task[None]]] = {}

    async def start(self) -> None:
        """Begins to send what it is time for. Whoever calls this again does not wait for it."""
        for one in await asyncio.to_thread(self._due):
            busy = Counter(receiver for receiver, _ in self._running.values())
            receiver = _receiver(one.url)
            full = len(self._running) >= MOST_AT_ONCE or busy[receiver] >= MOST_PER_RECEIVER
            if one.watch not in self._running and not full:
                task = asyncio.create_task(self._in_order(one))
                self._running[one.watch] = receiver, task
                task.add_done_callback(partial(self._ended, one.watch))

    def _ended(self, watch: str, task: asyncio.Task[None]) -> None:
        self._running.pop(watch, None)
        if not task.cancelled() and (failed := task.exception()):
            # The database was away: the message waits as it did, and is sent again.
            log.warning("delivery_not_settled", error=type(failed).__name__)

    async def finish(self) -> None:
        """Waits for what is on its way."""
        await asyncio.gather(*(task for _, task in list(self._running.values())), return_exceptions=True)

    async def close(self) -> None:
        for _, task in list(self._running.values()):
            task.cancel()
        await self.finish()
        await self._client.aclose()

    def refusal(self, url: str) -> str | None:
        """Why an address cannot be a receiver's, whatever its name leads to; None where it can."""
        return None if self._allowed or urlsplit(url).scheme == "https" else NOT_SECURE

    def _due(self) -> list[Delivery]:
        with reading(self._engine) as connection:
            return deliveries.due(connection, self._clock(), MOST_AT_ONCE * 2)

    async def _in_order(self, first: Delivery) -> None:
        """The message, and those that follow it, until one fails."""
        sent: Delivery | None = first
        for _ in range(MOST_IN_A_ROW):
            if sent is None:
                return
            tried = await self.send(sent.url, sent.secrets, sent.id, sent.body)
            sent = await asyncio.to_thread(self._settle, sent, tried)

    def _settle(self, sent: Delivery, tried: Tried) -> Delivery | None:
        """Writes what became of it, and gives what follows where it was delivered."""
        with writing(self._engine) as connection:
            deliveries.settle(connection, sent, tried, self._clock())
            return deliveries.next_of(connection, sent.watch, self._clock()) if tried.delivered else None

    async def send(self, url: str, secrets: str, message_id: str, body: str) -> Tried:
        """One try."""
        started = time.monotonic()
        status, problem = await self._post(url, secrets, message_id, body)
        return Tried(status, problem, round((time.monotonic() - started) * 1000))

    async def _post(self, url: str, secrets: str, message_id: str, body: str) -> tuple[int | None, str | None]:
        if refused := self.refusal(url):
            return None, refused
        headers = signing.headers(signing.read(secrets), message_id, body, self._clock())
        headers |= {"Content-Type": "application/json", "User-Agent": f"lodestone/{__version__}"}
        try:
            async with asyncio.timeout(WHOLE_S):
                # Its body is never read: it may have no end.
                async with self._client.stream("POST", url, content=body.encode(), headers=headers) as answer:
                    status = answer.status_code
        except (TimeoutError, httpx.TimeoutException):
            return None, "no answer in time"
        except AddressRefused as refused_:
            return None, str(refused_)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as failed:
            return None, f"no connection: {type(failed).__name__}"
        if 300 <= status < 400:
            return status, "a redirect, which is not followed"
        return status, None if 200 <= status < 300 else f"status {status}"


def _receiver(url: str) -> str:
    return urlsplit(url).netloc.lower()
