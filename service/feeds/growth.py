"""Waiting for the log to grow.

One task for each process looks where the log ends, as often as `poll_s` says, and only while somebody waits. What this
process records itself, and what PostgreSQL notifies of, wakes at once. Both are hints: looking is what counts, so a
hint that is lost costs a moment and no event.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from service.domain.event import ProposedEvent
from service.errors import LodestoneError
from service.log.append import Appended
from service.log.notices import Notices

POLL_S = 1.0


class Growth:
    """Where the log ends, as far as this process knows. `look` reads it from the database."""

    def __init__(self, look: Callable[[], int], notices: Notices, poll_s: float = POLL_S) -> None:
        self.position = 0
        self.stopping = False
        self._look = look
        self._notices = notices
        self._poll_s = poll_s
        self._loop: asyncio.AbstractEventLoop | None = None
        self._grown = asyncio.Event()
        self._hint = asyncio.Event()
        self._waiting = 0
        self._recorded_to = 0
        self._to_be_told = False

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Looks for as long as the block lasts; whoever waits at its end is woken."""
        self._loop = asyncio.get_running_loop()
        tasks = [asyncio.create_task(self._watch()), asyncio.create_task(self._notices.heard(self._hint.set))]
        try:
            yield
        finally:
            self.stop()
            self._loop = None
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def stop(self) -> None:
        """Wakes everybody for the last time: the service is stopping."""
        self.stopping = True
        self._wake()

    async def beyond(self, position: int, timeout_s: float) -> bool:
        """Waits for the log to reach past a position; whether it does. Returns early where the service is stopping."""
        if not self._waiting:
            self._hint.set()
        self._waiting += 1
        try:
            async with asyncio.timeout(timeout_s):
                while self.position <= position and not self.stopping:
                    await self._grown.wait()
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1
        return self.position > position

    def observe(self, _events: Sequence[ProposedEvent], answer: "Future[Appended]") -> None:
        """Is told of each append of this process, in any thread; see `log.append.Observe`."""
        answer.add_done_callback(self._recorded)

    def _recorded(self, answer: "Future[Appended]") -> None:
        loop = self._loop
        if loop is None or answer.exception() is not None:
            return
        self._recorded_to = max(self._recorded_to, answer.result().position)
        if not self._to_be_told:
            # The loop is woken once for all that is recorded before it looks.
            self._to_be_told = True
            # The loop may end in this very moment; then nobody waits any more.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._look_at_recorded)

    def _look_at_recorded(self) -> None:
        self._to_be_told = False
        self.reached(self._recorded_to)

    def reached(self, position: int) -> None:
        """The log holds a position, and with it all before."""
        if position > self.position:
            self.position = position
            self._wake()

    def _wake(self) -> None:
        self._grown.set()
        self._grown = asyncio.Event()

    async def _watch(self) -> None:
        while True:
            self._hint.clear()
            if self._waiting:
                # A database that is away is told of by those who read from it.
                with contextlib.suppress(LodestoneError, SQLAlchemyError):
                    self.reached(await run_in_threadpool(self._look))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._hint.wait(), self._poll_s if self._waiting else None)
