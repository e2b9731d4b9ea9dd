"""The feed gives every event once, in the order of the log, from wherever a reader left it."""

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.api import feed as feed_routes
from service.feeds.following import EventFilter, batch_after
from service.keys import Scope
from service.log.database import engine_for, reading
from tests.api.keys import new_key, revoke
from tests.feeds.reader import asking, note, post, running
from tests.feeds.reader import reading as feed


def test_it_gives_what_was_recorded_and_then_what_is_recorded(database_url: str):
    async def follow() -> None:
        async with running(database_url=database_url) as app:
            await post(app, note(1), note(2))
            async with feed(app, "/v1/feed") as reader:
                assert reader.status == 200
                assert reader.headers["content-type"].startswith("text/event-stream")
                assert reader.headers["cache-control"] == "no-store"
                assert await reader.events(2) == [1, 2]
                await post(app, note(3))
                position, event = await reader.event()
                assert (position, event["stream"], event["position"]) == (3, "note/number-3", 3)

    asyncio.run(follow())


def test_it_goes_on_behind_the_last_event_read_which_goes_before_the_address(sqlite_url: str):
    async def follow() -> None:
        async with running(database_url=sqlite_url) as app:
            await post(app, *(note(number) for number in range(1, 6)))
            async with feed(app, "/v1/feed?after=3") as reader:
                assert await reader.events(2) == [4, 5]
            async with feed(app, "/v1/feed?after=3", last_event_id="4") as reader:
                assert await reader.events(1) == [5]

    asyncio.run(follow())


def test_it_tells_a_client_when_to_come_again(sqlite_url: str):
    async def follow() -> None:
        async with running(database_url=sqlite_url) as app, feed(app, "/v1/feed") as reader:
            assert f"retry: {feed_routes.RETRY_MS}" in (await reader.chunk()).splitlines()

    asyncio.run(follow())


def test_it_shows_that_it_is_alive(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(feed_routes, "HEARTBEAT_S", 0.02)

    async def follow() -> None:
        async with running(database_url=sqlite_url) as app, feed(app, "/v1/feed") as reader:
            await reader.chunk()
            assert (await reader.chunk()).strip() == ": alive"

    asyncio.run(follow())


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("/v1/feed?after=2", "after"),
        ("/v1/feed?after=-1", "after"),
        ("/v1/feed?type=no.such", "type"),
        ("/v1/feed?country=XX", "country"),
        ("/v1/feed?about=nothing", "about"),
    ],
)
def test_what_cannot_be_followed_is_refused(sqlite_url: str, path: str, pointer: str):
    async def follow() -> None:
        async with running(database_url=sqlite_url) as app:
            await post(app, note(1))
            async with feed(app, path) as reader:
                assert reader.status == 422
                assert [one["pointer"] for one in json.loads(await reader.chunk())["errors"]] == [pointer]

    asyncio.run(follow())


def test_the_last_position_can_be_followed(sqlite_url: str):
    async def follow() -> None:
        async with running(database_url=sqlite_url) as app:
            await post(app, note(1))
            async with feed(app, "/v1/feed?after=1") as reader:
                await post(app, note(2))
                assert await reader.events(1) == [2]

    asyncio.run(follow())


def test_no_more_feeds_are_open_than_may_be(sqlite_url: str):
    async def follow() -> None:
        async with running(database_url=sqlite_url, max_feeds=1) as app:
            async with feed(app, "/v1/feed") as first, feed(app, "/v1/feed") as second:
                assert (first.status, second.status) == (200, 429)
                assert int(second.headers["retry-after"]) > 0
            async with feed(app, "/v1/feed") as third:
                assert third.status == 200

    asyncio.run(follow())


def test_it_ends_when_its_key_is_revoked(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("service.api.http.keyring.FRESH_S", 0.0)
    key, other = new_key(sqlite_url, Scope.READ), new_key(sqlite_url, Scope.WRITE)

    async def follow() -> None:
        bearer = f"Bearer {key}"
        async with running(database_url=sqlite_url) as app, feed(app, "/v1/feed", authorization=bearer) as reader:
            await post(app, note(1), key=other)
            assert await reader.events(1) == [1]
            revoke(sqlite_url, key)
            await post(app, note(2), key=other)
            with pytest.raises(EOFError):
                await reader.event()

    asyncio.run(follow())


def test_it_ends_at_once_when_the_service_stops(sqlite_url: str):
    async def follow() -> None:
        async with running(database_url=sqlite_url) as app, feed(app, "/v1/feed") as reader:
            await reader.chunk()
            app.state.growth.stop()
            with pytest.raises(EOFError):
                await reader.event()

    asyncio.run(follow())


def test_a_reader_that_does_not_read_is_dropped_and_resumes(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(feed_routes, "SEND_TIMEOUT_S", 0.05)

    async def follow() -> None:
        async with running(database_url=sqlite_url) as app:
            await post(app, *(note(number) for number in range(1, 4)))
            async with feed(app, "/v1/feed") as reader:
                assert await reader.events(2) == [1, 2]
                reader.taking.clear()
                await post(app, *(note(number) for number in range(4, 6)))
                while not app.state.feeds.dropped:
                    await asyncio.sleep(0.01)
                assert app.state.feeds.open == 0
            async with feed(app, "/v1/feed", last_event_id="2") as reader:
                assert await reader.events(3) == [3, 4, 5]

    asyncio.run(follow())


def test_what_another_process_records_arrives(database_url: str):
    """PostgreSQL sends a notice; SQLite is looked at once a second."""

    async def follow() -> None:
        here, there = running(database_url=database_url), running(database_url=database_url)
        async with here as one, there as other, feed(one, "/v1/feed") as reader:
            await reader.chunk()
            for number in range(1, 3):
                await post(other, note(number))
                assert await reader.events(1) == [number]

    asyncio.run(follow())


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory, sqlite_template) -> str:
    """A log of thirty events in three streams about three countries."""
    from tests.conftest import sqlite_copy

    url = sqlite_copy(sqlite_template, tmp_path_factory.mktemp("mixed"))

    async def fill() -> None:
        async with running(database_url=url) as app:
            for number in range(30):
                event = note(number % 3)
                event["data"]["countries"] = [("CN", "IN", "US")[number % 3]]
                await post(app, event)

    asyncio.run(fill())
    return url


@given(
    most=st.integers(1, 7),
    after=st.integers(0, 30),
    stream=st.sampled_from([None, "note/number-1", "note/none"]),
    about=st.sampled_from([(), ("CN",), ("IN",), ("CN", "IN")]),
)
def test_batches_together_are_every_wanted_event_once_in_order(
    mixed: str, most: int, after: int, stream: str | None, about: tuple[str, ...]
):
    countries = ("CN", "IN", "US")
    engine = engine_for(mixed)
    wanted = [
        at
        for at in range(after + 1, 31)
        if stream in (None, f"note/number-{(at - 1) % 3}") and set(about) <= {countries[(at - 1) % 3]}
    ]
    given_: list[int] = []
    with reading(engine) as connection:
        while True:
            found = batch_after(connection, after, EventFilter(stream, None, about), most)
            given_ += [event.position for event in found.events]
            if found.through == after:
                break
            after = found.through
    engine.dispose()
    assert given_ == wanted


def test_the_metrics_tell_of_the_feeds(sqlite_url: str):
    async def follow() -> None:
        async with running(database_url=sqlite_url) as app, asking(app) as http:
            await post(app, note(1))
            async with feed(app, "/v1/feed") as reader:
                await reader.events(1)
                await post(app, note(2))
                await reader.events(1)
                told = (await http.get("/metrics")).text
            assert "lodestone_feeds_open 1.0" in told
            assert "lodestone_feeds_dropped_total 0.0" in told
            assert "lodestone_feed_events_sent_total" in told

    asyncio.run(follow())
