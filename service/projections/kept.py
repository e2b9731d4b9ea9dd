"""What follows from the record, kept for the next question for as long as no event touches what it depends on.

Of each database this process knows which keys were touched since when. What was found at one log position stands at
another where none of the keys that it depends on was touched in between. All of it is bounded in bytes.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from service.projections.depends import EVERYTHING, MOST_EVENTS, Depends, note, noted, redacted_since, touched
from service.projections.seen import public_by

DEFAULT_BYTES = 64_000_000
MOST_KEYS = 200_000
"""Of how many keys it is known when they were touched last; some 30 MB. When there are more, all are forgotten, and
what was kept before is found anew."""
KEY_BYTES = 100
"""What a key that something depends on takes, with its place in a set."""

Found = TypeVar("Found")


@dataclass(slots=True)
class Touches:
    """When each key was touched last, from the position `since` on up to `through`."""

    since: int = -1
    through: int = -1
    last: dict[str, int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def reach(self, connection: Connection, position: int) -> None:
        """Looks at the events up to a position that the connection sees."""
        if position <= self.through:
            return
        with self.lock:
            if self.through < 0 or position > self.through + MOST_EVENTS or len(self.last) > MOST_KEYS:
                self._begin_at(connection, position)
            elif position > self.through:
                keys = touched(connection, self.through, position)
                self.last.update(dict.fromkeys(keys, position))
                self.through = position

    def _begin_at(self, connection: Connection, position: int) -> None:
        # What was kept of positions before an earlier redaction stands no more afterwards than before.
        earlier = {EVERYTHING: self.last[EVERYTHING]} if EVERYTHING in self.last else {}
        redacted = redacted_since(connection, self.through, position)
        self.last = {EVERYTHING: position} if redacted else earlier
        self.since = self.through = position

    def between(self, depends: Depends, earlier: int, later: int) -> bool:
        """Whether anything was touched behind a position that is depended on, up to a later one; also where it is not
        known."""
        if not self.since <= earlier <= later <= self.through:
            return True
        last = self.last
        return last.get(EVERYTHING, -1) > earlier or any(last.get(key, -1) > earlier for key in depends.keys)


@dataclass(slots=True)
class Entry:
    found: Any
    depends: Depends
    at: int
    size_bytes: int


class Kept:
    def __init__(self, most_bytes: int = DEFAULT_BYTES) -> None:
        self.most_bytes = most_bytes
        self.held_bytes = 0
        self.touches = Touches()
        self._entries: OrderedDict[Hashable, Entry] = OrderedDict()
        self._lock = Lock()

    def once(
        self, connection: Connection, at: int, asked: Hashable, find: Callable[[], Found], size: Callable[[Found], int]
    ) -> Found:
        """What is found for what is asked at a log position, or was found before and stands."""
        self.touches.reach(connection, at)
        name = self._name(at, asked)
        entry = self.standing(name, at)
        if entry is None:
            with noted() as keys:
                found = find()
            return self.keep(name, at, found, Depends(frozenset(keys)), size(found)).found  # type: ignore[no-any-return]
        note(entry.depends.keys)
        return entry.found  # type: ignore[no-any-return]

    def _name(self, at: int, asked: Hashable) -> Hashable:
        """What was public by a day stands apart; so does what was known before anything is known of touches."""
        return asked, public_by(at), int(at) if at < self.touches.since else None

    def standing(self, name: Hashable, at: int) -> Entry | None:
        """What was kept under a name and stands at a position up to which touches are known."""
        entry = self._entries.get(name)
        if entry is None or not self._stands(entry, int(at)):
            return None
        with self._lock:
            if name in self._entries:
                self._entries.move_to_end(name)
        return entry

    def _stands(self, entry: Entry, at: int) -> bool:
        if entry.at == at:
            # A redaction changes what earlier positions say, too. What is known of those is not kept any more.
            return self.touches.last.get(EVERYTHING, -1) <= at
        return not self.touches.between(entry.depends, min(entry.at, at), max(entry.at, at))

    def keep(self, name: Hashable, at: int, found: Any, depends: Depends, size_bytes: int) -> Entry:
        """Keeps it, unless it would fill more than a quarter of the bound by itself."""
        size_bytes += KEY_BYTES * len(depends.keys)
        entry = Entry(found, depends, int(at), size_bytes)
        with self._lock:
            before = self._entries.pop(name, None)
            self.held_bytes -= before.size_bytes if before else 0
            if size_bytes * 4 <= self.most_bytes:
                self._entries[name] = entry
                self.held_bytes += size_bytes
            while self.held_bytes > self.most_bytes:
                self.held_bytes -= self._entries.popitem(last=False)[1].size_bytes
        return entry

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self.held_bytes = 0

    def __contains__(self, name: Hashable) -> bool:
        return name in self._entries

    def __len__(self) -> int:
        return len(self._entries)


_of_engine: WeakKeyDictionary[Engine, Kept] = WeakKeyDictionary()


def kept_of(engine: Engine) -> Kept:
    """What is kept of one database."""
    found = _of_engine.get(engine)
    return found if found is not None else _of_engine.setdefault(engine, Kept())
