"""Other event stores, side by side: one event for each append, by as many clients, in an environment of their own.

`LODESTONE_BENCH_PEERS` names a folder with `bin/python`, where `pip install 'eventsourcing[postgres]' umadb` was run,
and with `node_modules`, where `npm install @event-driven-io/emmett-postgresql @eventide/message-db` was. They append
and no more: no tree, no read models, no validation.
"""

import json
import os
import shutil
import subprocess
from functools import partial
from pathlib import Path

from bench.appends import APPENDS, appending, singly
from bench.measure import Figures, Spent
from bench.servers import Databases

HERE = Path(__file__).parent
NAMES = {
    "eventsourcing": ("eventsourcing_.py", "lib/*/site-packages/eventsourcing"),
    "UmaDB": ("umadb_.py", "lib/*/site-packages/umadb"),
    "message-db": ("message_db.py", "node_modules/@eventide/message-db"),
    "Emmett": ("emmett.mjs", "node_modules/@event-driven-io/emmett-postgresql"),
}


def measure(figures: Figures, databases: Databases, _folder: Path) -> None:
    if databases.kind == "SQLite":
        return
    home = Path(os.environ.get("LODESTONE_BENCH_PEERS", "var/peers")).resolve()
    with appending(databases.new()) as log:
        for name, (script, installed) in NAMES.items():
            if not list(home.glob(installed)):
                figures.miss(f"beside {name}: it is not installed where bench/peers looks")
                continue
            for clients, count in APPENDS.items():
                url = databases.new(migrated=False)
                figures.in_turn(
                    f"append, {clients} at once, beside {name}",
                    "events/s",
                    partial(singly, log, clients, count),
                    partial(_peer, home, HERE / script, url, clients, count),
                    limit_is=f"{name} itself",
                    goal=1.0,
                )


def _peer(home: Path, script: Path, url: str, clients: int, count: int) -> Spent:
    """A peer appends as many events to a database of its own, which it prepares first; it tells how long that took."""
    program = str(home / "bin" / "python") if script.suffix == ".py" else shutil.which("node") or "node"
    # Node looks for packages beside the script that asks for them.
    copied = home / f"lodestone-{script.name}"
    shutil.copyfile(script, copied)
    command = [program, str(copied), url, str(clients), str(count), str(home)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]}).stdout
    return Spent(count / float(json.loads(said.splitlines()[-1])["seconds"]))
