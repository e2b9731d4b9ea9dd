"""From what was recorded, and from the days that came, to what is told of a watch.

A watch is taken through the same sequence as if it had been asked after every event and on every day; the moments at
which its answer cannot change are passed over. So it makes no difference when, how often and by whom this is run.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from service.domain.event import RecordedEvent
from service.feeds.answers import Answered, answered
from service.feeds.asks import Ask
from service.feeds.days import Days
from service.feeds.following import EventFilter
from service.feeds.touching import EVERY_ANSWER, touched_by
from service.feeds.watch import ANSWER_CHANGED, EVENT_RECORDED, Cause, Change, Watch, changed, next_change, recorded
from service.log.about import of_each


@dataclass(frozen=True, slots=True)
class Following:
    """An event with what it is about, and with the keys that it touches."""

    event: RecordedEvent
    about: frozenset[str]
    keys: frozenset[int]

    @property
    def day(self) -> date:
        return self.event.recorded_at.date()

    def touches(self, watch: Watch) -> bool:
        return EVERY_ANSWER in self.keys or not self.keys.isdisjoint(watch.answer.keys)


def following(connection: Connection, events: Sequence[RecordedEvent]) -> list[Following]:
    about = of_each(connection, [event.position for event in events])
    return [_following(connection, event, about.get(event.position, ())) for event in events]


def _following(connection: Connection, event: RecordedEvent, about: Collection[str]) -> Following:
    return Following(event, frozenset(about), touched_by(connection, event, about))


class Evaluation:
    """Evaluates watches over one state of the database."""

    def __init__(self, connection: Connection, days: Days, clock: Callable[[], datetime]) -> None:
        self._connection = connection
        self._days = days
        self._clock = clock

    def first(self, ask: Ask, position: int, on: date) -> tuple[Answered, date | None]:
        """The answer, and the next day on which it may change by itself."""
        found = answered(ask, self._connection, position, on)
        return found, self._days.next_after(self._connection, found.dated, on)

    def take(self, watch: Watch, events: Sequence[Following], through: int, until: date) -> tuple[Watch, list[Change]]:
        """The watch after the events, up to a position and to the end of what days bring by `until`."""
        told: list[Change] = []
        for one in events:
            watch = self._let_pass(watch, one.day, one.event.position - 1, told)
            if one.touches(watch):
                watch = self._touched(watch, one, told)
        return self._let_pass(watch, until, through, told), told

    def _let_pass(self, watch: Watch, until: date, position: int, told: list[Change]) -> Watch:
        """Each day up to `until` on which the answer may change by itself."""
        while watch.next_day is not None and watch.next_day <= until:
            watch = self._again(replace(watch, day=watch.next_day), Cause(position, watch.next_day), told)
        return replace(watch, day=max(watch.day, until))

    def _touched(self, watch: Watch, one: Following, told: list[Change]) -> Watch:
        if not watch.ask.events:
            return self._again(watch, Cause(one.event.position, watch.day, one.event), told)
        if not matches(watch.ask.events.filter, one):
            return watch
        watch, change = next_change(watch, EVENT_RECORDED, recorded(watch, one.event), self._clock())
        told.append(change)
        return watch

    def _again(self, watch: Watch, cause: Cause, told: list[Change]) -> Watch:
        found, next_day = self.first(watch.ask, cause.position, cause.on)
        if says := changed(watch, found, cause):
            watch, change = next_change(watch, ANSWER_CHANGED, says, self._clock())
            told.append(change)
        return replace(watch, answer=found, next_day=next_day)


def matches(wanted: EventFilter, one: Following) -> bool:
    return (
        wanted.stream in (None, one.event.stream)
        and (wanted.types is None or one.event.type in wanted.types)
        and set(wanted.about) <= one.about
    )
