"""Which watched answers would change: by a day that has not come, or by an event that nobody has recorded.

A supposed event is recorded and taken back in one transaction, over a connection and caches of its own, so that nothing
of it is ever seen. Whoever records waits for that, which is why it has a limit in time.
"""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

from service.domain.decide import decide
from service.domain.event import ProposedEvent, RecordedEvent
from service.domain.subjects import subjects_of
from service.errors import TooBroad, TookTooLong
from service.feeds import store
from service.feeds.days import Days
from service.feeds.evaluation import Evaluation, following
from service.feeds.watch import Change, Watch
from service.log.append import Log
from service.log.database import opened
from service.projections import project
from service.projections.budget import within

Found = TypeVar("Found")
Seen = Callable[[Connection, Sequence[RecordedEvent]], Found]
"""What is looked at in the transaction that holds the supposed events."""
SUPPOSED_S = 3.0
"""How long the register may look at what a supposed event would change; nobody can record meanwhile."""
DAYS_S = 5.0
"""How long it may look at what days would change. After either it says what to ask on from."""
WATCH_MS = 10_000
"""How long one watch may keep a core busy."""
ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Exposed:
    """What would be told of each watch, and the id of the last one that was looked at where more follow."""

    told: list[dict[str, Any]]
    next_after: str | None


def by_day(
    connection: Connection, until: date, position: int, page: tuple[str, int], clock: Callable[[], datetime]
) -> Exposed:
    """What days up to `until` would change. `page`: the watches behind an id, how many at most. Raises TooBroad."""
    evaluation, ids = Evaluation(connection, Days(), clock), store.due_by(connection, until, new=True)
    return _in_time(connection, ids, page, DAYS_S, lambda one: evaluation.take(one, [], position, until))


class _TakenBack(Exception):
    """Ends the transaction of a supposed event, as if it had failed."""


def by_events(
    url: str,
    proposed: Sequence[ProposedEvent],
    actor: str,
    clock: Callable[[], datetime],
    page: tuple[str, int] = ("", ALL),
) -> Exposed:
    """What events would change if they were recorded now. `page`: the watches behind an id, how many at most. Raises
    what recording them raises, and TooBroad."""
    return supposing(url, proposed, actor, clock, lambda connection, events: _told(connection, events, clock, page))


def supposing(
    url: str, proposed: Sequence[ProposedEvent], actor: str, clock: Callable[[], datetime], seen: Seen[Found]
) -> Found:
    """What is `seen` of a register that holds the events, which are taken back then. Raises what recording them raises,
    TookTooLong where that is raised by what looks, and TooBroad where it takes too long by itself."""
    found: list[Found] = []
    late: TookTooLong | TooBroad | None = None

    def look(connection: Connection, events: Sequence[RecordedEvent]) -> None:
        nonlocal late
        # The log tries a request that failed once more, by itself; what was found the first time is what counts.
        if not found and late is None:
            project(connection, events)
            try:
                found.append(seen(connection, events))
            except (TookTooLong, TooBroad) as too_late:
                late = too_late
        raise _TakenBack

    with opened(url) as engine, Log(engine, decide, look, subjects=_about, clock=clock) as log:
        try:
            log.append(proposed, actor)
        except _TakenBack:
            if late is not None:
                raise late from None
    return found[0]


def _about(event: RecordedEvent) -> frozenset[str]:
    return subjects_of(event.stream, event.type, event.data)


def _told(
    connection: Connection, events: Sequence[RecordedEvent], clock: Callable[[], datetime], page: tuple[str, int]
) -> Exposed:
    supposed, evaluation = following(connection, events), Evaluation(connection, Days(), clock)
    position, day = events[-1].position, supposed[-1].day
    touched = store.touched(connection, {key for one in supposed for key in one.keys}, new=True)
    return _in_time(
        connection, touched, page, SUPPOSED_S, lambda one: evaluation.take(one, supposed, position, max(one.day, day))
    )


def _in_time(
    connection: Connection,
    ids: Collection[str],
    page: tuple[str, int],
    seconds: float,
    take: Callable[[Watch], tuple[Watch, list[Change]]],
) -> Exposed:
    """What is told of as many watches as there is time for, of one at least."""
    deadline, (after, limit) = time.monotonic() + seconds, page
    wanted = sorted(one for one in ids if one > after)
    told, looked_at = list[dict[str, Any]](), list[str]()
    for one in store.some(connection, wanted[:limit]):
        with within(WATCH_MS):
            told += [change.told for change in take(one)[1]]
        looked_at.append(one.id)
        if time.monotonic() > deadline:
            break
    return Exposed(told, looked_at[-1] if len(looked_at) < len(wanted) else None)
