"""Whether the log still ends where it ended, in one statement on a connection of its own, by the plain driver.

That is asked before every answer that is kept. Through Core, with a connection of the pool and a transaction around it,
the question costs ten times as much.
"""

import threading
from contextlib import suppress
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import PoolProxiedConnection

from service.log.database import apart, at_hand
from service.log.read import Head

_END = "SELECT position, root, epoch FROM head"


class Glance:
    """Of one database; safe to share between threads. `at_hand`: to look takes less than to have a thread look."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._held: PoolProxiedConnection | None = None
        self._lock = threading.Lock()
        self._closed = False
        self._failures = SQLAlchemyError, engine.dialect.loaded_dbapi.Error
        self.at_hand = at_hand(engine)

    def shows(self, head: Head) -> bool:
        """Whether the log ends there. False also where that cannot be told: whoever asks the database in full is told
        what is wrong with it."""
        with self._lock:
            try:
                return not self._closed and self._end() == (head.position, head.root, head.epoch)
            except self._failures:
                # Whatever a connection that went stale says, another one is opened the next time.
                self._let_go()
                return False

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._let_go()

    def _end(self) -> tuple[Any, ...]:
        if self._held is None:
            self._held = apart(self._engine)
        driver: Any = self._held.dbapi_connection
        # All of them, so that SQLite ends its read.
        (found,) = driver.execute(_END).fetchall()
        return tuple(found)

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            with suppress(*self._failures):
                held.close()
