"""Watches: what an append costs that touches ten of them, beside one that touches none; and what it costs to make one.

The service evaluates its watches while it is asked. An append is answered before that, so what it costs is what the
evaluation takes of the process meanwhile.
"""

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Connection

from bench import servers
from bench.appends import TOGETHER, appending
from bench.measure import ROUNDS, Figures, Spent
from bench.servers import Databases, Serving
from service.domain.catalogue import propose
from service.feeds import watching
from service.feeds.leading import move
from service.feeds.watch import Watch
from service.feeds.watching import WatchPosted
from service.log import read
from service.log.database import opened, reading, writing
from service.log.instants import now

OF_EACH = 10
"""How many watches ask about the same goods."""
APPENDS = 100
MADE = 20
GOAL = 1.5
PATIENCE_S = 600


def measure(figures: Figures, databases: Databases, folder: Path, watches: int) -> None:
    url, goods = databases.new(), watches // OF_EACH
    _record(url, goods)
    by_request = ROUNDS * MADE
    _watch(url, watches - by_request)
    with servers.register(url, folder) as serving, httpx.Client(base_url=serving.url, timeout=60) as client:
        _wait(client)
        waiting = iter(range(watches - by_request, watches))
        figures.in_turn(
            f"a watch made, of {watches:,}, {databases.kind}",
            "ms",
            lambda: _requests(serving, client, "/v1/watches", map(_asked, islice(waiting, MADE)), MADE),
            lambda: _requests(serving, client, "/v1/determinations", map(_question, range(MADE)), MADE),
            limit_is="the answer to its question",
        )
        _wait(client)
        numbers = count()
        figures.in_turn(
            f"an append that touches {OF_EACH} of {watches:,} watches, {databases.kind}",
            "ms",
            partial(_appends, serving, client, (number % goods for number in numbers)),
            partial(_appends, serving, client, (goods + number % goods for number in numbers)),
            limit_is="an append that touches none",
            goal=GOAL,
        )


def _record(url: str, goods: int) -> None:
    """Restrictions of twice as many goods: half of them are watched."""
    events = [propose(_announced(number)) for number in range(2 * goods)]
    with appending(url) as log:
        for start in range(0, len(events), TOGETHER):
            log.append(events[start : start + TOGETHER], "bench")


def _watch(url: str, watches: int) -> None:
    """Watches as they stand once they were evaluated. Those of the same goods have the same answer."""
    at = now()
    with opened(url) as engine:
        for start in range(0, watches, TOGETHER):
            numbers = range(start, min(start + TOGETHER, watches))
            with reading(engine) as connection:
                found = {number: _answered(connection, number, at) for number in numbers if number % OF_EACH == 0}
            with writing(engine) as connection:
                for number in numbers:
                    watch = replace(found[number - number % OF_EACH], id=_name(number), caught_up=True)
                    watching.add(connection, watch, None, watches)
        with writing(engine) as connection:
            move(connection, read.read_head(connection).position, at.date())


def _answered(connection: Connection, number: int, at: datetime) -> Watch:
    return watching.made(connection, WatchPosted.model_validate(_asked(number)), "bench", at.date(), at)


def _wait(client: httpx.Client) -> None:
    """Until every watch was evaluated."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        told = client.get("/metrics").text
        if all(re.search(rf"^lodestone_watches_{name} 0\.0$", told, re.MULTILINE) for name in ("lag_events", "behind")):
            return
        time.sleep(0.2)
    raise RuntimeError("The watches are not evaluated in time.")


def _appends(serving: Serving, client: httpx.Client, numbers: Iterable[int]) -> Spent:
    spent = _requests(serving, client, "/v1/events", map(_reported, islice(numbers, APPENDS)), APPENDS)
    _wait(client)
    return spent


def _requests(
    serving: Serving, client: httpx.Client, path: str, bodies: Iterator[dict[str, Any]], number: int
) -> Spent:
    """Milliseconds for each, one after the other."""
    started, cpu = time.perf_counter(), serving.cpu_s()
    for body in bodies:
        client.post(path, json=body).raise_for_status()
    spent_s, cpu_s = time.perf_counter() - started, serving.cpu_s() - cpu
    return Spent(spent_s / number * 1e3, cpu_s / number * 1e6)


def _code(number: int) -> str:
    return f"{100_000 + number}"


def _question(number: int) -> dict[str, Any]:
    return {"controller": "CN", "destination": "IN", "commodity": {"hs": _code(number // OF_EACH)}}


def _name(number: int) -> str:
    return f"bench-{number}"


def _asked(number: int) -> dict[str, Any]:
    return {"id": _name(number), "ask": {"determination": _question(number)}}


def _source() -> dict[str, str]:
    return {"tier": "issuer_text", "title": "An announcement", "published_at": "2025-04-04"}


def _announced(number: int) -> dict[str, Any]:
    data = {
        "kind": "licensing",
        "controller": "CN",
        "scope": {"commodities": [{"hs": _code(number)}], "destinations": "all"},
        "announced_on": "2025-04-04",
        "in_force": {"from": "2025-04-04", "through": "open"},
    }
    stream = f"restriction/bench-{number}"
    return {"stream": stream, "type": "restriction.announced", "data": data, "source": _source()}


def _reported(number: int) -> dict[str, Any]:
    data = {"state": "in_force", "on": "2025-06-01"}
    stream = f"restriction/bench-{number}"
    return {"stream": stream, "type": "restriction.reported", "data": data, "source": _source()}
