"""One long stream: what its last appends cost beside its first, what an event takes up, and a page of its history."""

import time
from pathlib import Path

from fastapi.testclient import TestClient
from sqlalchemy import Connection

from bench import appends
from bench.measure import ROUNDS, Figures, Spent
from bench.servers import Databases
from service.app import create_app
from service.domain.catalogue import propose
from service.domain.event import ProposedEvent
from service.log.append import Log
from service.log.database import opened, reading
from service.settings import Settings

LENGTH = 1_000
PART = 100
GROWTH_GOAL = 1.5
SLUG = "reported-often"


def measure(figures: Figures, databases: Databases, folder: Path) -> None:
    url = databases.new()
    with appends.appending(url) as log:
        sizes = [size_of(url)]
        parts = []
        for first in range(0, LENGTH, PART):
            parts.append(appended(log, first))
            sizes.append(size_of(url))
    where = f"a stream of {LENGTH:,} events, {databases.kind}"
    limit_is = f"its first {PART} events"
    figures.add(f"append to {where}", "µs CPU", [parts[-1]], [parts[0]], limit_is=limit_is, goal=GROWTH_GOAL)
    # Pages and index nodes are taken by leaps, so that halves are compared.
    taken = [Spent((after - before) / (LENGTH // 2)) for before, after in _halves(sizes)]
    figures.add(f"bytes an event takes in {where}", "B", [taken[1]], [taken[0]], limit_is="its first half")
    pages = [page(url, folder, 0) for _ in range(ROUNDS)], [page(url, folder, LENGTH - PART) for _ in range(ROUNDS)]
    figures.add(f"last page of the history of {where}", "ms", pages[1], pages[0], limit_is="its first page")


def _halves(sizes: list[int]) -> list[tuple[int, int]]:
    middle = sizes[len(sizes) // 2]
    return [(sizes[0], middle), (middle, sizes[-1])]


def appended(log: Log, first: int) -> Spent:
    """The CPU that each of so many events took, one after the other."""
    events = [_event(number) for number in range(first, first + PART)]
    return Spent(appends.timed(lambda: [log.append([event], "bench") for event in events], PART).cpu_us or 0)


def _event(number: int) -> ProposedEvent:
    scope = {"destinations": "all", "commodities": [{"hs": "850511"}]}
    # Days that differ, since a report of the same day says the same.
    day = f"{2016 + number // 336}-{1 + number // 28 % 12:02}-{1 + number % 28:02}"
    return propose(
        {
            "stream": f"restriction/{SLUG}",
            "type": "restriction.reported",
            "data": {"state": "in_force", "on": day, "kind": "licensing", "controller": "CN", "scope": scope},
            "source": {"tier": "press_named", "title": f"Report {number}", "published_at": day},
        }
    )


def size_of(url: str) -> int:
    with opened(url) as engine, reading(engine) as connection:
        return _sqlite(connection) if url.startswith("sqlite") else _postgresql(connection)


def _sqlite(connection: Connection) -> int:
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    return int(pages) * int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())


def _postgresql(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def page(url: str, folder: Path, after: int) -> Spent:
    """How long a page of the history takes in the service, read once: nothing of it is kept."""
    settings = Settings(database_url=url, signing_key_file=folder / "no-key")
    with TestClient(create_app(settings)) as client:
        client.get("/v1/events?limit=1")
        started = time.perf_counter()
        answer = client.get(f"/v1/restrictions/{SLUG}/history", params={"after": after, "limit": PART})
        spent_ms = (time.perf_counter() - started) * 1_000
    assert answer.status_code == 200, answer.text
    return Spent(spent_ms)
