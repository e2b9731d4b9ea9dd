"""Sends what watches tell to their receivers: signed, at least once, in order for each watch.

Each receiver is apart: it has a few places of its own, its time is short, and of what it answers only the status
counts.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial

import httpx
import structlog
from sqlalchemy import Engine

from service import __version__
from service.feeds import deliveries, signing
from service.feeds.addresses import AddressRefused, Network, client_for
from service.feeds.deliveries import Delivery, Due, Tried
from service.feeds.signing import Seal, SealBroken, Secret
from service.log.database import reading, writing
from service.log.instants import now

TIMEOUT = httpx.Timeout(10, connect=5)
WHOLE_S = 20.0
"""How long one try may take in all, however slowly the receiver answers."""
MOST_AT_ONCE = 100
MOST_AGAIN = 50
"""Of these, how many for messages that failed before: however many receivers are down, others are told."""
MOST_PER_RECEIVER = 4
MOST_IN_A_ROW = 50
"""How many messages of one watch are sent before others have their turn."""
NOT_OPENED = "the secret was sealed with another signing key: replace the secret, or bring the key back"
NOT_SECURE = "http:// is allowed for networks that LODESTONE_WEBHOOK_NETWORKS names alone"


Outcome = tuple[int | None, str | None]
"""The status that a receiver answered, and what went wrong."""
log = structlog.get_logger()


class Sender:
    def __init__(
        self,
        engine: Engine,
        seal: Seal,
        allowed: Sequence[Network] = (),
        clock: Callable[[], datetime] = now,
        client: httpx.AsyncClient | None = None,
    ) -> None:
        self._engine = engine
        self._seal = seal
        self._allowed = allowed
        self._clock = clock
        self._made = client
        self._running: dict[str, tuple[Due, asyncio.Task[None]]] = {}

    @property
    def _client(self) -> httpx.AsyncClient:
        """Made when it is first used: the certificates that it trusts take long to read, and most registers send
        nothing."""
        if self._made is None:
            self._made = client_for(self._allowed, TIMEOUT)
        return self._made

    async def start(self) -> None:
        """Begins to send what it is time for. Whoever calls this again does not wait for it."""
        running = [one for one, _ in self._running.values()]
        for one in await asyncio.to_thread(self._due, running):
            task = asyncio.create_task(self._in_order(one.watch))
            self._running[one.watch] = one, task
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
        if self._made is not None:
            await self._made.aclose()

    def refusal(self, url: str) -> str | None:
        """Why an address cannot be a receiver's, whatever its name leads to; None where it can."""
        return None if self._allowed or url.startswith("https://") else NOT_SECURE

    def _due(self, running: Sequence[Due]) -> list[Due]:
        with reading(self._engine) as connection:
            return list(chosen(deliveries.due(connection, self._clock()), running))

    def _first(self, watch: str) -> Delivery | None:
        with reading(self._engine) as connection:
            return deliveries.next_of(connection, watch, self._clock())

    async def _in_order(self, watch: str) -> None:
        """The messages of a watch, until one fails."""
        sent = await asyncio.to_thread(self._first, watch)
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
        try:
            held = self._seal.opened(secrets)
        except SealBroken:
            return Tried(None, NOT_OPENED, 0)
        status, problem = await self._post(url, held, message_id, body)
        return Tried(status, problem, round((time.monotonic() - started) * 1000))

    async def _post(self, url: str, held: Sequence[Secret], message_id: str, body: str) -> Outcome:
        if refused := self.refusal(url):
            return None, refused
        headers = signing.headers(held, message_id, body, self._clock())
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


def chosen(due: Iterable[Due], running: Sequence[Due]) -> Iterator[Due]:
    """Those that there is room for beside what is on its way."""
    watches, busy = {one.watch for one in running}, Counter(_receiver(one.url) for one in running)
    room, again = MOST_AT_ONCE - len(running), MOST_AGAIN - sum(one.failed for one in running)
    for one in due:
        receiver = _receiver(one.url)
        has_room = room > 0 and busy[receiver] < MOST_PER_RECEIVER and (again > 0 or not one.failed)
        if one.watch not in watches and has_room:
            busy[receiver] += 1
            room, again = room - 1, again - one.failed
            yield one


def _receiver(url: str) -> str:
    """The host and the port."""
    return url.partition("://")[2].partition("/")[0].lower()
