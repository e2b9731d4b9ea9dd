"""How many functions of the service, in how many files, a request runs through: how far a reader has to go.

    python -m bench.hops

Counted by Python's profiler hook, in all threads, over the article's events on SQLite. A comprehension counts with the
function that it stands in. What runs when the service starts, or what a first request fills once, is not counted.
A question is counted as it is answered for the first time, and as its kept answer is given again.
"""

import json
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from fastapi.testclient import TestClient

import service
from service.app import create_app
from service.log.database import migrate
from service.settings import Settings

PACKAGE = str(Path(service.__file__).parent)
ARTICLE = Path(__file__).resolve().parent.parent / "seeds" / "article.jsonl"
POSTED = {
    "stream": "restriction/example",
    "type": "restriction.announced",
    "data": {
        "kind": "licensing",
        "controller": "CN",
        "scope": {"commodities": [{"name": "rare_earth_magnets"}]},
        "announced_on": "2025-04-04",
        "in_force": {"from": "2025-04-04", "through": "open"},
    },
    "source": {"tier": "issuer_text", "title": "An example"},
}
QUESTION = {
    "controller": "CN",
    "destination": "IN",
    "commodity": {"name": "rare_earth_magnets"},
    "end_user": {"name": "Jay Ushin", "country": "IN"},
}


seen: set[CodeType] = set()


def called(frame: FrameType, event: str, _: object) -> None:
    code = frame.f_code
    if event == "call" and code.co_filename.startswith(PACKAGE) and not code.co_name.startswith("<"):
        seen.add(code)


def main() -> None:
    # Before any thread starts: a hook set later reaches only threads that start after it.
    threading.setprofile(called)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'hops.db'}"
        migrate(url)
        with TestClient(create_app(Settings(database_url=url))) as client:
            events = [json.loads(line) for line in ARTICLE.read_text(encoding="utf-8").splitlines()]
            assert client.post("/v1/events", json={"events": events}).status_code == 201
            asked = QUESTION | {"as_of": "2025-11-01"}
            tell("POST /v1/events", *[lambda: client.post("/v1/events", json=POSTED)] * 2)
            tell(
                "POST /v1/determinations, answered for the first time",
                lambda: client.post("/v1/determinations", json=QUESTION | {"as_of": "2025-11-02"}),
                lambda: client.post("/v1/determinations", json=asked),
            )
            tell(
                "POST /v1/determinations, asked again",
                *[lambda: client.post("/v1/determinations", json=asked)] * 2,
            )


def tell(name: str, before: Callable[[], Any], request: Callable[[], Any]) -> None:
    """What a request runs through, after one that fills what only the first of its kind fills."""
    before()
    seen.clear()
    request()
    print(f"{name}: {len(seen)} functions in {len({code.co_filename for code in seen})} files")


if __name__ == "__main__":
    main()
