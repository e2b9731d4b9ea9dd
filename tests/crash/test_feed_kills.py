"""Subscribers of the feed, while the processes that feed them are killed: each is sent every event once, in its order.

The short one runs with all tests; `make crash-test` runs those that docs/reliability.md tells of.
"""

import json
import secrets
import time
from contextlib import ExitStack
from pathlib import Path
from random import Random

import pytest

from tests.crash.test_kills import service
from tests.history import KINDS, History, counted
from tests.load import Load, whole_log
from tests.subscribers import Subscribers

SUBSCRIBERS, WRITERS, KILLS = 3, 8, 10


def killed(database_url: str, command: Path, processes: int, kills: int, writers: int) -> None:
    """Kills one process after the other, and starts it again."""
    seed, history = secrets.randbits(32), History()
    print(f"seed {seed}")
    random = Random(seed)
    with ExitStack() as stack:
        running = [stack.enter_context(service(database_url, command)) for _ in range(processes)]
        urls = [one.url for one in running]
        subscribers = Subscribers(urls, SUBSCRIBERS, history)
        loads = [
            Load(url, seed + 100 * n, writers=writers // processes, readers=0, history=history, name=f"{n} ")
            for n, url in enumerate(urls)
        ]
        with subscribers.following(), ExitStack() as writing:
            for load in loads:
                writing.enter_context(load.running())
            subscribers.wait_for(1)
            for number in range(kills):
                time.sleep(random.uniform(0.1, 0.6))
                one = running[number % processes]
                one.kill()
                one.start()
            writing.close()
            log = whole_log(urls[0])
            subscribers.wait_for(len(log))
            found = counted(history.faults(log))
        shape = {"processes": processes, "kills": kills, "writers": writers, "subscribers": SUBSCRIBERS}
        seen = {"acknowledged": history.acknowledgements(), "log": len(log), "connections": subscribers.connections}
        print(json.dumps({"seed": seed, **shape, **seen, **found}))
    assert history.acknowledgements() > 0
    assert subscribers.connections > SUBSCRIBERS
    assert found == dict.fromkeys(KINDS, 0)
    # Without a gap from the first to the last, so each has all that was acknowledged.
    last = [max(seen.position for page in pages for seen in page) for pages in history.read.values()]
    assert last == [len(log)] * SUBSCRIBERS


def test_subscribers_of_a_service_that_is_killed_miss_nothing(sqlite_url: str, lodestone_command: Path):
    killed(sqlite_url, lodestone_command, processes=1, kills=1, writers=2)


@pytest.mark.crash
@pytest.mark.parametrize(("kind", "processes"), [("sqlite", 1), ("postgresql", 2)])
def test_subscribers_of_processes_that_are_killed_ten_times_miss_nothing(
    request: pytest.FixtureRequest, kind: str, processes: int, lodestone_command: Path
):
    url = request.getfixturevalue(f"{kind}_url")
    killed(url, lodestone_command, processes=processes, kills=KILLS, writers=WRITERS)
