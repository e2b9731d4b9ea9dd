"""Many writers at once, and a reader that follows them by position alone."""

import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from service import errors
from service.domain.event import ProposedEvent, RecordedEvent, StreamSoFar
from service.log import read
from service.log.append import Appended, Log
from service.log.database import engine_for, reading, writing
from service.log.verify import verify
from tests.log.examples import decide, project_nothing, proposed

IN_ANOTHER_PROCESS = """
import sys
from service.log.append import Log
from service.log.database import engine_for
from tests.log.examples import decide, project_nothing, proposed
url, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
with Log(engine_for(url), decide, project_nothing) as log:
    for number in range(count):
        log.append([proposed("license/shared"), proposed(f"license/{name}")], name)
"""


class Tail(threading.Thread):
    """Follows the log as a feed does: whatever lies above the last position seen."""

    def __init__(self, engine: Engine, page: Callable[[Connection, int], list[int]]) -> None:
        # A test that fails before it calls finish must still end.
        super().__init__(daemon=True)
        self.seen: list[int] = []
        self._engine = engine
        self._page = page
        self._finished = threading.Event()

    def run(self) -> None:
        last_round = False
        while True:
            with reading(self._engine) as connection:
                positions = self._page(connection, self.seen[-1] if self.seen else 0)
            self.seen += positions
            if not positions and last_round:
                return
            last_round = self._finished.is_set()
            if not positions:
                time.sleep(0.002)

    def finish(self) -> list[int]:
        self._finished.set()
        self.join()
        return self.seen


def log_page(connection: Connection, after: int) -> list[int]:
    return [event.position for event in read.page(connection, after, limit=200)]


def each_appends(log: Log, writers: int, appends: int) -> None:
    def write(name: int) -> None:
        for number in range(appends):
            log.append([proposed(f"license/{name}"), proposed(f"license/{number % 3}")], f"writer {name}")

    with ThreadPoolExecutor(writers) as pool:
        for written in [pool.submit(write, name) for name in range(writers)]:
            written.result()


@pytest.mark.parametrize(("writers", "appends"), [(8, 40), (32, 15)])
def test_a_tailing_reader_sees_every_position_once_and_in_order(
    log: Log, engine: Engine, writers: int, appends: int
) -> None:
    tail = Tail(engine, log_page)
    tail.start()
    each_appends(log, writers, appends)
    assert tail.finish() == list(range(1, 2 * writers * appends + 1))
    with reading(engine) as connection:
        verify(connection)


def test_two_processes_append_to_one_log_without_a_gap(database_url: str, engine: Engine, python_command: Path) -> None:
    tail = Tail(engine, log_page)
    tail.start()
    command: list[str | Path] = [python_command, "-c", IN_ANOTHER_PROCESS, database_url]
    processes = [subprocess.Popen([*command, name, "40"]) for name in ("ann", "ben")]
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    assert tail.finish() == list(range(1, 161))
    with reading(engine) as connection:
        assert [event.version for event in read.stream_events(connection, "license/shared")] == list(range(1, 81))
        verify(connection)


def test_a_sequence_would_lose_events_for_a_tailing_reader(postgresql_url: str) -> None:
    """Why positions come from the head row. The first writer draws its number and is slow to commit; the reader sees
    the second's number, goes on from there, and never sees the first's."""
    engine = engine_for(postgresql_url)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE sequenced (position bigserial PRIMARY KEY)"))
    draw = text("INSERT INTO sequenced DEFAULT VALUES RETURNING position")

    def sequenced_page(connection: Connection, after: int) -> list[int]:
        query = text("SELECT position FROM sequenced WHERE position > :after ORDER BY position")
        return list(connection.execute(query, {"after": after}).scalars())

    tail = Tail(engine, sequenced_page)
    with engine.connect() as slow:
        assert slow.execute(draw).scalar_one() == 1
        with writing(engine) as quick:
            assert quick.execute(draw).scalar_one() == 2
        tail.start()
        while not tail.seen:
            time.sleep(0.01)
        slow.commit()
    assert tail.finish() == [2]
    engine.dispose()


def test_two_slow_writers_are_put_in_order_where_a_sequence_is_not(engine: Engine) -> None:
    entered, leave = threading.Event(), threading.Event()

    def slowly(connection: Connection, events: Sequence[RecordedEvent]) -> None:
        entered.set()
        leave.wait(timeout=10)

    with Log(engine, decide, slowly) as slow, Log(engine, decide, project_nothing) as quick:
        first = slow.submit([proposed()], "slow")
        entered.wait(timeout=10)
        second = quick.submit([proposed()], "quick")
        tail = Tail(engine, log_page)
        tail.start()
        leave.set()
        assert (first.result().position, second.result().position) == (1, 2)
        assert tail.finish() == [1, 2]


def test_an_id_sent_by_many_at_once_is_recorded_once(log: Log, engine: Engine, database_url: str) -> None:
    event = proposed(id="5f0c2c1e-8d39-4f1e-9b39-0d0c7c1f6a11")
    another_engine = engine_for(database_url)
    with Log(another_engine, decide, project_nothing) as another, ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda number: (log, another)[number % 2].append([event], "ann"), range(32)))
    another_engine.dispose()
    assert [answer.repeated for answer in answers].count(False) == 1
    assert all(answer.events == answers[0].events for answer in answers)
    with reading(engine) as connection:
        assert read.read_head(connection).position == 1


def test_one_of_many_who_expect_the_same_version_wins(log: Log, engine: Engine) -> None:
    def attempt(number: int) -> bool:
        try:
            log.append([proposed(expected_version=0, data={"number": number})], "ann")
        except errors.VersionConflict:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(attempt, range(32))) == 1


class Gate:
    """Holds the writer thread in its first decision, so that what is sent meanwhile is one group."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.open = threading.Event()

    def decide(self, event: ProposedEvent, so_far: StreamSoFar) -> None:
        self.reached.set()
        self.open.wait(timeout=10)
        decide(event, so_far)


def test_a_group_answers_each_request_by_itself(engine: Engine) -> None:
    gate = Gate()
    id_ = "5f0c2c1e-8d39-4f1e-9b39-0d0c7c1f6a11"
    groups: list[int] = []
    with Log(engine, gate.decide, lambda _, events: groups.append(len(events))) as log:
        log.submit([proposed("license/first")], "ann")
        gate.reached.wait(timeout=10)
        answers = [
            log.submit([proposed("license/a", expected_version=0)], "ann"),
            log.submit([proposed("license/a", expected_version=0)], "ann"),
            log.submit([proposed("license/a", type="license.used", expected_version=1)], "ann"),
            log.submit([proposed("license/b"), proposed("license/c", type="license.used")], "ann"),
            log.submit([proposed("license/c", id=id_)], "ann"),
            log.submit([proposed("license/c", id=id_)], "ann"),
            log.submit([proposed("license/c", id=id_, data={})], "ann"),
        ]
        gate.open.set()
        assert [outcome(answer) for answer in answers] == [
            2,
            errors.VersionConflict,
            3,
            errors.NothingToActOn,
            4,
            "repeated 4",
            errors.IdConflict,
        ]
    assert groups == [1, 3]


@pytest.mark.parametrize(("gathered_s", "sent"), [(60, 2), (0.01, 1)])
def test_who_was_answered_together_is_committed_together_again_or_waited_for_in_vain_and_not_long(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, gathered_s: float, sent: int
) -> None:
    monkeypatch.setattr("service.log.append.GATHERED_S", gathered_s)
    gate, groups = Gate(), list[int]()
    with Log(engine, gate.decide, lambda _, events: groups.append(len(events))) as log:
        first = log.submit([proposed("license/first")], "ann")
        gate.reached.wait(timeout=10)
        together = [log.submit([proposed(f"license/{name}")], "ann") for name in ("a", "b")]
        gate.open.set()
        assert [answer.result(timeout=10).position for answer in (first, *together)] == [1, 2, 3]
        again = [log.submit([proposed(f"license/{name}")], "ann") for name in ("a", "b")[:sent]]
        assert [answer.result(timeout=10).position for answer in again] == [4, 5][:sent]
    assert groups == [1, 2, sent]


def test_who_was_answered_alone_waits_for_nobody(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.log.append.GATHERED_S", 60)
    with Log(engine, decide, project_nothing) as log:
        assert [log.submit([proposed()], "ann").result(timeout=10).position for _ in range(2)] == [1, 2]


def outcome(answer: "Future[Appended]") -> object:
    error = answer.exception(timeout=10)
    if error is not None:
        return type(error)
    appended = answer.result()
    return f"repeated {appended.position}" if appended.repeated else appended.position


def test_a_failing_request_takes_no_other_of_its_group_with_it(engine: Engine) -> None:
    def choosy(connection: Connection, events: Sequence[RecordedEvent]) -> None:
        if any(event.stream == "license/bad" for event in events):
            connection.execute(text("INSERT INTO nodes (level) VALUES (0)"))

    gate = Gate()
    with Log(engine, gate.decide, choosy) as log:
        log.submit([proposed("license/first")], "ann")
        gate.reached.wait(timeout=10)
        answers = [log.submit([proposed(f"license/{name}")], "ann") for name in ("a", "bad", "b")]
        gate.open.set()
        assert [outcome(answer) for answer in (answers[0], answers[2])] == [2, 3]
        assert answers[1].exception(timeout=10) is not None
    with reading(engine) as connection:
        assert [event.stream for event in read.page(connection)] == ["license/first", "license/a", "license/b"]


def test_a_client_that_hangs_up_undoes_nothing(engine: Engine) -> None:
    gate = Gate()
    with Log(engine, gate.decide, project_nothing) as log:
        answers = [log.submit([proposed()], "ann") for _ in range(3)]
        assert [answer.cancel() for answer in answers] == [False, False, False]
        gate.open.set()
    assert [answer.result().position for answer in answers] == [1, 2, 3]


def test_closing_finishes_what_is_queued(engine: Engine) -> None:
    log = Log(engine, decide, project_nothing)
    answers = [log.submit([proposed()], "ann") for _ in range(50)]
    log.close()
    assert [answer.result(timeout=0).position for answer in answers] == list(range(1, 51))


def test_a_full_queue_is_unavailable_and_keeps_what_it_has(engine: Engine) -> None:
    gate = Gate()
    waiting: list[Future[Appended]] = []
    with Log(engine, gate.decide, project_nothing, queue_size=2) as log:
        with pytest.raises(errors.Unavailable, match="2 requests are waiting"):
            waiting.extend(log.submit([proposed()], "ann") for _ in range(10))
        gate.open.set()
    # Two wait, and the writer may have taken one or two in its first group.
    assert 2 <= len(waiting) <= 4
    assert [answer.result().position for answer in waiting] == list(range(1, len(waiting) + 1))


def test_a_large_group_is_stored_whole(log: Log, engine: Engine) -> None:
    """More ids and streams than one statement may bind, and more events than a group holds."""
    answers = [log.submit([proposed(f"license/{n}-{m}") for m in range(300)], "ann") for n in range(12)]
    assert [answer.result().position for answer in answers] == [300 * n for n in range(1, 13)]
    with reading(engine) as connection:
        verify(connection)


def test_a_decision_sees_what_is_committed_what_the_group_accepted_and_what_its_own_batch_says(engine: Engine) -> None:
    seen: list[list[tuple[int, int, str]]] = []

    def looking(event: ProposedEvent, so_far: StreamSoFar) -> None:
        if event.type == "license.used":
            found = so_far.earlier(["license.granted"])
            seen.append([(one.position, one.version, one.id) for one in found])

    gate, ids = Gate(), [f"5f0c2c1e-8d39-4f1e-9b39-0d0c7c1f6a{n:02}" for n in range(4)]

    def held(event: ProposedEvent, so_far: StreamSoFar) -> None:
        gate.decide(event, so_far)
        looking(event, so_far)

    use, other = proposed(type="license.used"), proposed(type="license.applied")
    with Log(engine, held, project_nothing) as log:
        log.submit([proposed(id=ids[0]), other], "ann")
        gate.reached.wait(timeout=10)
        answers = [
            log.submit([use], "ann"),
            log.submit([proposed(id=ids[1])], "ann"),
            log.submit([proposed("license/other", id=ids[2]), proposed(id=ids[3]), use], "ann"),
        ]
        gate.open.set()
    assert [outcome(answer) for answer in answers] == [3, 4, 7]
    first, second, third = (1, 1, ids[0]), (4, 4, ids[1]), (6, 5, ids[3])
    assert seen == [[first], [first, second, third]]
