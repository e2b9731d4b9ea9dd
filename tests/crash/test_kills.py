"""The service, and PostgreSQL below it, killed again and again under writers and readers: one history all the same.

The short ones run with all tests; `make crash-test` runs those with as many kills as docs/reliability.md tells of.
"""

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from random import Random, randrange
from urllib.request import urlopen

import psycopg
import pytest

from service.log.database import migrate
from tests.history import KINDS, counted
from tests.load import Load, whole_log

LODESTONE = Path(sys.executable).with_name("lodestone")
ROOT = Path(__file__).parents[2]
START_TIMEOUT_S = 60
SHORT, FULL = (2, 2, 1), (50, 8, 3)
"""Kills, writers, readers."""


def free_port() -> int:
    """Not one that the system gives out: a client that asks for such a port again and again, while nobody listens, is
    connected to itself in the end."""
    while True:
        port = randrange(20_000, 30_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


class Service:
    """`lodestone serve` on one port, killed and started again."""

    def __init__(self, database_url: str, command: Path) -> None:
        self._command = command
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "LODESTONE_DATABASE_URL": database_url,
            "LODESTONE_PORT": str(self.port),
            "LODESTONE_LOG_REQUESTS": "false",
        }
        self.ready_after_s: list[float] = []
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [self._command, "serve"], env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.ready_after_s.append(self.wait())

    def wait(self) -> float:
        """How long it takes until it is ready, in seconds."""
        started = time.monotonic()
        while time.monotonic() < started + START_TIMEOUT_S:
            try:
                with urlopen(f"{self.url}/health/ready", timeout=5):
                    return time.monotonic() - started
            except (OSError, HTTPException):
                pass
            time.sleep(0.02)
        raise AssertionError(f"It is not ready after {START_TIMEOUT_S} s; exit status {self.process.poll()}.")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        # Where another process stands in for the imported command, that one is killed a moment later.
        while self._listens():
            time.sleep(0.01)

    def _listens(self) -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def service(database_url: str, command: Path = LODESTONE) -> Iterator[Service]:
    running = Service(database_url, command)
    try:
        yield running
    finally:
        running.kill()


def report(what: str, seed: int, load: Load, url: str, ready_after_s: list[float]) -> None:
    log = whole_log(url)
    faults = load.history.faults(log)
    print(
        json.dumps(
            {
                "what": what,
                "seed": seed,
                "acknowledged": load.history.acknowledgements(),
                "attempts": load.history.attempts,
                "log": len(log),
                **counted(faults),
                "ready_after_s_max": round(max(ready_after_s), 2),
            }
        )
    )
    assert load.history.acknowledgements() > 0 and not load.unlike, load.unlike[:5]
    assert counted(faults) == dict.fromkeys(KINDS, 0), faults[:5]


def killed(database_url: str, kills: int, writers: int, readers: int, command: Path = LODESTONE) -> None:
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    random = Random(seed)
    with service(database_url, command) as running:
        load = Load(running.url, seed, writers=writers, readers=readers)
        with load.running():
            for _ in range(kills):
                time.sleep(random.uniform(0.1, 0.6))
                running.kill()
                running.start()
        report(f"{kills} kills of the service", seed, load, running.url, running.ready_after_s)


def test_a_service_that_is_killed_twice_has_one_history(sqlite_url: str, lodestone_command: Path):
    killed(sqlite_url, *SHORT, command=lodestone_command)


@pytest.mark.crash
def test_a_service_that_is_killed_fifty_times_has_one_history(database_url: str, lodestone_command: Path):
    killed(database_url, *FULL, command=lodestone_command)


@pytest.fixture
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL of the test's own, with an empty, migrated database. What is killed here is nobody else's."""
    folder = tmp_path_factory.mktemp("pg")
    (folder / "wanted").touch()
    command = [sys.executable, str(ROOT / "tests" / "postgres_server.py"), str(folder)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        while not (folder / "server.json").exists():
            time.sleep(0.05)
        url = json.loads((folder / "server.json").read_text())["url"].replace("postgresql+psycopg:", "postgresql:")
        migrate(url)
        yield url
    finally:
        server.communicate(timeout=60)


def crash(url: str) -> None:
    """Kills a process of the server: it takes that for a crash, ends all others at once, and recovers from its WAL."""
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url) as connection:
        os.kill(connection.info.backend_pid, signal.SIGKILL)
        connection.execute("SELECT 1")


def database_killed(url: str, kills: int, writers: int, readers: int, command: Path) -> None:
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    random, ready_after_s = Random(seed), []
    with service(url, command) as running:
        load = Load(running.url, seed, writers=writers, readers=readers)
        with load.running():
            for _ in range(kills):
                time.sleep(random.uniform(0.1, 0.6))
                crash(url)
                ready_after_s.append(running.wait())
        report(f"{kills} crashes of PostgreSQL", seed, load, running.url, ready_after_s)


@pytest.mark.crash
def test_a_postgresql_that_crashes_twenty_times_has_one_history(own_server: str, lodestone_command: Path):
    database_killed(own_server, 20, 8, 3, lodestone_command)
