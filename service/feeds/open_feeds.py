"""The feeds that are open in this process: how many there may be, and what became of those that ended."""

from collections.abc import Iterator
from contextlib import contextmanager

from service.errors import TooManyRequests

RETRY_AFTER_S = 10


class OpenFeeds:
    def __init__(self, most: int) -> None:
        self.most = most
        self.open = 0
        self.events_sent = 0
        self.dropped = 0
        """Feeds that were ended because their readers did not take what was sent."""

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """Raises TooManyRequests where there are as many as there may be."""
        if self.open >= self.most:
            detail = f"{self.open} feeds are open, and there may be {self.most}."
            raise TooManyRequests(detail, RETRY_AFTER_S)
        self.open += 1
        try:
            yield
        finally:
            self.open -= 1
