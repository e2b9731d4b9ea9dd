"""Which keyed requests are being answered by this process, so that the same one sent meanwhile is told so."""

from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Self

from service.errors import RequestRunning
from service.log.requests import RequestKey


@dataclass
class Running:
    """The keys of the requests under way. A commit outlives a client that hangs up, and so does its key."""

    keys: set[tuple[str, str]] = field(default_factory=set)

    def of(self, key: RequestKey | None) -> "_Turn":
        """Raises RequestRunning where a request with the key is not answered yet."""
        name = (key.actor, key.key) if key else None
        if name in self.keys:
            raise RequestRunning("A request with this Idempotency-Key is running. Send it again in a moment.")
        if name:
            self.keys.add(name)
        return _Turn(self, name)


@dataclass
class _Turn:
    """A block during which the key is taken."""

    running: Running
    name: tuple[str, str] | None
    handed_over: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self.handed_over:
            self.end()

    def until(self, future: "Future[Any]") -> None:
        """The key stays taken until the log has answered, whether anyone still waits for it or not."""
        self.handed_over = True
        future.add_done_callback(lambda _: self.end())

    def end(self) -> None:
        if self.name:
            self.running.keys.discard(self.name)
