"""Two processes that serve one PostgreSQL, beside one: what they answer and what they record together."""

import json
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from bench import appends, servers
from bench.events import posted
from bench.measure import HTTP_ROUNDS, Figures, Spent
from bench.reads import STATUS
from bench.requests import NO_WRK, SCRIPT
from bench.servers import Databases, Serving, load
from service import seeds
from service.log.progress import silent

SECONDS = 2
ONE = "one process on the same database, under the same load"


def measure(figures: Figures, databases: Databases, folder: Path) -> None:
    if databases.kind != "PostgreSQL":
        return
    if servers.WRK is None:
        figures.miss(NO_WRK)
        return
    url = databases.new()
    with appends.appending(url) as log:
        seeds.load(log, seeds.read("all"), silent)
    turns: tuple[tuple[str, str, Callable[[Serving], Spent], float], ...] = (
        ("GET a status by goods again", "requests/s", _reading, 1.8),
        ("POST one event", "events/s", partial(_posting, folder), 1.0),
    )
    with servers.register(url, folder) as one, servers.register(url, folder, core=-1) as other:
        for name, unit, turn, goal in turns:
            figures.in_turn(
                f"{name}, two processes, {databases.kind}",
                unit,
                partial(_together, turn, one, other),
                partial(_together, turn, one, one),
                limit_is=ONE,
                goal=goal,
                rounds=HTTP_ROUNDS,
            )


def _together(turn: Callable[[Serving], Spent], *serving: Serving) -> Spent:
    """Two loads at once, one to each process or both to one, each with half of the connections."""
    with ThreadPoolExecutor(len(serving)) as pool:
        found = list(pool.map(turn, serving))
    return Spent(sum(one.value for one in found), found[0].cpu_us)


def _reading(serving: Serving) -> Spent:
    return load(serving, STATUS, SECONDS, connections=servers.CONNECTIONS // 2)


def _posting(folder: Path, serving: Serving) -> Spent:
    run = uuid.uuid4().hex[:8]
    script = folder / f"post-{run}.lua"
    script.write_text(SCRIPT % (json.dumps(json.dumps(posted(f"{run}-@", 0))), json.dumps("/v1/events")))
    return load(serving, "/v1/events", SECONDS, script, connections=servers.CONNECTIONS // 2)
