"""Appends without HTTP, with the tree and the read models; the rebuild of these, and the import of an export."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from bench import plain
from bench.events import proposed
from bench.measure import Figures, Spent
from bench.servers import Databases
from service.app import about
from service.domain.decide import decide
from service.log import transfer
from service.log.append import Log
from service.log.database import opened, reading
from service.log.exported import Export
from service.projections import project
from service.projections.rebuild import rebuild

APPENDS = {1: 100, 8: 400, 32: 960}
"""How many events each number of clients appends in a turn."""
BATCH = 100
BATCHES = 5
L3 = "100 events and payloads by the plain driver, by COPY on PostgreSQL, in one commit (L3)"
TOGETHER = 1_000


def measure(figures: Figures, databases: Databases, folder: Path, again: int) -> None:
    with appending(databases.new()) as log, ExitStack() as stack:
        for clients, count in APPENDS.items():
            raw = [stack.enter_context(plain.appending(databases.new(migrated=False))) for _ in range(clients)]
            figures.in_turn(
                f"append, {clients} at once, {databases.kind}",
                "events/s",
                partial(singly, log, clients, count),
                partial(spread, [partial(one, [plain.BODY]) for one in raw], count),
                limit_is=f"one row and one commit by the plain driver, {clients} at once",
            )
        bulk = stack.enter_context(plain.bulk(databases.new()))
        figures.in_turn(
            f"append of {BATCH} together, {databases.kind}",
            "events/s",
            partial(batches, log),
            partial(rows, bulk),
            limit_is=L3,
            goal=0.3,
        )
    _again(figures, databases, folder, again)


@contextmanager
def appending(url: str) -> Iterator[Log]:
    with opened(url) as engine, Log(engine, decide, project, subjects=about) as log:
        yield log


def fill(log: Log, count: int) -> None:
    run = uuid.uuid4().hex[:8]
    for first in range(0, count, TOGETHER):
        log.append(proposed(run, first, min(TOGETHER, count - first)), "bench")


def singly(log: Log, clients: int, count: int) -> Spent:
    events = iter(proposed(uuid.uuid4().hex[:8], 0, count))
    lock = threading.Lock()

    def append() -> None:
        with lock:
            event = next(events)
        log.append([event], "bench")

    return spread([append] * clients, count)


def spread(clients: Sequence[Callable[[], object]], count: int) -> Spent:
    """So many calls, by clients that work at once."""

    def work(call: Callable[[], object]) -> None:
        for _ in range(count // len(clients)):
            call()

    with ThreadPoolExecutor(len(clients)) as pool:
        return timed(lambda: list(pool.map(work, clients)), count)


def timed(work: Callable[[], object], count: int) -> Spent:
    started, cpu = time.perf_counter(), time.process_time()
    work()
    spent_s, cpu_s = time.perf_counter() - started, time.process_time() - cpu
    return Spent(count / spent_s, cpu_s / count * 1e6)


def batches(log: Log) -> Spent:
    run = uuid.uuid4().hex[:8]
    waiting = [proposed(run, number * BATCH, BATCH) for number in range(BATCHES)]
    return timed(lambda: [log.append(batch, "bench") for batch in waiting], BATCH * BATCHES)


def rows(write: plain.WriteEntries) -> Spent:
    return timed(lambda: [write(BATCH) for _ in range(BATCHES)], BATCH * BATCHES)


def _again(figures: Figures, databases: Databases, folder: Path, count: int) -> None:
    """What is written from what is recorded already."""
    url = databases.new()
    with appending(url) as log:
        fill(log, count)
    file = folder / f"{uuid.uuid4().hex}.jsonl"
    with opened(url) as engine, reading(engine) as connection, file.open("wb") as out:
        out.writelines(transfer.export(connection))
    read = partial(plain.read_and_write, url, count)
    limit_is = "every event read, its payload parsed, one row written, by the plain driver (L4)"
    figures.in_turn(
        f"rebuild of {count:,} events, {databases.kind}",
        "events/s",
        partial(rebuilt, url, count),
        read,
        limit_is=limit_is,
        goal=0.3,
    )
    figures.in_turn(
        f"import of {count:,} events, {databases.kind}",
        "events/s",
        lambda: _imported(databases.new(), file, count),
        read,
        limit_is=limit_is,
        goal=0.3,
    )


def rebuilt(url: str, count: int) -> Spent:
    with opened(url) as engine:
        return timed(lambda: rebuild(engine), count)


def _imported(url: str, file: Path, count: int) -> Spent:
    with opened(url) as engine, file.open("rb") as lines:
        return timed(lambda: transfer.import_export(engine, Export(lines), project, about), count)
