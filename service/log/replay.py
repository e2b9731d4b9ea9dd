"""The log computed again, entry by entry, and held against checkpoints that were kept elsewhere."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from service.errors import Refused, Tampered
from service.log import merkle
from service.log.canonical import canonical, leaf_hash, payload_digest
from service.log.checkpoint import Checkpoint
from service.log.entry import NO_REMARKS, Entry, envelope


class Replay:
    """The log so far. It remembers each stream's length, so it grows with the number of streams, not of events."""

    def __init__(self, kept: Sequence[Checkpoint] = ()) -> None:
        """Raises Tampered where a checkpoint of size 0 is not that of the empty log."""
        self.position = 0
        self.recorded_at: datetime | None = None
        self.peaks: list[bytes] = []
        self._versions: dict[str, int] = {}
        self._kept: dict[int, set[bytes]] = {}
        for checkpoint in kept:
            self._kept.setdefault(checkpoint.size, set()).add(checkpoint.root)
        self._check_kept()

    @property
    def root(self) -> bytes:
        return merkle.fold(self.peaks)

    def take(self, entry: Entry) -> list[tuple[merkle.Node, bytes]]:
        """Takes the next entry; returns the inner nodes of the tree that it completes.

        Raises Tampered where it is not the next one, or does not bear out its own hashes or a checkpoint.
        """
        at = self.position + 1
        if entry.event.position != at:
            raise Tampered(f"The event at position {at} is missing.", at)
        self._check(entry)
        self.recorded_at = entry.event.recorded_at
        self._versions[entry.event.stream] = entry.event.version
        self.peaks, completed = merkle.extend(self.peaks, self.position, [bytes.fromhex(entry.event.hash)])
        self.position = at
        self._check_kept()
        return completed

    def end(self) -> None:
        """Raises Tampered where a checkpoint covers more than there was."""
        for size in self._kept:
            if size > self.position:
                raise Tampered(
                    f"A checkpoint of {size} events was kept, and the log ends at {self.position}.", self.position + 1
                )

    def _check(self, entry: Entry) -> None:
        event, at = entry.event, entry.event.position
        if not _payload_holds(entry):
            raise Tampered(f"The payload at position {at} is not the one recorded.", at)
        if leaf_hash(envelope(event, entry.digest)).hex() != event.hash:
            raise Tampered(f"The event at position {at} is not the one recorded.", at)
        if (canonical(event.metadata) if event.metadata else NO_REMARKS).decode() != entry.metadata:
            raise Tampered(f"The metadata at position {at} is not in its canonical form.", at)
        if event.version != self._versions.get(event.stream, 0) + 1:
            raise Tampered(f"The version at position {at} does not follow in its stream.", at)
        if self.recorded_at is not None and event.recorded_at <= self.recorded_at:
            raise Tampered(f"The event at position {at} was recorded before the one it follows.", at)

    def _check_kept(self) -> None:
        kept = self._kept.get(self.position)
        if kept is not None and kept != {self.root}:
            raise Tampered(f"The first {self.position} events are not those of the checkpoint kept.")


def _payload_holds(entry: Entry) -> bool:
    """A redacted payload cannot be held against its digest any more; nothing follows from it either."""
    if entry.payload is None or entry.salt is None:
        return entry.payload is None and entry.salt is None
    return payload_digest(entry.salt, entry.payload.encode()) == entry.digest


@contextmanager
def readable(at: int) -> Iterator[None]:
    """Raises Tampered for whatever cannot be read there: it need not be JSON, nor an instant that a calendar holds."""
    try:
        yield
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError, Refused) as error:
        raise Tampered(f"The event at position {at} cannot be read.", at) from error
