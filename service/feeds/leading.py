"""The cursor of all watches, and the one process that moves it.

A process leads for some seconds at a time, and says so anew while it goes on: one that is killed is followed by another
after that. What it writes it writes under the cursor's lock, and only while it still leads, so two never both do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select, update

from service.feeds.tables import cursor
from service.log.instants import instant_of, microseconds

LEASE = timedelta(seconds=15)
SKEW = timedelta(minutes=1)
"""How far the clocks of processes may lie apart. A lease for longer than that was taken by a clock that was ahead."""

_LOCKED = select(cursor).with_for_update()


@dataclass(frozen=True, slots=True)
class Cursor:
    """Every watch that is caught up was evaluated through this position, and through this day (None: through none)."""

    position: int
    day: date | None
    holder: str
    held_until: datetime


def read_cursor(connection: Connection, *, locked: bool = False) -> Cursor:
    row = connection.execute(_LOCKED if locked else select(cursor)).one()
    day = date.fromisoformat(row.day) if row.day else None
    return Cursor(row.position, day, row.holder, instant_of(row.held_until))


def move(connection: Connection, position: int, day: date) -> None:
    connection.execute(update(cursor).values(position=position, day=day.isoformat()))


@dataclass(frozen=True, slots=True)
class Leader:
    """A process that leads, or would like to. `name` is its own."""

    name: str
    clock: Callable[[], datetime]

    def leads(self, found: Cursor) -> bool:
        return found.holder == self.name and found.held_until > self.clock()

    def may_lead(self, found: Cursor) -> bool:
        now = self.clock()
        return found.holder == self.name or not now < found.held_until <= now + LEASE + SKEW

    def long_enough(self, found: Cursor) -> bool:
        """Whether it leads for long enough not to say so anew yet."""
        return found.holder == self.name and found.held_until - self.clock() > LEASE / 2

    def take(self, connection: Connection) -> bool:
        """Leads from now on, or goes on leading; whether it does. In a transaction that writes."""
        found = read_cursor(connection, locked=True)
        if self.may_lead(found):
            until = microseconds(self.clock() + LEASE)
            connection.execute(update(cursor).values(holder=self.name, held_until=until))
        return self.may_lead(found)

    def give_up(self, connection: Connection) -> None:
        """Lets another process lead at once."""
        if read_cursor(connection, locked=True).holder == self.name:
            connection.execute(update(cursor).values(holder="", held_until=0))
