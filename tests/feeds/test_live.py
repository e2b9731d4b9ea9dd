"""A feed of a service in a process of its own, read by a client that others wrote."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from httpx_sse import connect_sse

from tests.api.test_serve import address
from tests.feeds.reader import note


@pytest.fixture
def served(lodestone_command: Path, sqlite_url: str) -> Iterator[subprocess.Popen[str]]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LODESTONE_")}
    process = subprocess.Popen(
        [lodestone_command, "serve", "--port", "0"],
        env=clean | {"LODESTONE_DATABASE_URL": sqlite_url, "LODESTONE_LOG_REQUESTS": "false"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_httpx_sse_reads_it_and_sigterm_ends_it_at_once(served: subprocess.Popen[str]):
    url = address(served)
    with httpx.Client(base_url=url, timeout=20) as client:
        client.post("/v1/events", json={"events": [note(1), note(2)]}).raise_for_status()
        with connect_sse(client, "GET", "/v1/feed", headers={"Last-Event-ID": "1"}) as feed:
            events = (event for event in feed.iter_sse() if event.data)
            first = next(events)
            assert (first.id, json.loads(first.data)["stream"]) == ("2", "note/number-2")
            httpx.post(f"{url}/v1/events", json=note(3)).raise_for_status()
            assert next(events).id == "3"
            told = time.monotonic()
            served.send_signal(signal.SIGTERM)
            assert list(events) == []
    assert served.wait(10) == 0
    # The grace that requests have is three seconds; a feed takes none of it.
    assert time.monotonic() - told < 2.5
