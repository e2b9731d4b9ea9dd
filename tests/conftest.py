"""Databases for tests: each test gets an empty, migrated one of its own, copied from a template of its worker.

A test that takes `database_url` runs on SQLite and on PostgreSQL; `sqlite_url` and `postgresql_url` are for tests about
one of them. The PostgreSQL server comes with pip, unless TEST_DATABASE_URL names one on which databases may be created.
"""

import fcntl
import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

import hypothesis
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from service.log.database import migrate

# Nothing that is imported or collected is garbage, so nobody looks for it before `pytest_collection_finish`.
gc.disable()

ROOT = Path(__file__).parents[1]
PRELOAD_TIMEOUT_S = 170
SERVER_START_TIMEOUT_S = 170
SERVER_STOP_TIMEOUT_S = 170
ROOM_BYTES = 8_000_000_000
GARBAGE_IN_ONE_GO = 20_000
"""How many more objects are made than freed before garbage is looked for. Most that a test makes live for a moment."""
# Settings for the tests themselves. All other LODESTONE_ variables of the machine are kept away from them.
TEST_SETTINGS = ("LODESTONE_CHROMIUM", "LODESTONE_FUZZ_S", "LODESTONE_REQUIRE_BROWSER", "LODESTONE_REQUIRE_NODE")

RUN_FOLDER = pytest.StashKey[str]()
SERVER = pytest.StashKey[subprocess.Popen[bytes]]()
COMMANDS = pytest.StashKey[subprocess.Popen[bytes]]()

USUAL = hypothesis.settings(deadline=None, max_examples=60)
hypothesis.settings.register_profile("default", USUAL)
# The same examples every time: a red run must be red because of the change under test.
hypothesis.settings.register_profile("ci", USUAL, derandomize=True, print_blob=True, database=None)
hypothesis.settings.register_profile("fuzz", USUAL, max_examples=5_000)
# The tests run once for each mutant of a function that they reach: the same few examples.
hypothesis.settings.register_profile("mutants", USUAL, max_examples=15, derandomize=True, database=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "default")


def pytest_configure(config: pytest.Config) -> None:
    for name in [name for name in os.environ if name.startswith("LODESTONE_") and name not in TEST_SETTINGS]:
        del os.environ[name]
    if hasattr(config, "workerinput"):
        config.stash[RUN_FOLDER] = config.workerinput["run_folder"]
        return
    # Left to itself, SIGTERM ends Python without any of the cleaning up below.
    signal.signal(signal.SIGTERM, _interrupt)
    # Short, since the path of a socket may have a hundred characters.
    folder = tempfile.mkdtemp(prefix="lodestone-", dir=_quickest_folder())
    if config.option.basetemp is None:
        config.option.basetemp = str(Path(folder) / "tests")
    config.stash[RUN_FOLDER] = folder
    config.stash[SERVER] = start_server(Path(folder))
    config.stash[COMMANDS] = start_commands(Path(folder) / "commands")


def start_server(folder: Path, *options: str) -> "subprocess.Popen[bytes]":
    """It starts once it is wanted, and ends with its standard input."""
    return subprocess.Popen(
        [sys.executable, Path(__file__).with_name("postgres_server.py"), folder, *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def start_commands(folder: Path) -> "subprocess.Popen[bytes]":
    """What all workers start commands from. It imports the service once it is wanted, and ends with standard input."""
    folder.mkdir()
    program: list[str | Path] = [sys.executable, Path(__file__).with_name("preloaded.py"), "serve", folder]
    return subprocess.Popen(program, stdin=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)})


def pytest_sessionstart(session: pytest.Session) -> None:
    """A worker of a run of all tests imports its own share of their files first. Else, in a new checkout, where none is
    compiled yet, each worker compiles all of them at the same time as the others."""
    worker = getattr(session.config, "workerinput", {})
    if not worker.get("all_tests"):
        return
    tests = sorted(path.relative_to(ROOT).with_suffix("") for path in (ROOT / "tests").glob("**/test_*.py"))
    for path in tests[int(worker["workerid"].removeprefix("gw")) :: worker["workercount"]]:
        # What cannot be imported is told where it is collected.
        with suppress(Exception):
            import_module(".".join(path.parts))


LONGEST_FIRST = ("world", "console", "crash", "fuzz", "commands", "test_lint_openapi.py")
"""What takes minutes begins first: a long file that begins last leaves the other cores idle."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        first = item.path.relative_to(Path(__file__).parent).parts[0]
        return LONGEST_FIRST.index(first) if first in LONGEST_FIRST else len(LONGEST_FIRST)

    items.sort(key=place)


def pytest_collection_finish() -> None:
    # What was imported stays to the end: looking through it again and again takes a fifth of the time.
    gc.freeze()
    gc.set_threshold(GARBAGE_IN_ONE_GO)
    gc.enable()


def _quickest_folder() -> str:
    """Memory where there is plenty: each test commits to a database of its own, and a disk is waited for each time."""
    memory = Path("/dev/shm")
    plenty = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_BYTES
    return str(memory) if plenty else "/tmp"


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["run_folder"] = node.config.stash[RUN_FOLDER]
    node.workerinput["all_tests"] = node.config.args_source is pytest.Config.ArgsSource.TESTPATHS


def pytest_unconfigure(config: pytest.Config) -> None:
    # The server takes the folder of the run away with it.
    for started in (config.stash.get(COMMANDS, None), config.stash.get(SERVER, None)):
        if started is not None and started.stdin is not None:
            started.stdin.close()
            started.wait(timeout=SERVER_STOP_TIMEOUT_S)


@pytest.fixture(scope="session")
def postgresql_server(pytestconfig: pytest.Config) -> str:
    """The URL of a server on which databases may be created."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        return given
    return wanted_server(Path(pytestconfig.stash[RUN_FOLDER]))["url"]


def wanted_server(folder: Path) -> dict[str, str]:
    """The addresses of a server, which is started now where it is not running."""
    (folder / "wanted").touch()
    deadline = time.monotonic() + SERVER_START_TIMEOUT_S
    while not (folder / "server.json").exists():
        if time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start within {SERVER_START_TIMEOUT_S} s: look into {folder}.")
        time.sleep(0.05)
    answer: dict[str, str] = json.loads((folder / "server.json").read_text())
    if "error" in answer:
        raise RuntimeError(f"PostgreSQL did not start: {answer['error']}")
    return answer


@pytest.fixture(scope="session")
def postgresql_admin(postgresql_server: str) -> Iterator[psycopg.Connection]:
    plain = make_url(postgresql_server).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str, postgresql_admin: psycopg.Connection) -> Iterator[str]:
    name = f"lodestone_template_{uuid.uuid4().hex}"
    postgresql_admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        migrate(_database_at(postgresql_server, name))
        yield name
    finally:
        _drop(postgresql_admin, name)


@pytest.fixture
def postgresql_url(
    postgresql_server: str, postgresql_admin: psycopg.Connection, postgresql_template: str
) -> Iterator[str]:
    with postgresql_copy(postgresql_server, postgresql_admin, postgresql_template) as url:
        yield url


@contextmanager
def postgresql_copy(server: str, admin: psycopg.Connection, template: str) -> Iterator[str]:
    """An empty, migrated database for as long as it is needed."""
    name = f"lodestone_test_{uuid.uuid4().hex}"
    # Copying files takes half the time of copying block by block, which is the default; older servers know no other.
    strategy = " STRATEGY file_copy" if admin.info.server_version >= 150_000 else ""
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}" + strategy)
    admin.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
    try:
        yield _database_at(server, name)
    finally:
        _drop(admin, name)


def _database_at(server: str, name: str) -> str:
    return make_url(server).set(drivername="postgresql", database=name).render_as_string(hide_password=False)


def _drop(admin: psycopg.Connection, name: str) -> None:
    # By force, since what failed in the middle may still hold a connection.
    admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "lodestone.db"
    migrate(f"sqlite:///{file}")
    left = [name for name in ("lodestone.db-wal", "lodestone.db-journal") if file.with_name(name).exists()]
    assert not left, f"The template is still open, a copy of it would lack what is in {left}."
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    return sqlite_copy(sqlite_template, tmp_path)


def sqlite_copy(template: Path, folder: Path) -> str:
    """An empty, migrated database in a folder."""
    file = folder / "lodestone.db"
    shutil.copyfile(template, file)
    return f"sqlite:///{file}"


SeededFile = Callable[[str], Path]


@pytest.fixture(scope="session")
def seeded_file(pytestconfig: pytest.Config, sqlite_template: Path) -> SeededFile:
    """An SQLite file with seeds of a name in it, to be copied: the first worker that asks for it makes it for all."""
    folder = Path(pytestconfig.stash[RUN_FOLDER])

    def file_of(seed: str) -> Path:
        file = folder / f"{seed}.db"
        with (folder / f"{seed}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not file.exists():
                unfinished = folder / f"{seed}.part"
                shutil.copyfile(sqlite_template, unfinished)
                load_seeds(f"sqlite:///{unfinished}", seed)
                unfinished.rename(file)
        return file

    return file_of


def load_seeds(url: str, seed: str) -> None:
    """As `lodestone seeds load` does."""
    from service import seeds
    from service.app import open_register
    from service.log.progress import silent
    from service.settings import Settings

    register = open_register(Settings(database_url=url))
    with register.log:
        seeds.load(register.log, seeds.read(seed), silent)
    register.leave()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty, migrated database of the test's own, as SQLAlchemy's URL without a driver."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(scope="session")
def lodestone_command(pytestconfig: pytest.Config) -> Path:
    """The `lodestone` command, which starts without waiting for its imports."""
    folder = Path(pytestconfig.stash[RUN_FOLDER]) / "commands"
    (folder / "wanted").touch()
    deadline = time.monotonic() + PRELOAD_TIMEOUT_S
    while not (folder / "lodestone").exists():
        assert time.monotonic() < deadline, "The command was not imported."
        time.sleep(0.05)
    return folder / "lodestone"


@pytest.fixture(scope="session")
def python_command(lodestone_command: Path) -> Path:
    """As `python`, for `-c` and a program that imports the service: it starts without waiting for that."""
    return lodestone_command.with_name("program")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a browser. Without one the test is skipped, or fails where LODESTONE_REQUIRE_BROWSER is 1."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    application = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    for candidate in (os.environ.get("LODESTONE_CHROMIUM", ""), *names, application):
        if found := shutil.which(candidate):
            return found
    reason = f"No browser: none of {', '.join(names)} is installed, and LODESTONE_CHROMIUM names none."
    if os.environ.get("LODESTONE_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
