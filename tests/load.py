"""Writers and readers of a register that is disturbed meanwhile, and the history of what they saw."""

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import httpx

from tests.history import History, Seen

REQUEST_TIMEOUT_S = 10
PAUSE_S = 0.05


def note(id_: str, stream: str) -> dict[str, Any]:
    data = {"kind": "market", "text": "A remark."}
    return {"id": id_, "stream": stream, "type": "note.recorded", "data": data, "source": {"tier": "holder"}}


class Load:
    """Clients of one address. Everything random in what they do comes from the seed. Those of several processes of one
    register write one history, each with a name of its own."""

    def __init__(
        self, url: str, seed: int, *, writers: int, readers: int, history: History | None = None, name: str = ""
    ) -> None:
        self.url = url
        self.history = history or History()
        self.unlike: list[str] = []
        """What writers were told that is neither an acknowledgement nor a wish to be asked again."""
        self._stop = threading.Event()
        self._lock = threading.Lock()
        randoms = [Random(seed + n) for n in range(writers)]
        self._threads = [
            *(threading.Thread(target=self._write, args=(f"{name}writer {n}", one)) for n, one in enumerate(randoms)),
            *(threading.Thread(target=self._read, args=(f"{name}reader {n}",)) for n in range(readers)),
        ]

    @contextmanager
    def running(self) -> Iterator[History]:
        """Afterwards every event that was sent has been acknowledged, unless the register no longer answers."""
        for thread in self._threads:
            thread.start()
        try:
            yield self.history
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join(60)

    def _write(self, name: str, random: Random) -> None:
        acknowledged = self.history.acknowledged.setdefault(name, [])
        with httpx.Client(base_url=self.url, timeout=REQUEST_TIMEOUT_S, verify=False) as client:
            while not self._stop.is_set():
                id_ = str(uuid.UUID(int=random.getrandbits(128), version=4))
                self.history.sent.add(id_)
                position = self._until_acknowledged(client, note(id_, f"note/stream-{random.randrange(4)}"))
                if position is not None:
                    acknowledged.append(Seen(position, id_))

    def _until_acknowledged(self, client: httpx.Client, event: dict[str, Any]) -> int | None:
        """The position; None where the register gave no answer for as long as a restart may take."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with self._lock:
                self.history.attempts += 1
            try:
                answer = client.post("/v1/events", json=event)
            except httpx.HTTPError:
                time.sleep(PAUSE_S)
                continue
            if answer.status_code == 201:
                return int(answer.json()["events"][0]["position"])
            if answer.status_code != 503:
                self.unlike.append(f"{answer.status_code}: {answer.text}")
                return None
            time.sleep(PAUSE_S)
        return None

    def _read(self, name: str) -> None:
        pages, after = self.history.read.setdefault(name, []), 0
        with httpx.Client(base_url=self.url, timeout=REQUEST_TIMEOUT_S, verify=False) as client:
            while not self._stop.is_set():
                page = page_after(client, after)
                if page:
                    pages.append(page)
                    after = page[-1].position
                time.sleep(PAUSE_S)


def page_after(client: httpx.Client, after: int) -> list[Seen]:
    try:
        answer = client.get("/v1/events", params={"after": after, "limit": 500})
    except httpx.HTTPError:
        return []
    return [Seen(one["position"], one["id"]) for one in answer.json()["events"]] if answer.status_code == 200 else []


def whole_log(url: str) -> list[Seen]:
    found: list[Seen] = []
    with httpx.Client(base_url=url, timeout=60, verify=False) as client:
        while page := page_after(client, found[-1].position if found else 0):
            found += page
    return found
