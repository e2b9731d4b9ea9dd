"""The command line as people use it: over a database of its own, and against a live service on loopback."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from typer.testing import CliRunner, Result

from service.app import create_app
from service.cli import app
from service.settings import Settings
from tests.conftest import SeededFile, load_seeds, sqlite_copy

DAY = "2025-10-31"
STYLED = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
Run = Callable[..., Result]


@pytest.fixture
def article_url(seeded_file: SeededFile, tmp_path: Path) -> str:
    """A database of the test's own with the article in it."""
    return sqlite_copy(seeded_file("article"), tmp_path)


@pytest.fixture
def article_on_both(database_url: str) -> str:
    """The same on SQLite and on PostgreSQL, for what the database has a part in."""
    load_seeds(database_url, "article")
    return database_url


@pytest.fixture
def lodestone(article_url: str) -> Run:
    """Runs a command in this process, over the database with the article."""
    return runner(LODESTONE_DATABASE_URL=article_url)


def runner(**settings: str) -> Run:
    def run(*arguments: object, stdin: bytes | str | None = None, **more: str) -> Result:
        return CliRunner().invoke(app, [str(one) for one in arguments], input=stdin, env={**settings, **more})

    return run


@contextmanager
def served(**settings: object) -> Iterator[str]:
    """A live service on loopback; its address."""
    config = uvicorn.Config(create_app(Settings(**settings)), port=0, log_config=None)  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        deadline = time.monotonic() + 30
        while not server.started:
            assert thread.is_alive() and time.monotonic() < deadline
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def service(article_url: str) -> Iterator[str]:
    with served(database_url=article_url) as url:
        yield url


@pytest.fixture(params=["local", "remote"])
def either(request: pytest.FixtureRequest, article_url: str) -> Iterator[Run]:
    """The command line over the database itself, and over a service of it: nobody can tell the difference."""
    if request.param == "local":
        yield runner(LODESTONE_DATABASE_URL=article_url)
        return
    with served(database_url=article_url) as url:
        yield runner(LODESTONE_URL=url, LODESTONE_DATABASE_URL="sqlite:////nowhere/at/all.db")


@pytest.fixture(scope="session")
def article_service(sqlite_article: str) -> Iterator[str]:
    with served(database_url=sqlite_article) as url:
        yield url


@pytest.fixture(params=["local", "remote"])
def reading(request: pytest.FixtureRequest, sqlite_article: str) -> Run:
    """As `either`, over an article that tests share, since they record nothing."""
    if request.param == "local":
        return runner(LODESTONE_DATABASE_URL=sqlite_article)
    service = request.getfixturevalue("article_service")
    return runner(LODESTONE_URL=service, LODESTONE_DATABASE_URL="sqlite:////nowhere/at/all.db")


@dataclass
class Shown:
    """What a terminal received, and the exit status."""

    text: str
    status: int

    @property
    def plain(self) -> str:
        return STYLED.sub("", self.text)


@pytest.fixture(scope="session")
def sqlite_article(seeded_file: SeededFile, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with the article, shared by tests that change nothing in it."""
    return sqlite_copy(seeded_file("article"), tmp_path_factory.mktemp("article"))


@pytest.fixture
def on_a_terminal(lodestone_command: Path, sqlite_article: str) -> Callable[..., Shown]:
    """Runs the real command under a pseudo-terminal so many columns wide."""

    def run(*arguments: str, columns: int = 80, typed: str = "", **settings: str) -> Shown:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        clean = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR", "CI")}
        env = {**clean, "TERM": "xterm-256color", "LODESTONE_DATABASE_URL": sqlite_article, **settings}
        process = subprocess.Popen([lodestone_command, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=env)
        os.close(theirs)
        os.write(ours, typed.encode())
        received = b"".join(iter(lambda: _read(ours), b""))
        os.close(ours)
        return Shown(received.decode().replace("\r\n", "\n"), process.wait(timeout=60))

    return run


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:
        # How Linux says that the other side is closed.
        return b""
