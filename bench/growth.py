"""How costs grow with the register: the same work over a small one, and over one many times its size.

CPU is compared, of this process alone: it wavers less than time, and what a database does is seen in the other figures.
"""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench import appends, servers
from bench.measure import ROUNDS, Figures, Spent
from bench.servers import Databases

GOAL = 1.3


def measure(figures: Figures, databases: Databases, folder: Path, sizes: Sequence[int]) -> None:
    found = {size: _at(size, databases, folder) for size in sizes}
    small = found[sizes[0]]
    for size in sizes[1:]:
        for name, spent in found[size].items():
            figures.add(
                f"{name}, {size:,} events, {databases.kind}",
                "s" if name == "start" else "MB" if name == "memory" else "µs CPU",
                spent,
                small[name],
                limit_is=f"the same at {sizes[0]:,} events",
                goal=GOAL,
            )


def _at(size: int, databases: Databases, folder: Path) -> Mapping[str, list[Spent]]:
    url = databases.new()
    with appends.appending(url) as log:
        appends.fill(log, size)
        found = {
            "append, 8 at once": _cpu(lambda: appends.singly(log, 8, appends.APPENDS[8])),
            f"append of {appends.BATCH} together": _cpu(lambda: appends.batches(log)),
        }
    found["rebuild"] = _cpu(lambda: appends.rebuilt(url, size), rounds=1)
    started = time.perf_counter()
    with servers.register(url, folder) as serving:
        found["start"] = [Spent(time.perf_counter() - started)]
        status = Path(f"/proc/{serving.process.pid}/status").read_text()
        resident = re.search(r"VmRSS:\s+(\d+) kB", status)
        found["memory"] = [Spent(int(resident[1]) / 1000 if resident else 0)]
    return found


def _cpu(turn: Callable[[], Spent], rounds: int = ROUNDS) -> list[Spent]:
    return [Spent(turn().cpu_us or 0) for _ in range(rounds)]
