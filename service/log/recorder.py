"""An event loop's way into the log: requests go to its writer, and answers come back, many at a time.

What arrives in one turn of the loop is handed over at its end, and so is committed together: handed over one by one,
the first of them is a group of its own, and the rest waits for its commit. What is answered together wakes the loop
once.
"""

import asyncio
from collections import deque
from concurrent.futures import Future
from contextlib import suppress

from service.log.append import Appended, Log, Request


class Recorder:
    """Of one log and one event loop."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._going: deque[Request] = deque()
        self._answered: deque[tuple[Future[Appended], asyncio.Future[Appended]]] = deque()
        self._leaves = self._wakes = False

    async def record(self, request: Request) -> Appended:
        """Returns when all of the request is committed. Who stops waiting for it takes nothing back.

        Raises as `Log.append` does.
        """
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[Appended] = loop.create_future()
        # Who observes is told before who waits: a span has ended when its request goes on.
        self._log.observe(request.events, request.answer)
        request.answer.add_done_callback(lambda answer: self._come(loop, answer, waiting))
        self._going.append(request)
        if not self._leaves:
            self._leaves = True
            loop.call_soon(self._hand_over)
        return await waiting

    def _hand_over(self) -> None:
        self._leaves = False
        self._log.take([self._going.popleft() for _ in range(len(self._going))])

    def _come(
        self, loop: asyncio.AbstractEventLoop, answer: "Future[Appended]", waiting: "asyncio.Future[Appended]"
    ) -> None:
        """In the thread of the writer."""
        self._answered.append((answer, waiting))
        if not self._wakes:
            self._wakes = True
            # The loop may end in this very moment; then nobody waits any more.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._settle)

    def _settle(self) -> None:
        # First, so that what is answered meanwhile wakes the loop again.
        self._wakes = False
        while self._answered:
            answer, waiting = self._answered.popleft()
            failed = answer.exception()
            if waiting.done():
                continue
            if failed is not None:
                waiting.set_exception(failed)
            else:
                waiting.set_result(answer.result())
