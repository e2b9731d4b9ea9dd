"""All that is measured, as ratios to limits of the same run: `python -m bench`, in ten minutes at most.

    python -m bench [--long] [--only WORD]

The figures go to bench/results.json and docs/performance.md. `--long` takes larger registers, and hours; with `--only`,
a part is measured, and its figures take the place of its earlier ones.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bench import appends, growth, page, peers, reads, requests, start, stream, watches, workers
from bench.measure import Figure, Figures
from bench.servers import Databases, postgresql

BEGUN_BY_S = 420
"""After so long no further part is begun, since the longest takes three minutes: what is left out is told so."""
RESULTS = Path(__file__).with_name("results.json")
WATCHES = {False: 1_000, True: 10_000}
REBUILT = {False: 3_000, True: 100_000}
SIZES = {
    "SQLite": {False: (10_000, 100_000), True: (10_000, 100_000, 1_000_000)},
    "PostgreSQL": {False: (10_000, 30_000), True: (10_000, 100_000, 1_000_000)},
}
Part = Callable[[Figures, Databases, Path], None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", action="store_true", help="larger registers")
    parser.add_argument(
        "--only", default="", help="one of: start, requests, appends, workers, peers, stream, watches, reads, growth"
    )
    asked = parser.parse_args()
    figures = Figures()
    before = json.loads(RESULTS.read_text(encoding="utf-8")) if asked.only and RESULTS.exists() else {}
    with tempfile.TemporaryDirectory(prefix="bench-") as made, postgresql(Path(made)) as server:
        folder, began = Path(made), time.monotonic()
        for name, part in parts(long=asked.long).items():
            for kind in (Databases(folder, None), Databases(folder, server)):
                if asked.only not in name:
                    continue
                if not (asked.long or asked.only) and time.monotonic() - began > BEGUN_BY_S:
                    figures.miss(f"{name}, {kind.kind}: the run would take too long; python -m bench --only {name}")
                else:
                    _measure(name, part, figures, kind, folder)
                # After each part: a run that is ended early leaves what it had.
                write(figures, before)


def _measure(name: str, part: Part, figures: Figures, kind: Databases, folder: Path) -> None:
    started = time.monotonic()
    try:
        part(figures, kind, folder)
    except Exception as failed:
        figures.miss(f"the rest of {name}, {kind.kind}: {failed or type(failed).__name__}")
    print(f"({name}, {kind.kind}: {time.monotonic() - started:.0f} s)", flush=True)


def write(figures: Figures, before: Mapping[str, Any]) -> None:
    """All figures, those of an earlier run where they were not measured now."""
    found = {**before, **{figure.name: figure.as_json() for figure in figures.found}}
    RESULTS.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    shown = [Figure.of_json(name, said) for name, said in found.items()]
    page.write(Figures(figures.rounds, shown, figures.missing))


def parts(*, long: bool) -> dict[str, Part]:
    """What is measured, on each kind of database, in this order."""
    return {
        "start": start.measure,
        "requests": requests.measure,
        "reads": reads.measure,
        "appends": lambda figures, kind, folder: appends.measure(figures, kind, folder, REBUILT[long]),
        "workers": workers.measure,
        "peers": peers.measure,
        "stream": stream.measure,
        "growth": lambda figures, kind, folder: growth.measure(figures, kind, folder, SIZES[kind.kind][long]),
        "watches": lambda figures, kind, folder: watches.measure(figures, kind, folder, WATCHES[long]),
    }


if __name__ == "__main__":
    main()
