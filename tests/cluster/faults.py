"""What happens to a cluster. Each fault is over when the block that made it whole again has ended."""

import signal
import time
from collections.abc import Callable

from tests.cluster.cluster import Cluster, send

FROZEN_S, ETCD_AWAY_S, MACHINE_AWAY_S = 30, 15, 10
"""A frozen primary comes back long after its lease ended, so that it wakes as one that believes to be primary."""


def kill_primary(cluster: Cluster) -> None:
    """PostgreSQL of the primary dies, and its Patroni lives: another takes over, or it is there again before that."""
    struck = cluster.primary
    killed = struck.postgres()[:1]
    send(killed, signal.SIGKILL)
    replaced = cluster.other_than(struck)

    def again() -> bool:
        return struck.postgres()[:1] not in ([], killed) and cluster.takes_writes(struck)

    cluster.wait_until(lambda: replaced() or again())


def kill_machine(cluster: Cluster) -> None:
    """The primary's machine is gone, and comes back after another took over."""
    struck = cluster.primary
    send([*struck.patroni(), *struck.postgres()], signal.SIGKILL)
    cluster.wait_until(cluster.other_than(struck))
    time.sleep(MACHINE_AWAY_S)
    struck.start_patroni()


def kill_standby(cluster: Cluster) -> None:
    """The machine that commits wait for is gone for a while: another is waited for instead."""
    struck = cluster.standby
    send([*struck.patroni(), *struck.postgres()], signal.SIGKILL)
    time.sleep(MACHINE_AWAY_S)
    struck.start_patroni()


def freeze_primary(cluster: Cluster) -> None:
    """The primary stands still, is replaced, and goes on as if nothing had been."""
    struck, started_s = cluster.primary, time.monotonic()
    frozen = [*struck.patroni(), *struck.postgres()]
    send(frozen, signal.SIGSTOP)
    try:
        cluster.wait_until(cluster.other_than(struck))
        time.sleep(max(0.0, started_s + FROZEN_S - time.monotonic()))
    finally:
        send(frozen, signal.SIGCONT)


def kill_etcd_leader(cluster: Cluster) -> None:
    struck = cluster.etcd_leader()
    send(struck.etcd(), signal.SIGKILL)
    time.sleep(MACHINE_AWAY_S)
    struck.start_etcd()


def freeze_etcd_majority(cluster: Cluster) -> None:
    """Two of three etcd stand still; the machines see each other."""
    frozen = [pid for machine in cluster.machines[:2] for pid in machine.etcd()]
    send(frozen, signal.SIGSTOP)
    try:
        time.sleep(ETCD_AWAY_S)
    finally:
        send(frozen, signal.SIGCONT)


def switch_over(cluster: Cluster) -> None:
    """As for an upgrade of the primary's machine."""
    cluster.switch_over()


FAULTS: tuple[Callable[[Cluster], None], ...] = (
    kill_primary,
    kill_machine,
    kill_standby,
    freeze_primary,
    kill_etcd_leader,
    freeze_etcd_majority,
    switch_over,
)
