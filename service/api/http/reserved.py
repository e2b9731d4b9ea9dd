"""Connections and threads that no reader can take: for access keys, readiness, metrics and the end of the log."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import anyio
from anyio.to_thread import run_sync
from sqlalchemy import Engine

from service.log.glance import Glance

Found = TypeVar("Found")
THREADS = 2


class Reserved:
    """Where all of the others work or wait, what is asked here is still answered."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.glance = Glance(engine)
        self._threads = anyio.CapacityLimiter(THREADS)

    async def run(self, work: Callable[..., Found], *given: Any) -> Found:
        return await run_sync(partial(work, *given), limiter=self._threads)
