"""How long the command line takes to say what it can do."""

import os
import subprocess
import sys
import time
from pathlib import Path

from bench.measure import Figures, Spent
from bench.servers import Databases

HELP = "from service.cli import app; app(['--help'])"
IMPORTS = "import service.cli, typer.rich_utils"


def measure(figures: Figures, databases: Databases, _folder: Path) -> None:
    if databases.kind == "SQLite":
        figures.in_turn(
            "lodestone --help",
            "s",
            lambda: _run(HELP),
            lambda: _run(IMPORTS),
            limit_is="importing what it needs",
            goal=1.3,
        )


def _run(code: str) -> Spent:
    before, started = _children_s(), time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
    return Spent(time.perf_counter() - started, (_children_s() - before) * 1e6)


def _children_s() -> float:
    used = os.times()
    return used.children_user + used.children_system
