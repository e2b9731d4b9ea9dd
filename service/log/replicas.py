"""Reads from standbys of PostgreSQL: of states that the primary has confirmed, and of no others.

A standby may show what its primary has not acknowledged yet, and what a failover takes back. So a state of it is read
from only where the primary shows the same log as far as that reaches: the same root at the same position. The primary
is asked so once for each end of the log, not for each read. A replica that is away, too far behind, or of another log
is passed over, and the primary answers.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count

from sqlalchemy import Connection, Engine, select

from service.errors import TookTooLong, Unavailable
from service.log import tree
from service.log.database import reading
from service.log.instants import instant_of, now
from service.log.read import Head, read_head
from service.log.tables import events

CHECK_S = 1.0
"""How often each replica is held against its primary."""
STALE_S = 3.0
"""For how long a check counts: a replica that stands still is passed over after this, before its statements end."""
PRIMARY = "primary"
UNCHECKED = "It was not looked at yet."
ANOTHER = "It holds another log than the primary."
Unfit = Callable[[Connection], str | None]
Enough = Callable[[Head], bool]
State = tuple[Connection, Head]


def anything(_head: Head) -> bool:
    """For what any state is recent enough."""
    return True


@dataclass
class Replica:
    """One standby, as it was found last. `confirmed` is the end of the log up to which it is its primary's; `lag_s` how
    long ago the first event was recorded that it lacks, None before it was looked at; `fault` why it is passed over."""

    name: str
    engine: Engine
    confirmed: tuple[int, bytes] | None = None
    position: int | None = None
    lag_s: float | None = None
    fault: str = UNCHECKED
    checked_s: float = 0.0

    @property
    def usable(self) -> bool:
        return not self.fault and time.monotonic() - self.checked_s < STALE_S


@dataclass
class Replicas:
    """The standbys of one primary; without any, everything is read from the primary. `unfit` says why this version
    cannot read from a database. `reads` counts how many states were read from each, by name, without a lock."""

    primary: Engine
    replicas: Sequence[Replica] = ()
    unfit: Unfit = lambda _connection: None
    most_lag_s: float = 5.0
    reads: Counter[str] = field(default_factory=Counter)
    _turn: Iterator[int] = field(default_factory=count)

    @contextmanager
    def reading(self, enough: Enough = anything) -> Iterator[State]:
        """A state of the log, and where it ends: that of a replica where one is confirmed and recent enough, or else
        that of the primary. Raises Unavailable."""
        with ExitStack() as held:
            yield self._of_a_replica(enough, held) or self._of_the_primary(held)

    def holds(self, position: int) -> bool:
        """Whether a replica holds a log position, or there is none to wait for."""
        usable = self._usable()
        return not usable or any(self._position(replica) >= position for replica in usable)

    @contextmanager
    def checked(self) -> Iterator[None]:
        """Each replica is looked at again and again while the block lasts, apart from the others: one may be silent."""
        stopped = threading.Event()
        for replica in self.replicas:
            threading.Thread(target=self._watch, args=(replica, stopped), name=replica.name, daemon=True).start()
        try:
            yield
        finally:
            stopped.set()

    def check(self, replica: Replica) -> None:
        """Looks whether a replica may be read from."""
        try:
            with reading(replica.engine) as standby, reading(self.primary) as primary:
                replica.fault = self._fault(replica, standby, primary)
        except Unavailable as failed:
            replica.fault = failed.detail
        replica.checked_s = time.monotonic()

    def _watch(self, replica: Replica, stopped: threading.Event) -> None:
        while not stopped.is_set():
            self.check(replica)
            stopped.wait(CHECK_S)

    def _fault(self, replica: Replica, standby: Connection, primary: Connection) -> str:
        """Why a replica may not be read from; blank where it may."""
        if said := self.unfit(standby):
            return said
        head, durable = read_head(standby), read_head(primary)
        replica.position, replica.lag_s = head.position, _lag_s(primary, head, durable)
        if not _is_one_log(standby, head, primary, durable):
            return ANOTHER
        if head.position <= durable.position:
            replica.confirmed = head.position, head.root
        return f"It is {replica.lag_s:.0f} s behind." if replica.lag_s > self.most_lag_s else ""

    def _usable(self) -> list[Replica]:
        return [replica for replica in self.replicas if replica.usable]

    def _position(self, replica: Replica) -> int:
        try:
            with self._trusted(replica) as standby:
                return read_head(standby).position
        except Unavailable:
            return 0

    def _of_a_replica(self, enough: Enough, held: ExitStack) -> State | None:
        usable, first = self._usable(), next(self._turn)
        for number in range(len(usable)):
            replica = usable[(first + number) % len(usable)]
            try:
                with ExitStack() as tried:
                    standby = tried.enter_context(self._trusted(replica))
                    head = read_head(standby)
                    if enough(head) and self._confirmed(replica, standby, head):
                        held.push(tried.pop_all())
                        self.reads[replica.name] += 1
                        return standby, head
            except Unavailable:
                continue
        return None

    def _of_the_primary(self, held: ExitStack) -> State:
        connection = held.enter_context(reading(self.primary))
        self.reads[PRIMARY] += 1
        return connection, read_head(connection)

    @contextmanager
    def _trusted(self, replica: Replica) -> Iterator[Connection]:
        """A connection to a replica, which is passed over until its next check where it fails."""
        try:
            with reading(replica.engine) as connection:
                yield connection
        except TookTooLong:
            raise
        except Unavailable as failed:
            replica.fault = failed.detail
            raise

    def _confirmed(self, replica: Replica, standby: Connection, head: Head) -> bool:
        """Whether the primary shows all that this state of a replica does. It shows nothing before it is durable."""
        if replica.confirmed == (head.position, head.root):
            return True
        with reading(self.primary) as primary:
            durable = read_head(primary)
            if head.position > durable.position or not _is_one_log(standby, head, primary, durable):
                return False
        replica.confirmed = head.position, head.root
        return True


def _is_one_log(standby: Connection, head: Head, primary: Connection, durable: Head) -> bool:
    """Whether one of the two logs begins with the other."""
    size = min(head.position, durable.position)
    return _root_at(standby, size, head) == _root_at(primary, size, durable)


def _root_at(connection: Connection, size: int, head: Head) -> bytes:
    return head.root if size == head.position else tree.root_at(connection, size)


def _lag_s(primary: Connection, head: Head, durable: Head) -> float:
    if head.position >= durable.position:
        return 0.0
    lacks = select(events.c.recorded_at).where(events.c.position == head.position + 1)
    return max(0.0, (now() - instant_of(primary.execute(lacks).scalar_one())).total_seconds())
