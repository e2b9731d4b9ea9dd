"""That the log has grown is told by PostgreSQL: of each commit, and of each time that one may have been missed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
import pytest

from service.log import notices
from service.log.append import Log
from service.log.database import engine_for
from service.log.notices import Notices
from tests.log.examples import decide, project_nothing, proposed

PATIENCE_S = 10
LISTENING = "FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"

Told = asyncio.Queue[None]


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[Told]:
    """What is told, from when the listening began on."""
    told = Told()
    task = asyncio.create_task(Notices(url).heard(lambda: told.put_nowait(None)))
    await one_of(told)
    yield told
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def one_of(told: Told) -> None:
    await asyncio.wait_for(told.get(), PATIENCE_S)


def append(url: str) -> None:
    engine = engine_for(url)
    with Log(engine, decide, project_nothing) as log:
        log.append([proposed()], "ann")
    engine.dispose()


def count(url: str) -> int:
    with psycopg.connect(url) as connection:
        ((found,),) = connection.execute(f"SELECT count(*) {LISTENING}")
        return int(found)


def test_each_commit_is_told_of_as_long_as_somebody_listens(postgresql_url: str) -> None:
    async def listen() -> None:
        async with listening(postgresql_url) as told:
            for _ in range(2):
                await asyncio.to_thread(append, postgresql_url)
                await one_of(told)
            assert told.empty()
            assert await asyncio.to_thread(count, postgresql_url) == 1

    asyncio.run(listen())
    for _ in range(1_000):
        if not (left := count(postgresql_url)):
            break
    assert left == 0


def test_a_connection_that_was_lost_is_made_anew_and_that_is_told(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "PAUSE_S", 0.01)

    def lose() -> None:
        with psycopg.connect(postgresql_url) as connection:
            connection.execute(f"SELECT pg_terminate_backend(pid) {LISTENING}")

    async def listen() -> None:
        async with listening(postgresql_url) as told:
            await asyncio.to_thread(lose)
            await one_of(told)
            await asyncio.to_thread(append, postgresql_url)
            await one_of(told)

    asyncio.run(listen())


def test_a_file_tells_nothing_and_is_not_listened_to(sqlite_url: str) -> None:
    told = Told()
    asyncio.run(asyncio.wait_for(Notices(sqlite_url).heard(lambda: told.put_nowait(None)), PATIENCE_S))
    assert told.empty()
