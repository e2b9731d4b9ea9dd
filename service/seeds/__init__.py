"""The seeds: events that come with the register, loaded through the same path as a POST. Safe to load twice."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.errors import Conflict
from service.log.append import Log
from service.log.progress import Progress
from service.seeds.files import NAMES, Seed, folder, read

__all__ = ["NAMES", "Loaded", "Seed", "folder", "load", "read"]

TOGETHER = 100
"""How many events wait for the log at once: enough to share a transaction."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of the seeds: how many there are, how many of them are new, and which are not recorded."""

    total: int
    new: int
    conflicting: tuple[tuple[Seed, str], ...] = ()
    """Those that go against what the register holds, each with the reason: an older version of them under the same id,
    a company that a client has registered. What it holds stands."""


def load(log: Log, seeds: Sequence[Seed], progress: Progress) -> Loaded:
    """Records seeds in their order, each by its own id. What is recorded keeps its position, and the new follow it.

    Raises LodestoneError for whatever is no conflict with what is recorded.
    """
    new, conflicting = 0, []
    for start in range(0, len(seeds), TOGETHER):
        some = seeds[start : start + TOGETHER]
        waiting = [log.submit([seed.event], actor=seed.actor) for seed in some]
        for seed, future in zip(some, waiting, strict=True):
            try:
                new += not future.result().repeated
            except Conflict as conflict:
                conflicting.append((seed, conflict.detail))
        progress(start + len(some), len(seeds))
    return Loaded(len(seeds), new, tuple(conflicting))
