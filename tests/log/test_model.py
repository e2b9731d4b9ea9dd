"""The log against a plain list: whatever is sent, in whatever order, both say the same."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine

from service import errors
from service.domain.event import ProposedEvent
from service.log import read
from service.log.append import Appended, Log
from service.log.database import reading
from service.log.verify import verify
from tests.log.examples import NOON, decide, project_nothing, proposed
from tests.searching import examples

CONTENT = ("type", "stream", "schema_version", "effective", "data", "source", "metadata")


@dataclass
class PlainLog:
    """The contract of appending, written as plainly as it can be: every question is a walk through a list."""

    events: list[ProposedEvent] = field(default_factory=list)

    def append(self, batch: Sequence[ProposedEvent]) -> object:
        """Positions from 1, "repeated" with them, or the class of the refusal."""
        if len({event.id for event in batch}) < len(batch):
            return errors.IdConflict
        recorded = [self.position(event.id) for event in batch if self.position(event.id)]
        if recorded:
            return self.repeat(batch, recorded)
        before = list(self.events)
        for event in batch:
            refusal = self.refusal(event)
            if refusal is not None:
                self.events = before
                return refusal
            self.events.append(event)
        return list(range(len(before) + 1, len(self.events) + 1))

    def repeat(self, batch: Sequence[ProposedEvent], recorded: list[int]) -> object:
        for event in batch:
            if at := self.position(event.id):
                first = self.events[at - 1]
                if any(getattr(first, name) != getattr(event, name) for name in CONTENT):
                    return errors.IdConflict
        return ("repeated", recorded) if len(recorded) == len(batch) else errors.PartlyRecorded

    def refusal(self, event: ProposedEvent) -> object:
        length = sum(earlier.stream == event.stream for earlier in self.events)
        if event.expected_version not in (None, length):
            return errors.VersionConflict
        if event.type == "license.used" and length == 0:
            return errors.NothingToActOn
        referred = [earlier for earlier in self.events if earlier.id == event.refers_to]
        if event.refers_to and not (referred and referred[0].stream == event.stream):
            return errors.UnknownEvent
        return None

    def position(self, event_id: str | None) -> int:
        return next((at for at, event in enumerate(self.events, 1) if event.id == event_id), 0)


names = st.sampled_from(["a", "b", "c"])
numbers = st.integers(0, 12)


@st.composite
def batches(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Events as differences from the usual one; ids and references are small numbers, so that they meet again."""
    event = st.fixed_dictionaries(
        {"stream": names, "id": numbers},
        optional={
            "type": st.sampled_from(["license.used", "license.amended"]),
            "expected_version": st.integers(0, 4),
            "refers_to": numbers,
            "data": st.sampled_from([{}, {"n": 1}]),
            "effective": st.none() | st.just("2025"),
        },
    )
    return draw(st.lists(event, min_size=1, max_size=4))


class LogMachine(RuleBasedStateMachine):
    """Each example goes on where the last one ended, under streams and ids of its own: an empty database is dear."""

    log: ClassVar[Log]
    engine: ClassVar[Engine]
    now: ClassVar[datetime] = NOON
    examples: ClassVar[int] = 0

    @initialize()
    def begin(self) -> None:
        type(self).examples += 1
        self.plain = PlainLog()
        with reading(self.engine) as connection:
            self.base = read.read_head(connection).position

    def own(self, batch: list[dict[str, Any]]) -> list[ProposedEvent]:
        def id_of(number: int) -> str:
            return str(UUID(int=self.examples * 1000 + number))

        numbered = [{key: id_of(v) if key in ("id", "refers_to") else v for key, v in event.items()} for event in batch]
        return [proposed(**(event | {"stream": f"{event['stream']}/{self.examples}"})) for event in numbered]

    def said(self, answer: "Future[Appended]") -> object:
        refusal = answer.exception(timeout=30)
        if refusal is not None:
            return type(refusal)
        appended = answer.result()
        positions = [event.position - self.base for event in appended.events]
        assert appended.position == self.base + max(positions)
        return ("repeated", positions) if appended.repeated else positions

    def send(self, batch: list[ProposedEvent]) -> "Future[Appended]":
        try:
            return self.log.submit(batch, "ann")
        except errors.Refused as refusal:
            answer: Future[Appended] = Future()
            answer.set_exception(refusal)
            return answer

    @rule(requests=st.lists(batches(), min_size=1, max_size=5))
    def append(self, requests: list[list[dict[str, Any]]]) -> None:
        sent = [self.own(batch) for batch in requests]
        answers = [self.send(batch) for batch in sent]
        assert [self.said(answer) for answer in answers] == [self.plain.append(batch) for batch in sent]

    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        if self.plain.events:
            again = data.draw(st.lists(st.sampled_from(range(len(self.plain.events))), min_size=1, unique=True))
            batch = [replace(self.plain.events[index], expected_version=None) for index in again]
            assert (
                self.said(self.send(batch)) == self.plain.append(batch) == ("repeated", [index + 1 for index in again])
            )

    @rule(microseconds=st.integers(-5, 5))
    def set_the_clock(self, microseconds: int) -> None:
        type(self).now += timedelta(microseconds=microseconds)

    @invariant()
    def both_hold_the_same(self) -> None:
        if not hasattr(self, "base"):
            return
        with reading(self.engine) as connection:
            recorded = read.page(connection, self.base, limit=1_000)
        assert [event.position for event in recorded] == list(range(self.base + 1, self.base + len(recorded) + 1))
        assert [(event.id, *(getattr(event, name) for name in CONTENT)) for event in recorded] == [
            (event.id, *(getattr(event, name) for name in CONTENT)) for event in self.plain.events
        ]


def test_the_log_does_what_a_plain_list_does(engine: Engine) -> None:
    class Machine(LogMachine):
        pass

    with Log(engine, decide, project_nothing, clock=lambda: Machine.now) as log:
        Machine.log, Machine.engine = log, engine
        run_state_machine_as_test(Machine, settings=examples(40, stateful_step_count=12))
    with reading(engine) as connection:
        assert verify(connection).position > 0
