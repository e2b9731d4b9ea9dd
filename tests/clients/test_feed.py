"""The feed read by the npm package `eventsource`, which connects again by itself. `make clients-test` installs it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.crash.test_kills import Service, service
from tests.feeds.reader import note

pytestmark = pytest.mark.clients

CLIENTS = Path(__file__).parents[2] / "clients"
ALL = 4


@pytest.fixture(scope="module")
def node() -> str:
    found = shutil.which("node")
    if found and (CLIENTS / "node_modules" / "eventsource").is_dir():
        return found
    reason = "node is missing, or clients/node_modules was not made."
    if os.environ.get("LODESTONE_REQUIRE_NODE") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def served(sqlite_url: str, lodestone_command: Path) -> Iterator[Service]:
    with service(sqlite_url, lodestone_command) as running:
        yield running


def record(served: Service, *numbers: int) -> None:
    posted = {"events": [note(number) for number in numbers]}
    httpx.post(f"{served.url}/v1/events", json=posted, timeout=20).raise_for_status()


def test_eventsource_follows_is_cut_off_and_goes_on_without_a_gap(node: str, served: Service):
    record(served, 1, 2)
    command = [node, "follow.mjs", served.url, "none", str(ALL)]
    with subprocess.Popen(command, cwd=CLIENTS, stdout=subprocess.PIPE, text=True) as following:
        assert following.stdout
        before = [following.stdout.readline() for _ in range(2)]
        served.kill()
        served.start()
        record(served, 3, 4)
        after, _ = following.communicate(timeout=30)
    assert following.returncode == 0
    expected = [f"{number} note/number-{number}" for number in range(1, ALL + 1)]
    assert "".join([*before, after]).splitlines() == expected
