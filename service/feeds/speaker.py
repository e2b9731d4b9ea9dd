"""What a service does by itself while it runs: where it leads, it evaluates the watches and sends what they tell."""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.errors import LodestoneError
from service.feeds.evaluator import Evaluator
from service.feeds.growth import Growth
from service.feeds.leading import LEASE
from service.feeds.sending import Sender

TICK_S = 1.0
"""How soon a day that came, and a watch that was made, is seen; events wake who leads at once."""

RENEW_S = LEASE.total_seconds() / 3
TURN_S = 5.0
"""How long watches are evaluated before what they tell is sent; what is left comes in the next turn."""

log = structlog.get_logger()


class Speaker:
    def __init__(self, evaluator: Evaluator, sender: Sender, growth: Growth, first: Callable[[], None]) -> None:
        """`first` is done once, before anything is sent."""
        self._evaluator = evaluator
        self._sender = sender
        self._growth = growth
        self._first: Callable[[], None] | None = first
        self._stopping = threading.Event()

    @contextlib.asynccontextmanager
    async def speaking(self) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(self._speak()), asyncio.create_task(self._keep_leading())]
        try:
            yield
        finally:
            self._stopping.set()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._sender.close()
            with contextlib.suppress(LodestoneError, SQLAlchemyError):
                await asyncio.to_thread(self._evaluator.give_up)

    async def _speak(self) -> None:
        while not self._growth.stopping:
            leads = False
            try:
                if self._first:
                    await asyncio.to_thread(self._first)
                    self._first = None
                leads = await asyncio.to_thread(self._evaluate)
                if leads:
                    await self._sender.start()
            except (LodestoneError, SQLAlchemyError) as failed:
                # Readiness and the metrics tell of a database that is away; the next turn takes the same step again.
                log.warning("watches_not_evaluated", error=type(failed).__name__)
            except Exception:
                # Nobody would start it again: a fault of this program must not silence the register for good.
                log.exception("watches_not_evaluated")
            await self._next_turn(leads=leads)

    async def _next_turn(self, *, leads: bool) -> None:
        """Where nothing is watched, or another process leads, events are no reason to look again: a turn for each
        commit took an eighth of what a POST costs."""
        if leads:
            await self._growth.beyond(self._growth.position, TICK_S)
        else:
            await asyncio.sleep(TICK_S)

    async def _keep_leading(self) -> None:
        """A turn may take longer than a lease: who leads goes on saying so meanwhile."""
        while True:
            await asyncio.sleep(RENEW_S)
            # The turn tells of a database that is away.
            with contextlib.suppress(LodestoneError, SQLAlchemyError):
                await asyncio.to_thread(self._evaluator.renew)

    def _evaluate(self) -> bool:
        """One turn; whether this process leads."""
        until = time.monotonic() + TURN_S
        return self._evaluator.run(lambda: self._stopping.is_set() or time.monotonic() > until)
