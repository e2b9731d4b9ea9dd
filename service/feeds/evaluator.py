"""Evaluates all watches as the log grows and as days pass: what one process does, the leader, in small steps.

A step is read from one state of the database and written in one transaction, with the cursor. A process that is killed
in between has told nothing, and the next one takes the same step.
"""

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from service.domain.dates import ONE_DAY
from service.errors import LodestoneError, Refused
from service.feeds import store
from service.feeds.days import Days
from service.feeds.evaluation import Evaluation, Following, following
from service.feeds.leading import Cursor, Leader, move, read_cursor
from service.feeds.watch import Change, Watch
from service.log import read
from service.log.database import reading, writing
from service.log.instants import microseconds, now
from service.log.limits import hold
from service.projections.budget import within

EVENTS_AT_ONCE = 20
WATCHES_AT_ONCE = 500
STEP_S = 5.0
"""How many watches a step looks at, and how long: what comes of it is written at once, and nobody else writes meanwhile
on SQLite. Those that are left are behind then."""
WATCH_MS = 30_000
"""How long one watch may keep a core busy in a step; one that takes more stays as it was until tomorrow."""

Taken = tuple[Watch, Watch, list[Change]]
"""A watch before and after a step, and what is told of it."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Step:
    """What a step comes to, and where the cursor goes. `left`: the watches that there was no time for."""

    found: Sequence[Taken]
    position: int
    day: date
    more: bool
    left: Collection[str] = ()


class Evaluator:
    def __init__(
        self,
        engine: Engine,
        leader: Leader,
        today: Callable[[], date],
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.leader = leader
        self._engine = engine
        self._today = today
        self._clock = clock
        self._days = Days()

    def run(self, stopping: Callable[[], bool] = lambda: False) -> bool:
        """Steps until nothing is left to do, another process leads, or this one is stopping. Whether this one leads."""
        while not stopping():
            if not self.lead():
                return False
            if not self.step():
                break
        return True

    def lead(self) -> bool:
        """Whether this process leads, or takes the lead now. Where nothing is watched nobody has to."""
        with reading(self._engine) as connection:
            found = read_cursor(connection)
            if not store.any_(connection):
                return False
        if self.leader.long_enough(found):
            return True
        if not self.leader.may_lead(found):
            return False
        with writing(self._engine) as connection:
            return self.leader.take(connection)

    def renew(self) -> None:
        """Goes on leading, where this process leads."""
        with reading(self._engine) as connection:
            leads = self.leader.leads(read_cursor(connection))
        if leads:
            with writing(self._engine) as connection:
                self.leader.take(connection)

    def give_up(self) -> None:
        """Lets another process lead, now that this one is stopping."""
        with reading(self._engine) as connection:
            found = read_cursor(connection)
        if self.leader.leads(found):
            with writing(self._engine) as connection:
                self.leader.give_up(connection)

    def step(self) -> bool:
        """One step; whether there is more to do. Nothing is written where another process leads by now."""
        with reading(self._engine) as connection:
            hold(connection)
            before = read_cursor(connection)
            step = self._step(connection, before)
        if not step.found and (step.position, step.day) == (before.position, before.day):
            return False
        with writing(self._engine) as connection:
            found = read_cursor(connection, locked=True)
            # Where the lease ran out and nobody took it, what was found still holds.
            if found.holder != self.leader.name or (found.position, found.day) != (before.position, before.day):
                return False
            for watch, after, told in step.found:
                store.settle(connection, watch, after, told, microseconds(self._clock()))
            store.leave_behind(connection, step.left, before.position)
            move(connection, step.position, step.day)
        return step.more

    def _step(self, connection: Connection, before: Cursor) -> Step:
        head = read.read_head(connection).position
        evaluation = Evaluation(connection, self._days, self._clock)
        if not store.any_caught_up(connection):
            # Nobody waits for what lies between: new watches are taken up from where they are.
            before = replace(before, position=head)
        if new := store.behind(connection, before.position, WATCHES_AT_ONCE):
            between = Between(connection, before.position)
            taken = _in_time(new, lambda watch: _caught_up(evaluation, watch, between, before.day))
            return Step(taken, before.position, before.day or self._today(), more=True)
        events = _events(connection, before.position, head)
        through = events[-1].event.position if events else before.position
        more = through < head
        day = max(filter(None, (before.day, events[-1].day if more else self._today())))
        ids = store.touched(connection, {key for one in events for key in one.keys}) | store.due_by(connection, day)
        found = _in_time(store.some(connection, ids), lambda watch: _taken(evaluation, watch, events, through, day))
        left = ids - {watch.id for watch, _, _ in found}
        return Step(found, through, day, more or bool(left), left)


def _events(connection: Connection, after: int, through: int) -> list[Following]:
    return following(connection, read.page(connection, after, EVENTS_AT_ONCE, through=through))


class Between:
    """The events between watches that are behind, and where the others are: read once for all of them."""

    def __init__(self, connection: Connection, through: int) -> None:
        self.through = through
        self._connection = connection
        self._read: dict[int, list[Following]] = {}

    def after(self, position: int) -> list[Following]:
        """Some of them, from a position on; none where it is the last."""
        if position not in self._read:
            self._read[position] = _events(self._connection, position, self.through)
        return self._read[position]


def _in_time(watches: Iterable[Watch], take: Callable[[Watch], Taken]) -> list[Taken]:
    """What comes of as many watches as there is time for, of one at least."""
    until = time.monotonic() + STEP_S
    found: list[Taken] = []
    for watch in watches:
        if len(found) == WATCHES_AT_ONCE or (found and time.monotonic() > until):
            break
        found.append(take(watch))
    return found


def _caught_up(evaluation: Evaluation, watch: Watch, between: Between, day: date | None) -> Taken:
    """A watch that is behind, from what its answer knows to where the others are."""
    after, told, at = watch, list[Change](), watch.position
    while events := between.after(at):
        at = events[-1].event.position
        _, after, more = _taken(evaluation, after, events, at, max(after.day, events[-1].day))
        told += more
    _, after, more = _taken(evaluation, after, [], at, max(after.day, day or after.day))
    return watch, replace(after, caught_up=True), told + more


def _taken(evaluation: Evaluation, watch: Watch, events: Sequence[Following], through: int, day: date) -> Taken:
    """One whose answer cannot be made must not keep the others from theirs: it stays as it was until tomorrow. A
    database that is away is away for all of them."""
    try:
        with within(WATCH_MS):
            return (watch, *evaluation.take(watch, events, through, day))
    except Refused as refused:
        log.warning("watch_not_evaluated", watch=watch.id, reason=refused.title)
    except (LodestoneError, SQLAlchemyError):
        raise
    except Exception:
        log.exception("watch_not_evaluated", watch=watch.id)
    return watch, replace(watch, day=max(watch.day, day), next_day=day + ONE_DAY), []
