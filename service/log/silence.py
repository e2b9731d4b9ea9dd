"""A PostgreSQL that stands still while its machine does not: no error comes, and the network sees nothing amiss.

Each statement and each commit has a time by which it is to be answered; after that its connection is broken off.
Nothing is cancelled: a commit under way stands or does not, and whoever asked for it is told that this is not known.
"""

import contextlib
import socket
import threading
import time
from typing import Any

from sqlalchemy import Connection, Engine, event

LOOK_S = 0.5


class _Waiting:
    """Which connections wait for an answer, and until when. One for the process: engines come and go."""

    def __init__(self) -> None:
        self._until_s: dict[Any, float] = {}
        # Held while one is broken off, so that it is not closed, and its number given to another, in between.
        self._lock = threading.Lock()
        self._watcher: threading.Thread | None = None

    def begin(self, connection: Any, timeout_s: float) -> None:
        with self._lock:
            self._until_s[connection] = time.monotonic() + timeout_s
            # Started late: a thread does not survive a fork.
            if self._watcher is None or not self._watcher.is_alive():
                self._watcher = threading.Thread(target=self._watch, name="database-silence", daemon=True)
                self._watcher.start()

    def end(self, connection: Any) -> None:
        with self._lock:
            self._until_s.pop(connection, None)

    def _watch(self) -> None:
        while True:
            time.sleep(LOOK_S)
            with self._lock:
                late = [one for one, until_s in self._until_s.items() if time.monotonic() > until_s]
                for connection in late:
                    del self._until_s[connection]
                    _break_off(connection)


def _break_off(connection: Any) -> None:
    """The thread that waits on it is told at once that the server is gone."""
    with contextlib.suppress(OSError), socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM) as broken:
        broken.shutdown(socket.SHUT_RDWR)


_waiting = _Waiting()


def break_off_after(engine: Engine, timeout_s: float) -> None:
    """For an engine of PostgreSQL."""

    def begin(connection: Connection, *_: object) -> None:
        # Also called where a broken connection is rolled back: there is nothing to wait for then.
        if not connection.invalidated:
            _waiting.begin(connection.connection.driver_connection, timeout_s)

    def end(connection: Connection, *_: object) -> None:
        _waiting.end(connection.connection.driver_connection)

    def given_back(connection: Any, *_: object) -> None:
        _waiting.end(connection)

    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
    event.listen(engine, "commit", begin)
    event.listen(engine, "rollback", begin)
    event.listen(engine, "checkin", given_back)
    event.listen(engine, "close", given_back)
    event.listen(engine, "invalidate", given_back)
