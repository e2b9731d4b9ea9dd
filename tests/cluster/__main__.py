"""The register over the cluster of deploy/cluster, and all that happens to such a cluster: one history all the same.

    python -m tests.cluster [--faults 20] [--seed N] [--writers 8] [--readers 3]

`make cluster-test`. As root, or as the user postgres, on a machine with patroni, etcd and PostgreSQL (Debian:
`apt-get install patroni etcd-server etcd-client postgresql`). Prints a line for each fault, then what the checker
found.
"""

import argparse
import json
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from service.log.database import migrate
from tests.cluster.cluster import Cluster, may_run, missing
from tests.cluster.faults import FAULTS
from tests.crash.test_kills import service
from tests.history import KINDS, History, counted
from tests.load import Load, whole_log

CALM_S = 3.0


class Pause:
    """The longest time in which no event was acknowledged."""

    def __init__(self, history: History) -> None:
        self.longest_s = 0.0
        self._history = history
        self._over = threading.Event()

    @contextmanager
    def watched(self) -> Iterator["Pause"]:
        watching = threading.Thread(target=self._watch)
        watching.start()
        try:
            yield self
        finally:
            self._over.set()
            watching.join()

    def _watch(self) -> None:
        count, since_s = self._history.acknowledgements(), time.monotonic()
        while not self._over.wait(0.02):
            if self._history.acknowledgements() > count:
                count, since_s = self._history.acknowledgements(), time.monotonic()
            self.longest_s = max(self.longest_s, time.monotonic() - since_s)


def disturbed(cluster: Cluster, history: History, random: Random, count: int) -> None:
    """All faults in turn, each round in another order; each begins on a whole cluster."""
    faults = [fault for _ in range(-(-count // len(FAULTS))) for fault in random.sample(FAULTS, len(FAULTS))]
    for number, fault in enumerate(faults[:count], 1):
        before, started_s = history.acknowledgements(), time.monotonic()
        print(f"{number} {fault.__name__}", flush=True)
        with Pause(history).watched() as pause:
            fault(cluster)
            cluster.wait_until(cluster.healthy)
            time.sleep(CALM_S)
            cluster.wait_until(cluster.healthy)
        told = {
            "no_write_s": round(pause.longest_s, 1),
            "whole_again_s": round(time.monotonic() - started_s - CALM_S, 1),
            "acknowledged": history.acknowledgements() - before,
        }
        print(json.dumps(told), flush=True)


def as_far_as_it_comes(cluster: Cluster, history: History, random: Random, count: int) -> bool:
    """A cluster that does not become whole again ends the faults, but what clients saw is held against the log."""
    try:
        disturbed(cluster, history, random, count)
    except AssertionError as failed:
        print(f"the faults end here: {failed}", flush=True)
        return False
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", type=int, default=20)
    parser.add_argument("--seed", type=int, default=secrets.randbits(32))
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--readers", type=int, default=3)
    asked = parser.parse_args()
    if lacking := missing():
        sys.exit(f"This needs {', '.join(lacking)}: apt-get install patroni etcd-server etcd-client postgresql")
    if not may_run():
        sys.exit("Run this as root, or as the user postgres.")
    print(f"seed {asked.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="cluster-") as made, Cluster.running(Path(made)) as cluster:
        url = cluster.new_database("lodestone")
        migrate(url)
        with service(url) as running:
            load = Load(running.url, asked.seed, writers=asked.writers, readers=asked.readers)
            with load.running() as history:
                whole = as_far_as_it_comes(cluster, history, Random(asked.seed), asked.faults)
            log = whole_log(running.url)
    faults = history.faults(log)
    told = {
        "acknowledged": history.acknowledgements(),
        "requests": history.attempts,
        "log": len(log),
        **counted(faults),
    }
    print(json.dumps(told), flush=True)
    if load.unlike:
        sys.exit(f"Writers were told what they should not be: {load.unlike[:5]}")
    if not log or counted(faults) != dict.fromkeys(KINDS, 0):
        sys.exit(f"It is not one history: {faults[:5]}")
    sys.exit(not whole)


if __name__ == "__main__":
    main()
