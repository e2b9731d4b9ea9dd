"""A register with watches whose clock the test moves."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from service.app import about
from service.domain.decide import decide
from service.feeds import store, watching
from service.feeds.answers import Answered, answered
from service.feeds.asks import Ask
from service.feeds.evaluator import Evaluator
from service.feeds.leading import Leader
from service.feeds.signing import Seal
from service.feeds.watching import WatchPosted
from service.log import read
from service.log.append import Log
from service.log.database import engine_for, reading, writing
from service.log.note import SigningKey
from service.projections import project
from service.register.post import posted_of

SEAL = Seal(SigningKey.generate("tests"))
START = datetime(2025, 6, 1, 9, tzinfo=UTC)
TO_INDIA = {"controller": "CN", "destination": "IN", "commodity": {"name": "rare_earth_magnets"}}


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def today(self) -> date:
        return self.now.date()

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


class Watched:
    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine = engine
        self.clock = clock
        self.log = Log(engine, decide, project, subjects=about, clock=clock)
        self.evaluator = self.another("one")

    def another(self, name: str) -> Evaluator:
        """The evaluator of another process."""
        return Evaluator(self.engine, Leader(name, self.clock), self.clock.today, self.clock)

    def record(self, *events: dict[str, Any]) -> int:
        posted = posted_of(json.loads(json.dumps({"events": events})), len(events))
        return self.log.append(posted.events, "tests").position

    def watch(self, name: str, webhook: str | None = None, **ask: Any) -> None:
        receiver = {"webhook": {"url": webhook}} if webhook else {}
        posted = WatchPosted.model_validate({"id": name, "ask": ask, **receiver})
        with writing(self.engine) as connection:
            made = watching.made(connection, posted, "tests", self.clock.today(), self.clock())
            watching.add(connection, made, None, 10_000)

    def told(self, name: str, *, evaluated: bool = True) -> list[dict[str, Any]]:
        """What is told of a watch, in its order."""
        if evaluated:
            self.evaluator.run()
        with reading(self.engine) as connection:
            return [json.loads(row.told) for row in store.changes_of(connection, name, 0, 1_000)]

    def answer(self, ask: Ask) -> Answered:
        """The answer to a question asked now, from nothing that was kept."""
        with reading(self.engine) as connection:
            head = read.read_head(connection).position
            return answered(ask, connection, head, self.clock.today())

    @property
    def head(self) -> int:
        with reading(self.engine) as connection:
            return read.read_head(connection).position


@contextmanager
def watched(url: str) -> Iterator[Watched]:
    engine = engine_for(url)
    made = Watched(engine, Clock())
    try:
        yield made
    finally:
        made.log.close()
        engine.dispose()
