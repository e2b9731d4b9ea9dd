"""How costs grow with the register: the same work over a small one, and over one many times its size.

CPU is compared, of this process alone: it wavers less than time, and what a database does is seen in the other figures.
"""

import contextlib
import re
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from bench import appends, growing, mixed, servers
from bench.measure import ROUNDS, Figures, Spent
from bench.servers import Databases
from service import seeds
from service.log.progress import silent

GOAL = 1.3
TOGETHER = 1_000
READS = 3
"""How often each read is made anew."""


def measure(figures: Figures, databases: Databases, folder: Path, sizes: Sequence[int]) -> None:
    """The corpus is in each register, so that a read of what it speaks of has the same answer."""
    found = {size: _at(size, databases, folder) for size in sizes}
    small = found[sizes[0]]
    for size in sizes[1:]:
        for name, spent in found[size].items():
            if not (spent and small[name]):
                figures.miss(f"{name}, {size:,} events, {databases.kind}: it takes more than an answer may")
                continue
            figures.add(
                f"{name}, {size:,} events, {databases.kind}",
                "s" if name == "start" else "MB" if name.startswith("memory") else "µs CPU",
                spent,
                small[name],
                limit_is=f"the same at {sizes[0]:,} events",
                goal=GOAL,
            )


def _at(size: int, databases: Databases, folder: Path) -> Mapping[str, list[Spent]]:
    """What is appended to measure that is about the goods of the corpus, so that it comes last."""
    url = databases.new()
    with appends.appending(url) as log:
        seeds.load(log, seeds.read("all"), silent)
        for first in range(0, size, TOGETHER):
            log.append(mixed.proposed(first, min(TOGETHER, size - first)), "bench")
    found = {"rebuild": _cpu(lambda: appends.rebuilt(url, size), rounds=1)}
    found |= growing.reads_of(url, folder, READS)
    found |= _served(url, folder)
    with appends.appending(url) as log:
        found["append, 8 at once"] = _cpu(lambda: appends.singly(log, 8, appends.APPENDS[8]))
        found[f"append of {appends.BATCH} together"] = _cpu(lambda: appends.batches(log))
    return found


def _served(url: str, folder: Path) -> Mapping[str, list[Spent]]:
    """How long the service takes to start, and its memory once it has answered each read."""
    started = time.perf_counter()
    with servers.register(url, folder) as serving:
        took_s = time.perf_counter() - started
        for path in growing.READS.values():
            with contextlib.suppress(HTTPError), urlopen(serving.url + path) as answer:
                answer.read()
        status = Path(f"/proc/{serving.process.pid}/status").read_text()
    resident = re.search(r"VmRSS:\s+(\d+) kB", status)
    return {"start": [Spent(took_s)], "memory, after reads": [Spent(int(resident[1]) / 1000 if resident else 0)]}


def _cpu(turn: Callable[[], Spent], rounds: int = ROUNDS) -> list[Spent]:
    return [Spent(turn().cpu_us or 0) for _ in range(rounds)]
