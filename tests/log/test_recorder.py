"""An event loop records through a Recorder: what it asks in one turn is one group, and each gets its own answer."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import Connection, Engine

from service import errors
from service.domain.event import RecordedEvent
from service.log.append import Appended, Log, Request
from service.log.recorder import Recorder
from tests.log.examples import decide, project_nothing, proposed


def test_what_is_asked_in_one_turn_of_the_loop_is_committed_together_in_its_order(engine: Engine) -> None:
    groups: list[int] = []

    def counting(_connection: Connection, events: Sequence[RecordedEvent]) -> None:
        groups.append(len(events))

    async def ask(log: Log) -> list[Appended]:
        recorder = Recorder(log)
        return await asyncio.gather(*(recorder.record(log.prepared([proposed()], "ann")) for _ in range(20)))

    with Log(engine, decide, counting) as log:
        answers = asyncio.run(ask(log))
    assert [answer.position for answer in answers] == list(range(1, 21))
    # The writer may take the first while the others are being queued.
    assert sum(groups) == 20
    assert len(groups) <= 2


def test_one_turn_of_the_loop_is_handed_over_once(engine: Engine) -> None:
    handed: list[int] = []

    class Counted(Log):
        def take(self, requests: Sequence[Request]) -> None:
            handed.append(len(requests))
            super().take(requests)

    async def ask(log: Log) -> None:
        recorder = Recorder(log)
        for count in (3, 2):
            await asyncio.gather(*(recorder.record(log.prepared([proposed()], "ann")) for _ in range(count)))

    with Counted(engine, decide, project_nothing) as log:
        asyncio.run(ask(log))
    assert handed == [3, 2]


def test_each_gets_its_own_refusal(engine: Engine) -> None:
    async def ask(log: Log) -> list[Appended | BaseException]:
        recorder = Recorder(log)
        wanted = [proposed(f"license/{name}", expected_version=version) for name, version in (("a", 0), ("b", 3))]
        return await asyncio.gather(
            *(recorder.record(log.prepared([one], "ann")) for one in wanted), return_exceptions=True
        )

    with Log(engine, decide, project_nothing) as log:
        taken, refused = asyncio.run(ask(log))
    assert isinstance(taken, Appended)
    assert isinstance(refused, errors.VersionConflict)


def test_a_log_that_is_closed_is_unavailable_to_a_loop(engine: Engine) -> None:
    with Log(engine, decide, project_nothing) as log:
        pass
    with pytest.raises(errors.Unavailable, match="closed"):
        asyncio.run(Recorder(log).record(log.prepared([proposed()], "ann")))


def test_whoever_stops_waiting_takes_nothing_back(engine: Engine) -> None:
    async def give_up(log: Log) -> None:
        asked = log.prepared([proposed()], "ann")
        waiting = asyncio.create_task(Recorder(log).record(asked))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert (await asyncio.wrap_future(asked.answer)).position == 1

    with Log(engine, decide, project_nothing) as log:
        asyncio.run(give_up(log))


def test_each_is_told_of_in_the_task_that_asked(engine: Engine) -> None:
    told: list[str] = []

    async def ask(log: Log, recorder: Recorder) -> None:
        await recorder.record(log.prepared([proposed()], "ann"))

    async def both(log: Log) -> None:
        recorder = Recorder(log)
        await asyncio.gather(*(asyncio.create_task(ask(log, recorder), name=name) for name in ("first", "second")))

    with Log(engine, decide, project_nothing) as log:
        log.observe = lambda _events, _answer: told.append((asyncio.current_task() or "").get_name())  # type: ignore[union-attr]
        asyncio.run(both(log))
    assert told == ["first", "second"]
