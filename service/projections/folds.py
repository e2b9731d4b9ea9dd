"""Things that were folded, kept for the next question, within a bound of bytes.

A thing is kept by its stream and the position of the last record that it was folded from, so it is never stale. A
redaction changes what earlier positions say; so the last one is part of the key.
"""

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

DEFAULT_BYTES = 16_000_000
VERSIONS = 4
"""How many versions of one stream are kept: what an append supersedes is rarely asked for again."""

Key = tuple[str, int, int]
"""The stream, the position of its last record, and that of the log's last redaction."""


class Folds:
    """`most_bytes` bounds the texts of the records folded. What is folded takes some ten times as much."""

    def __init__(self, most_bytes: int = DEFAULT_BYTES) -> None:
        self.most_bytes = most_bytes
        self.held_bytes = 0
        self._kept: OrderedDict[Key, tuple[Any, int]] = OrderedDict()
        self._versions: dict[str, list[Key]] = {}
        self._lock = Lock()

    def get(self, keys: Iterable[Key]) -> dict[Key, Any]:
        """Those that are kept, None among them where a stream describes nothing."""
        found = {}
        with self._lock:
            for key in keys:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    found[key] = self._kept[key][0]
        return found

    def keep(self, key: Key, thing: Any, size_bytes: int) -> None:
        """Keeps a thing unless it would fill more than half of the bound by itself."""
        with self._lock:
            if key in self._kept or size_bytes * 2 > self.most_bytes:
                return
            versions = self._versions.setdefault(key[0], [])
            if len(versions) == VERSIONS:
                self._drop(versions[0])
            # Dropping the only version of a stream forgets its list.
            self._versions.setdefault(key[0], versions).append(key)
            self._kept[key] = thing, size_bytes
            self.held_bytes += size_bytes
            while self.held_bytes > self.most_bytes:
                self._drop(next(iter(self._kept)))

    def _drop(self, key: Key) -> None:
        self.held_bytes -= self._kept.pop(key)[1]
        versions = self._versions[key[0]]
        versions.remove(key)
        if not versions:
            del self._versions[key[0]]

    def __len__(self) -> int:
        return len(self._kept)


_of_engine: WeakKeyDictionary[Engine, Folds] = WeakKeyDictionary()


def folds_of(engine: Engine) -> Folds:
    """What is kept of one database: another one may hold other records at the same positions."""
    return _of_engine.setdefault(engine, Folds())
