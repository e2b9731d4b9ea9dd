"""docs/performance.md, made of the figures of a run."""

import os
import platform
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.measure import Figure, Figures
from bench.servers import CONNECTIONS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
INTRODUCTION = """# Performance

`make bench` wrote this page, and `bench/results.json` beside it. Each figure stands against a limit that was measured
in the same run, in turn with it: whatever else the machine did fell on both. So read the ratio; the figures themselves
are those of one machine. Values are medians of {rounds} turns, with the least and the most. CPU is what one event or
request took of the process that was measured, and of that of its limit.

The machine: {cores} cores, {system}, Python {python}; {load:.0f} programs wanted to run at the end. SQLite with
`synchronous=FULL`, PostgreSQL with `fsync`, over a socket of the same machine; one process; {connections} connections
over HTTP.
"""
BUSY = """
That is more than there are cores. A program of several threads, as the register is, then loses more than its limits do,
which work in one: measure anew on a quiet machine before you rely on a ratio.
"""
HEAD = (
    "| what | value | from – to | limit of the same run | ratio | goal | CPU, and of the limit |\n"
    "|---|---|---|---|---|---|---|"
)
GROWTH = """
## Growth

How often the CPU of one unit of work at the larger size is that at the smaller one.

```mermaid
xychart-beta
    title "Cost at the larger size, in times of the smaller"
    x-axis [{names}]
    y-axis "times" 0 --> {most}
    bar [{ratios}]
```
"""


def write(figures: Figures) -> None:
    PAGE.write_text("\n".join(_lines(figures)) + "\n", encoding="utf-8")


def _lines(figures: Figures) -> Iterator[str]:
    growth = [one for one in figures.found if one.limit_is.startswith("the same at")]
    yield INTRODUCTION.format(
        rounds=figures.rounds,
        cores=os.cpu_count(),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        load=os.getloadavg()[0],
        connections=CONNECTIONS,
    )
    if os.getloadavg()[0] > (os.cpu_count() or 1):
        yield BUSY
    yield from _table([one for one in figures.found if one not in growth])
    if growth:
        yield GROWTH.format(
            names=", ".join(f'"{one.name}"' for one in growth),
            most=max(2, *(int(one.ratio) + 1 for one in growth)),
            ratios=", ".join(f"{one.ratio:.2f}" for one in growth),
        )
        yield from _table(growth)
    yield "\n## Limits\n"
    yield from dict.fromkeys(f"- {one.name}: {one.limit_is}." for one in figures.found if one not in growth)
    if figures.missing:
        yield "\n## Not measured\n"
        yield from (f"- {one}." for one in dict.fromkeys(figures.missing))


def _table(figures: Sequence[Figure]) -> Iterator[str]:
    yield HEAD
    for one in figures:
        cpu = "" if one.cpu_us is None else f"{one.cpu_us:,.0f} µs"
        cpu += "" if one.limit_cpu_us is None else f", {one.limit_cpu_us:,.0f} µs"
        goal = "" if one.goal is None else f"{one.goal:g}"
        yield (
            f"| {one.name} | {_figure(one.value)} {one.unit} | {_figure(one.least)} – {_figure(one.most)} "
            f"| {_figure(one.limit)} | {one.ratio:.2g} | {goal} | {cpu} |"
        )


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
