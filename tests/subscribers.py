"""Subscribers of the feed of a register whose processes are killed, and what they were sent."""

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import cycle

import httpx
from httpx_sse import SSEError, connect_sse

from tests.history import History, Seen

PAUSE_S = 0.05
PATIENCE_S = 60
TIMEOUT = httpx.Timeout(10, read=20)


class Subscribers:
    """Each connects again with the id of the last event that it got, to the next process. What one connection brought
    is a page of its history."""

    def __init__(self, urls: Sequence[str], count: int, history: History) -> None:
        self.history = history
        self.connections = 0
        self._urls = urls
        self._stop = threading.Event()
        self._last = [0] * count
        # One that waits for an event notices the end when its service does.
        self._threads = [threading.Thread(target=self._follow, args=(n,), daemon=True) for n in range(count)]

    @contextmanager
    def following(self) -> Iterator[None]:
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()

    def wait_for(self, position: int) -> None:
        """Until every subscriber was sent the event at a position, for a minute at most."""
        deadline = time.monotonic() + PATIENCE_S
        while min(self._last) < position and time.monotonic() < deadline:
            time.sleep(PAUSE_S)

    def _follow(self, number: int) -> None:
        pages = self.history.read.setdefault(f"subscriber {number}", [])
        urls = cycle([*self._urls[number % len(self._urls) :], *self._urls[: number % len(self._urls)]])
        while not self._stop.is_set():
            page: list[Seen] = []
            pages.append(page)
            with suppress(httpx.HTTPError, SSEError):
                for seen in self._fed(next(urls), self._last[number]):
                    page.append(seen)
                    self._last[number] = seen.position
            time.sleep(PAUSE_S)

    def _fed(self, url: str, after: int) -> Iterator[Seen]:
        headers = {"Last-Event-ID": str(after)}
        with (
            httpx.Client(base_url=url, timeout=TIMEOUT) as client,
            connect_sse(client, "GET", "/v1/feed", headers=headers) as feed,
        ):
            self.connections += 1
            for event in feed.iter_sse():
                if event.data:
                    yield Seen(int(event.id), json.loads(event.data)["id"])
