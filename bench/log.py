"""What the log costs, as ratios to a limit measured in the same run: `python -m bench.log [URL]`.

Without a URL it measures SQLite in a temporary folder. A URL must name an empty, migrated database that may be filled.
"""

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import Engine, create_engine

from service.domain.event import ProposedEvent, RecordedEvent, StreamSoFar
from service.log import append, merkle, tree
from service.log.append import Log
from service.log.database import engine_for, migrate

CLIENTS = 32
APPENDS = 3_200
ROUNDS = 3
PROOFS = 300
PROVED = ("inclusion proof", "consistency proof", "old root")

_serial = iter(range(10**9))


def main(url: str | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        if url is None:
            url = f"sqlite:///{folder}/lodestone.db"
            migrate(url)
            floor = floor_of_sqlite(Path(folder) / "floor.db")
            print(
                f"one row, one commit, plain driver        {floor:8.0f} /s   1.00 (the limit of committing one by one)"
            )
        else:
            floor = 0.0
        engine = engine_for(url)
        appends(engine, floor)
        engine.dispose()
        proofs(Path(folder))


def floor_of_sqlite(file: Path) -> float:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE floor (position INTEGER PRIMARY KEY, payload TEXT)")
    started = time.perf_counter()
    for _ in range(APPENDS // 4):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO floor (payload) VALUES (?)", ["x" * 500])
        connection.execute("COMMIT")
    rate = APPENDS // 4 / (time.perf_counter() - started)
    connection.close()
    return rate


def appends(engine: Engine, floor: float) -> None:
    singly, grouped, bare = [], [], []
    # In turns, so that whatever else the machine does falls on each of them.
    for _ in range(ROUNDS):
        with patch.object(append, "GROUP_REQUESTS", 1):
            singly.append(rate_of(engine, APPENDS // 4))
        grouped.append(rate_of(engine, APPENDS))
    for name, rates in (("one by one", singly), ("in groups", grouped)):
        rate = statistics.median(rates)
        against = f"{rate / floor:.2f} of the floor" if floor else ""
        print(f"appends by {CLIENTS} clients, {name:12}        {rate:8.0f} /s   {against}")
    print(
        f"groups against one by one                 {statistics.median(grouped) / statistics.median(singly):8.2f} times"
    )
    with_tree: list[float] = []
    # A commit's cost is mostly the disk's, which wavers: many short turns rather than a few.
    for _ in range(ROUNDS * 10):
        with_tree.append(commit_s(engine))
        with without_a_tree():
            bare.append(commit_s(engine))
    ratio = statistics.median(with_tree) / statistics.median(bare)
    print(f"a batch of 500 with the tree against none {ratio:8.2f} times")


def rate_of(engine: Engine, count: int) -> float:
    def write(_: int) -> None:
        for _ in range(count // CLIENTS):
            log.append([event()], "bench")

    with Log(engine, decide_nothing, project_nothing) as log, ThreadPoolExecutor(CLIENTS) as pool:
        started = time.perf_counter()
        list(pool.map(write, range(CLIENTS)))
        return count / (time.perf_counter() - started)


def commit_s(engine: Engine) -> float:
    with Log(engine, decide_nothing, project_nothing) as log:
        batch = [event() for _ in range(500)]
        started = time.perf_counter()
        log.append(batch, "bench")
        return time.perf_counter() - started


@contextmanager
def without_a_tree() -> Iterator[None]:
    """The log is not one that verifies afterwards; positions and rows are as ever."""

    def nothing(peaks: Sequence[bytes], *_: object) -> tuple[list[bytes], list[object]]:
        return list(peaks), []

    with patch.object(merkle, "extend", nothing):
        yield


def proofs(folder: Path) -> None:
    cost = {size: proof_us(folder / f"{size}.db", size) for size in (10_000, 1_000_000)}
    for name, small, large in zip(PROVED, cost[10_000], cost[1_000_000], strict=True):
        print(f"{name:18} at 10,000 leaves {small:8.0f} µs, at 1,000,000 {large:8.0f} µs {large / small:8.2f} times")


def proof_us(file: Path, size: int) -> tuple[float, float, float]:
    """A tree alone: the columns that proofs read, without the rest of the events."""
    fill(file, size)
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        inclusion = median_us(lambda at: tree.inclusion_proof(connection, at, size), size)
        consistency = median_us(lambda at: tree.consistency_proof(connection, at, size), size)
        old_root = median_us(lambda at: tree.root_at(connection, at), size)
    engine.dispose()
    return inclusion, consistency, old_root


def fill(file: Path, size: int) -> None:
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE events (position INTEGER PRIMARY KEY, hash BLOB)")
    connection.execute('CREATE TABLE nodes (level, "index", hash, PRIMARY KEY (level, "index")) WITHOUT ROWID')
    leaves = [number.to_bytes(32, "big") for number in range(size)]
    _, completed = merkle.extend([], 0, leaves)
    connection.executemany("INSERT INTO events VALUES (?, ?)", enumerate(leaves, 1))
    connection.executemany("INSERT INTO nodes VALUES (?, ?, ?)", sorted((*node, hash_) for node, hash_ in completed))
    connection.commit()
    connection.close()


def median_us(proof: Callable[[int], object], size: int) -> float:
    spent = []
    for number in range(1, PROOFS):
        at = number * 7_919_381 % size + 1
        started = time.perf_counter()
        proof(at)
        spent.append(time.perf_counter() - started)
    return statistics.median(spent) * 1e6


def event() -> ProposedEvent:
    serial = next(_serial)
    return ProposedEvent(
        id=None,
        stream=f"license/bench-{time.time_ns()}-{serial}",
        type="license.granted",
        schema_version=1,
        effective="../2025-10-30",
        data={"issuer": "CN", "destination": "IN", "lines": [{"quantity": {"value": str(serial), "unit": "KGM"}}]},
        source={"tier": "official", "publisher": "MOFCOM", "title": "Announcement", "quote": "x" * 200},
        metadata={},
    )


def decide_nothing(event: ProposedEvent, so_far: StreamSoFar) -> None:
    """Every event is accepted."""


def project_nothing(connection: object, events: Sequence[RecordedEvent]) -> None:
    """There is no read model."""


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
