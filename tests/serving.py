"""A register that listens on a free port of this machine, with seeds in it, for programs from outside."""

import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from service import seeds
from service.app import create_app
from service.commands.keys import key_made
from service.settings import Settings

START_TIMEOUT_S = 30
STOP_TIMEOUT_S = 10


@dataclass
class Live:
    url: str
    events: int
    """How many events it begins with."""


@contextmanager
def live(database_url: str, seed: str = "article") -> Iterator[Live]:
    """It signs its checkpoints, and takes as many requests as come."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as door:
        key_file = Path(folder) / "key"
        key_made(key_file, "localhost/lodestone")
        app = create_app(
            Settings(database_url=database_url, signing_key_file=key_file, max_requests_per_minute_per_key=0)
        )
        door.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        try:
            deadline = time.monotonic() + START_TIMEOUT_S
            while not server.started:
                assert thread.is_alive() and time.monotonic() < deadline, "The register does not start."
                time.sleep(0.02)
            events = seeds.read(seed)
            seeds.load(app.state.register.log, events, lambda _done, _of: None)
            yield Live(f"http://127.0.0.1:{door.getsockname()[1]}", len(events))
        finally:
            server.should_exit = True
            thread.join(STOP_TIMEOUT_S)
