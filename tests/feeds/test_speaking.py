"""When a service looks whether watches tell something: at once where it leads, else once a tick."""

import asyncio
import time
from collections.abc import Callable

import pytest

from service.feeds import speaker
from service.feeds.evaluator import Evaluator
from service.feeds.growth import Growth
from service.feeds.speaker import Speaker
from service.log.notices import Notices

LONG_S, SOON_S, AT_ONCE_S = 60.0, 10.0, 0.05


class Counted(Evaluator):
    """Takes no step, and leads or does not."""

    def __init__(self, *, leads: bool) -> None:
        self.leads, self.turns = leads, 0

    def run(self, stopping: Callable[[], bool] = lambda: False) -> bool:
        self.turns += 1
        return self.leads

    def give_up(self) -> None:
        """Nothing is held."""


class NoSender:
    async def start(self) -> None:
        """Nothing is sent."""

    async def close(self) -> None:
        """Nothing is open."""


async def turns_after_an_event(evaluator: Counted, url: str, within_s: float) -> int:
    """How many turns there were soon after the log grew: as soon as there were two, or after so many seconds."""
    growth = Growth(lambda: 0, Notices(url))
    async with Speaker(evaluator, NoSender(), growth, lambda: None).speaking():  # type: ignore[arg-type]
        await reached(lambda: evaluator.turns >= 1, SOON_S)
        await asyncio.sleep(0.01)
        growth.reached(1)
        await reached(lambda: evaluator.turns >= 2, within_s)
        return evaluator.turns


async def reached(happened: Callable[[], bool], within_s: float) -> None:
    until = time.monotonic() + within_s
    while not happened() and time.monotonic() < until:
        await asyncio.sleep(0.001)


@pytest.mark.parametrize(("leads", "turns", "within_s"), [(True, 2, SOON_S), (False, 1, AT_ONCE_S)])
def test_an_event_wakes_who_leads_and_nobody_else(
    leads: bool, turns: int, within_s: float, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(speaker, "TICK_S", LONG_S)
    assert asyncio.run(turns_after_an_event(Counted(leads=leads), sqlite_url, within_s)) == turns


def test_who_does_not_lead_looks_again_after_a_tick(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(speaker, "TICK_S", 0.001)
    assert asyncio.run(turns_after_an_event(Counted(leads=False), sqlite_url, SOON_S)) >= 2
