"""The service's log: one line of JSON for each outcome, on standard error, that no request waits for."""

import json
import logging
import sys
import threading
from collections import deque
from collections.abc import Callable
from functools import cache
from traceback import extract_tb
from typing import IO, Any

import structlog

MOST_WAITING = 10_000
"""Lines. More than these wait only where nobody reads them, and then newer ones are dropped and counted."""
PAUSE_S = 0.1
"""How long lines are gathered, to be written at once. The thread looks by itself: to wake it, a request would have to
wait for it."""
FLUSH_S = 0.5


class Lines:
    """A stream whose writer never waits: for a full pipe, a slow disk, a terminal that was stopped."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._waiting: deque[str | Callable[[], str]] = deque()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._write_all, name="log-lines", daemon=True)
        self._starting = threading.Lock()
        self._dropped = 0

    def write(self, line: str) -> None:
        self._put(line)

    def write_later(self, make: Callable[[], str]) -> None:
        """A line that is made by the thread which writes it. To make it may not fail."""
        self._put(make)

    def flush(self) -> None:
        """Lines are flushed when they are written."""

    def close(self) -> None:
        """Writes what waits, as far as half a second allows: an end shall not depend on who reads."""
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join(FLUSH_S)

    def _put(self, line: str | Callable[[], str]) -> None:
        if self._thread.ident is None:
            self._start()
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append(line)
        else:
            self._dropped += 1

    def _start(self) -> None:
        with self._starting:
            if self._thread.ident is None:
                self._thread.start()

    def _write_all(self) -> None:
        while not self._ended.wait(PAUSE_S):
            self._write_waiting()
        self._write_waiting()

    def _write_waiting(self) -> None:
        waiting = [self._waiting.popleft() for _ in range(len(self._waiting))]
        lines = [line if isinstance(line, str) else line() for line in waiting]
        if not lines and not self._dropped:
            return
        try:
            self._stream.write("".join(lines))
            if self._dropped:
                dropped, self._dropped = self._dropped, 0
                self._stream.write(json.dumps({"event": "log_lines_dropped", "count": dropped}) + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            # A full disk, or a stream that was closed: the lines are lost, and those to come may not be.
            self._dropped += len(lines)


class InLines(logging.Handler):
    """What libraries log, among them the server, in the same form. A traceback goes without the values in it."""

    def emit(self, record: logging.LogRecord) -> None:
        failure = record.exc_info[1] if record.exc_info else None
        more = {"traceback": lines_of(failure)} if failure else {}
        structlog.get_logger().log(record.levelno, "server", source=record.name, message=record.getMessage(), **more)


def lines_of(error: BaseException) -> list[str]:
    """Where it was raised, and what kind it is. Not what it says: that may hold secrets, or somebody's data."""
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__)]
    return [*frames, type(error).__name__]


def _written(line: Any, default: Callable[[Any], Any]) -> str:
    return _encoder(default).encode(line)


@cache
def _encoder(default: Callable[[Any], Any]) -> json.JSONEncoder:
    """Made once: `json.dumps` makes one for each line."""
    return json.JSONEncoder(default=default)


def log_in_lines(stream: IO[str] | None = None) -> Lines:
    """From now on everything is logged in lines of JSON. What is returned is to be closed at the end."""
    lines = Lines(stream or sys.stderr)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(_written),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(lines),  # type: ignore[arg-type]
    )
    logging.basicConfig(handlers=[InLines()], level=logging.WARNING, force=True)
    return lines
