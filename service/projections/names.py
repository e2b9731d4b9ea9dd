"""Every name that a record gave the things of one noun, in memory, up to a log position.

As with every key, a name, once given, stays: a thing too many is found by it, which then has no such name at K. So the
index grows with the log and needs no versions; it holds about two kilobytes a name.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy import BigInteger, Connection, Select, Text, bindparam, select

from service.domain.company.alike import ALIKE, NameIndex
from service.domain.company.names import read
from service.domain.company.readings import rewritten
from service.domain.company.resembling import Resembling
from service.log.tables import events
from service.projections.budget import for_all
from service.projections.depends import LONG_NAME, MOST_EVENTS, note
from service.projections.tables import AT, DIGESTED, LIVE, NAMED, lookups

NAMES: Select[tuple[str, str]] = select(lookups.c.stream, lookups.c.key).where(
    lookups.c.generation == LIVE,
    lookups.c.noun == bindparam("noun", type_=Text),
    lookups.c.known_from <= AT,
    lookups.c.key.between(NAMED, f"{NAMED.rstrip()}!"),
)
_SINCE = bindparam("since", type_=BigInteger)
_NAMED_SINCE = NAMES.where(lookups.c.known_from > _SINCE)
_NAMED_BY_FEW = _NAMED_SINCE.where(
    lookups.c.stream.in_(select(events.c.stream).where(events.c.position > _SINCE, events.c.position <= AT))
)
"""By the streams of the events since then: few of them cost little, however many names there are."""


@dataclass(slots=True)
class Names:
    """`spelled_out` gives all names of a stream at a log position: of a long one a key holds its digest alone."""

    noun: str
    spelled_out: Callable[[Connection, str, int], Iterable[str]]
    alike_from: int = ALIKE
    """The score from which on a name counts as alike in the questions to this database."""
    index: NameIndex[str] = field(default_factory=NameIndex)
    cores: Resembling = field(default_factory=Resembling)
    """Only where somebody searches."""
    through: int = 0
    lock: Lock = field(default_factory=Lock)

    def find(self, connection: Connection, name: str, at: int, least: int) -> list[str]:
        """The streams of the things that have a name like this one, or had."""
        with self.lock:
            self._reach(connection, at)
            note((LONG_NAME, *self.index.keys_for(name, least)))
            return list(dict.fromkeys(self.index.find(name, least)))

    def search(self, connection: Connection, words: str, at: int, enough: int) -> list[str]:
        """The streams of the things of which a name resembles some words, normalized, or is a part of them: of names
        at most `enough` of each reading of the words."""
        with self.lock:
            self._reach(connection, at)
            self.cores.take_over(self.index.by_core.first)
            cores = (core for typed in rewritten(read(words)) for core in self.cores.near(typed.core, enough))
            near = [stream for core in cores for stream in self.index.by_core.of(core)]
            return list(dict.fromkeys([*near, *self.index.find(words)]))

    def _reach(self, connection: Connection, at: int) -> None:
        if at > self.through:
            # Whatever was published by then: a name too many is left out by the fold.
            with for_all():
                self._go_on(connection, int(at))

    def _go_on(self, connection: Connection, at: int) -> None:
        query = _NAMED_BY_FEW if at - self.through <= MOST_EVENTS else _NAMED_SINCE
        for row in connection.execute(query, {"noun": self.noun, "since": self.through, "at": at}).all():
            digested = DIGESTED.search(row.key)
            for name in self.spelled_out(connection, row.stream, at) if digested else [row.key.removeprefix(NAMED)]:
                self.index.add(name, row.stream)
        self.through = at
