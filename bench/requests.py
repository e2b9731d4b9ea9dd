"""Requests over HTTP: a sign of life, a POST of one event, a POST of a hundred."""

import json
import uuid
from functools import partial
from pathlib import Path

from bench import appends, plain, servers
from bench.appends import BATCH
from bench.events import posted
from bench.measure import HTTP_ROUNDS, Figures, Spent
from bench.servers import Databases, Serving, load

SECONDS = 2
BATCH_CONNECTIONS = 4
NO_WRK = "requests over HTTP: wrk is not installed (apt-get install wrk)"
# Each request names streams of its own: `@` is replaced by its number.
SCRIPT = """
local body, number = %s, 0
local headers = {["Content-Type"] = "application/json"}
request = function()
  number = number + 1
  return wrk.format("POST", %s, headers, (body:gsub("@", number)))
end
"""


def measure(figures: Figures, databases: Databases, folder: Path) -> None:
    if servers.WRK is None:
        figures.miss(NO_WRK)
        return
    url, empty = databases.new(), databases.new(migrated=False)
    with servers.register(url, folder) as ours, servers.limit(empty) as bare, plain.bulk(databases.new()) as bulk:
        if databases.kind == "SQLite":
            figures.in_turn(
                "GET /health/live",
                "requests/s",
                partial(load, ours, "/health/live", SECONDS),
                partial(load, bare, "/ready", SECONDS),
                limit_is="a ready answer of a bare route",
                rounds=HTTP_ROUNDS,
            )
        figures.in_turn(
            f"POST one event, {databases.kind}",
            "events/s",
            partial(_posting, ours, "/v1/events", folder, 1),
            partial(_posting, bare, "/append", folder, 1),
            limit_is="one row for each body, committed together by a bare route (L2)",
            goal=0.35,
            rounds=HTTP_ROUNDS,
        )
        figures.in_turn(
            f"POST {BATCH} events, {databases.kind}",
            "events/s",
            partial(_posting, ours, "/v1/events", folder, BATCH),
            partial(appends.rows, bulk),
            limit_is=appends.L3,
            goal=0.3,
            rounds=HTTP_ROUNDS,
        )


def _posting(serving: Serving, path: str, folder: Path, count: int) -> Spent:
    script = folder / "post.lua"
    run = uuid.uuid4().hex[:8]
    events = [posted(f"{run}-@", number) for number in range(count)]
    body = json.dumps(events[0] if count == 1 else {"events": events})
    script.write_text(SCRIPT % (json.dumps(body), json.dumps(path)))
    # Of large requests fewer at once: each of them is to be answered within the turn.
    connections = servers.CONNECTIONS if count == 1 else BATCH_CONNECTIONS
    return load(serving, path, SECONDS, script, each=count, connections=connections)
