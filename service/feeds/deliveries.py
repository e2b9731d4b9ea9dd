"""What is still to be delivered to the receivers of watches, and what became of each try; in the database."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from service.feeds.tables import attempts, changes, watches
from service.log.instants import microseconds

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(days=1)
MOST_ATTEMPTS = 12
"""After these, some four days, a message is dead: it is listed, and can be sent again."""
KEPT_FOR = timedelta(days=30)
"""How long a try stands in the log of deliveries."""
MOST_TRIES = 20
"""How many tries of a message are shown, the last ones."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message to a receiver. `id` names it for good, so that a receiver knows one that comes twice. `since` tells its
    watch from another that gets the same id later."""

    id: str
    watch: str
    since: int
    number: int
    url: str
    secrets: str
    body: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Due:
    """A watch with a message that waits. `failed`: it was tried before, in vain."""

    watch: str
    url: str
    failed: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a try: the receiver's status, or what went wrong."""

    status: int | None
    problem: str | None
    took_ms: int

    @property
    def delivered(self) -> bool:
        return self.problem is None


_waiting = (
    select(changes.c.watch, func.min(changes.c.number).label("number"))
    .where(changes.c.state == "pending")
    .group_by(changes.c.watch)
    .subquery()
)
_FIRST = (
    select(changes, watches.c.webhook, watches.c.secrets, watches.c.made_at.label("since"))
    .join(_waiting, (_waiting.c.watch == changes.c.watch) & (_waiting.c.number == changes.c.number))
    .join(watches, watches.c.id == changes.c.watch)
    .where(watches.c.paused.is_(False), watches.c.webhook.is_not(None))
)


def due(connection: Connection, now: datetime) -> list[Due]:
    """The watches for whose first message it is time; who waits longest comes first."""
    query = _FIRST.with_only_columns(changes.c.watch, watches.c.webhook, changes.c.attempts).where(_it_is_time(now))
    found = connection.execute(query.order_by(changes.c.due_at))
    return [Due(row.watch, row.webhook, failed=row.attempts > 0) for row in found]


def next_of(connection: Connection, watch: str, now: datetime) -> Delivery | None:
    """The first message that waits of a watch, where it is time for it: a later one is never sent before."""
    row = connection.execute(_FIRST.where(changes.c.watch == watch, _it_is_time(now))).first()
    return None if row is None else _delivery(row)


def _it_is_time(now: datetime) -> ColumnElement[bool]:
    """No pause is longer than the longest: what is to wait for longer was written by a clock that was ahead."""
    return (changes.c.due_at <= microseconds(now)) | (changes.c.due_at > microseconds(now + LONGEST_PAUSE))


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=f"{row.watch}-{row.since}-{row.number}",
        watch=row.watch,
        since=row.since,
        number=row.number,
        url=row.webhook,
        secrets=row.secrets,
        body=row.told,
        attempts=row.attempts,
    )


def settle(connection: Connection, sent: Delivery, tried: Tried, now: datetime) -> None:
    """Writes what became of a try. A message that failed waits, longer each time; after the last try it is dead."""
    if not still_there(connection, sent.watch, sent.since):
        return
    log_try(connection, sent.watch, sent.number, tried, now)
    count = sent.attempts + 1
    state = "delivered" if tried.delivered else "dead" if count >= MOST_ATTEMPTS else "pending"
    # Another process may have sent it meanwhile: what became of that stands.
    same = (changes.c.state == "pending", changes.c.attempts == sent.attempts)
    this = (changes.c.watch == sent.watch, changes.c.number == sent.number, *same)
    due_at = microseconds(now + pause_after(count))
    connection.execute(update(changes).where(*this).values(state=state, attempts=count, due_at=due_at))


def still_there(connection: Connection, watch: str, since: int) -> bool:
    """Whether the watch was not removed while it was sent for; and that it is not, until the transaction ends."""
    this = (watches.c.id == watch, watches.c.made_at == since)
    return connection.execute(select(watches.c.id).where(*this).with_for_update()).first() is not None


def pause_after(count: int) -> timedelta:
    """How long to wait after so many tries: four times as long each time, up to a day, of that a random part from half
    on, so that receivers that failed together are not tried together."""
    longest = min(FIRST_PAUSE * 4 ** (count - 1), LONGEST_PAUSE)
    return timedelta(seconds=longest.total_seconds() * random.uniform(0.5, 1.0))


def log_try(connection: Connection, watch: str, number: int, tried: Tried, now: datetime) -> None:
    at = microseconds(now)
    old = (attempts.c.watch == watch) & (attempts.c.at < microseconds(now - KEPT_FOR))
    same = (attempts.c.watch == watch) & (attempts.c.number == number) & (attempts.c.at == at)
    connection.execute(delete(attempts).where(old | same))
    row = {"watch": watch, "number": number, "at": at, "status": tried.status, "problem": tried.problem}
    connection.execute(insert(attempts).values(**row, took_ms=tried.took_ms))


def again(connection: Connection, watch: str, numbers: list[int] | None, now: datetime) -> int:
    """Sends messages once more, in their order: those of some numbers, or all that are dead. How many there are."""
    chosen = changes.c.state == "dead" if numbers is None else changes.c.number.in_(numbers)
    fresh = {"state": "pending", "attempts": 0, "due_at": microseconds(now)}
    # What was told before the watch had a receiver has the state "none", and is not sent.
    found = update(changes).where(changes.c.watch == watch, chosen, changes.c.state != "none").values(**fresh)
    return connection.execute(found).rowcount


def listed(connection: Connection, watch: str, state: str | None, after: int, limit: int) -> list[Row[Any]]:
    query = select(changes).where(changes.c.watch == watch, changes.c.number > after, changes.c.state != "none")
    query = query if state is None else query.where(changes.c.state == state)
    return list(connection.execute(query.order_by(changes.c.number).limit(limit)))


def tries_of(connection: Connection, watch: str, number: int) -> list[Row[Any]]:
    """The last tries of a message, the newest first; of pings for number 0."""
    query = select(attempts).where(attempts.c.watch == watch, attempts.c.number == number)
    return list(connection.execute(query.order_by(attempts.c.at.desc()).limit(MOST_TRIES)))


def counted(connection: Connection) -> dict[str, int]:
    """How many messages are in each state."""
    query = (
        select(changes.c.state, func.count().label("held")).where(changes.c.state != "none").group_by(changes.c.state)
    )
    return {row.state: row.held for row in connection.execute(query)}
