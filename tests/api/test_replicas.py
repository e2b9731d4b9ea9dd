"""Reads from standbys, which stream from a primary of their own: an answer is never from a state that the primary does
not show, and a standby that is away or behind keeps nobody from an answer."""

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import ValidationError
from sqlalchemy import Engine, event, make_url

from service.app import create_app
from service.log import replicas
from service.log.database import migrate
from service.log.replicas import ANOTHER, PRIMARY, UNCHECKED, Replica, Replicas
from service.settings import Settings
from tests.answers.facts import Event, announced, registered
from tests.client import TestClient
from tests.conftest import postgresql_copy, start_server, wanted_server

STATUS = "/v1/countries/IN/status"
QUESTION = {"controller": "CN", "destination": "IN", "commodity": {"hs": "850511"}}
REPLICA = "replica 1"
AWAY = "postgresql:///nothing?host=/nowhere"
PATIENCE_S = 10


@dataclass(frozen=True)
class Pair:
    """A primary with its standby, on each of which databases are seen."""

    primary: str
    standby: str
    on_primary: psycopg.Connection
    on_standby: psycopg.Connection

    def caught_up(self) -> None:
        """Waits until the standby shows what the primary has written."""
        (written,) = self.on_primary.execute("SELECT pg_current_wal_insert_lsn()").fetchone() or ("",)
        replayed = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
        until(lambda: self.on_standby.execute(replayed, [written]).fetchone() == (True,))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """The standby shows nothing new inside."""
        self.on_standby.execute("SELECT pg_wal_replay_pause()")
        paused = "SELECT pg_get_wal_replay_pause_state()"
        until(lambda: self.on_standby.execute(paused).fetchone() == ("paused",))
        try:
            yield
        finally:
            self.on_standby.execute("SELECT pg_wal_replay_resume()")

    @contextmanager
    def waiting_commits(self) -> Iterator[None]:
        """Commits wait inside for a synchronous standby that never comes."""
        self._synchronous("nobody")
        try:
            yield
        finally:
            self._synchronous("")

    def _synchronous(self, name: str) -> None:
        self.on_primary.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'".encode())
        self.on_primary.execute("SELECT pg_reload_conf()")
        shown = "SELECT setting FROM pg_settings WHERE name = 'synchronous_standby_names'"
        until(lambda: self.on_primary.execute(shown).fetchone() == (name,))


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look counts for as long as a test may take on a busy machine."""
    monkeypatch.setattr(replicas, "STALE_S", 600.0)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    folder = Path(tempfile.mkdtemp(prefix="lodestone-"))
    server = start_server(folder, "--standby")
    try:
        urls = wanted_server(folder)
        with (
            psycopg.connect(urls["url"], autocommit=True) as on_primary,
            psycopg.connect(urls["standby"], autocommit=True) as on_standby,
        ):
            on_primary.execute("CREATE DATABASE template")
            migrate(at(urls["url"], "template"))
            yield Pair(urls["url"], urls["standby"], on_primary, on_standby)
    finally:
        assert server.stdin
        server.stdin.close()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def at(url: str, name: str) -> str:
    return make_url(url).set(drivername="postgresql", database=name).render_as_string(hide_password=False)


@dataclass(frozen=True)
class Reading:
    """A register that reads from the standby; nobody looks at it by itself."""

    client: TestClient
    pair: Pair
    url: str

    @property
    def replicas(self) -> Replicas:
        app: Any = self.client.app
        return app.state.register.replicas  # type: ignore[no-any-return]

    @property
    def replica(self) -> Replica:
        return self.replicas.replicas[0]

    def check(self) -> str:
        self.replicas.check(self.replica)
        return self.replica.fault

    def tell(self, *events: Event) -> int:
        response = self.client.post("/v1/events", json={"events": events})
        assert response.status_code == 201, response.text
        return int(response.headers["position"])

    def asked(self, path: str = STATUS, **headers: str) -> tuple[int, str | None]:
        """The position that an answer was read at, and from where; None: from what was kept."""
        before = self.replicas.reads.copy()
        answer = self.client.get(path, headers=headers)
        assert answer.status_code == 200, answer.text
        (read, *more) = [*(self.replicas.reads - before), None]
        assert len(more) < 2, more
        return int(answer.headers["position"]), read


@pytest.fixture
def reading(pair: Pair) -> Iterator[Reading]:
    with postgresql_copy(pair.primary, pair.on_primary, "template") as url:
        pair.caught_up()
        name = str(make_url(url).database)
        settings = Settings(database_url=url, read_urls=at(pair.standby, name), kept_bytes=0)
        with TestClient(create_app(settings, for_commands=True)) as client:
            yield Reading(client, pair, url)


class Counted:
    """How many statements an engine runs from now on."""

    def __init__(self, engine: Engine) -> None:
        self.statements = 0
        event.listen(engine, "after_cursor_execute", self._ran)

    def _ran(self, *_: object) -> None:
        self.statements += 1


def test_answers_are_read_from_a_standby_that_holds_what_the_primary_does(reading: Reading):
    assert reading.replica.fault == UNCHECKED
    assert reading.asked() == (0, PRIMARY)
    reading.tell(announced("a"))
    reading.pair.caught_up()
    assert reading.check() == ""
    assert reading.asked() == (1, REPLICA)
    asked = reading.client.post("/v1/determinations", json=QUESTION)
    assert (asked.status_code, asked.headers["position"], reading.replicas.reads[REPLICA]) == (200, "1", 2)


def test_an_end_of_the_log_that_was_confirmed_is_not_asked_about_again(reading: Reading):
    reading.tell(announced("a"))
    reading.pair.caught_up()
    reading.check()
    reading.tell(announced("b"))
    reading.pair.caught_up()
    on_primary = Counted(reading.replicas.primary)
    assert [reading.asked(), on_primary.statements > 0] == [(2, REPLICA), True]
    before = on_primary.statements
    assert [reading.asked(), on_primary.statements] == [(2, REPLICA), before]


def test_a_standby_that_is_behind_answers_at_its_position_and_says_so(reading: Reading):
    reading.tell(announced("a"))
    reading.pair.caught_up()
    reading.check()
    with reading.pair.paused():
        reading.tell(announced("b"))
        assert reading.asked() == (1, REPLICA)
        assert reading.asked("/v1/restrictions") == (1, REPLICA)
        assert reading.check() == ""


def test_one_that_is_too_far_behind_is_passed_over(reading: Reading):
    reading.tell(announced("a"))
    reading.pair.caught_up()
    with reading.pair.paused():
        reading.tell(announced("b"))
        reading.replicas.most_lag_s = 0.0
        assert "behind" in reading.check()
        assert reading.asked() == (2, PRIMARY)
        (told,) = reading.client.get("/health/ready").json()["replicas"]
        assert (told["name"], told["position"], "behind" in told["passed_over"]) == (REPLICA, 1, True)
        assert told["lag_seconds"] > 0
    reading.pair.caught_up()
    assert reading.check() == ""
    assert reading.asked() == (2, REPLICA)


def test_min_position_is_answered_by_the_primary_where_the_standby_does_not_reach_it(reading: Reading):
    reading.tell(announced("a"))
    reading.pair.caught_up()
    reading.check()
    with reading.pair.paused():
        reading.tell(announced("b"))
        assert reading.asked(**{"min-position": "1"}) == (1, REPLICA)
        assert reading.asked(**{"min-position": "2"}) == (2, PRIMARY)
        missed = reading.client.get(STATUS, headers={"min-position": "3"})
        assert (missed.status_code, missed.headers["retry-after"]) == (412, "1")


def test_min_position_waits_for_the_standby(reading: Reading, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("service.api.http.register.REACH_TIMEOUT_S", PATIENCE_S)
    reading.tell(announced("a"))
    reading.pair.caught_up()
    reading.check()
    with reading.pair.paused():
        reading.tell(announced("b"))
        resume = threading.Timer(0.1, reading.pair.on_standby.execute, ["SELECT pg_wal_replay_resume()"])
        resume.start()
        assert reading.asked(**{"min-position": "2"}) == (2, REPLICA)
        resume.join()


def test_what_is_asked_about_beyond_the_standby_is_answered_by_the_primary(reading: Reading):
    reading.tell(announced("a"))
    reading.pair.caught_up()
    reading.check()
    first = reading.client.get("/v1/events").json()["events"][0]["recorded_at"]
    with reading.pair.paused():
        reading.tell(announced("b"))
        for known_at, read in ((1, REPLICA), (2, PRIMARY), (first, REPLICA), ("2100-01-01T00:00:00Z", PRIMARY)):
            assert reading.asked(f"{STATUS}?known_at={known_at}")[1] == read, known_at
            before = reading.replicas.reads[read]
            answer = reading.client.post("/v1/determinations", json={"questions": [QUESTION | {"known_at": known_at}]})
            assert (answer.status_code, reading.replicas.reads[read]) == (200, before + 1), answer.text


def test_what_the_primary_does_not_show_yet_is_not_shown(reading: Reading):
    """The standby has a commit that still waits for another one: a failover may take it back."""
    reading.tell(announced("a"))
    reading.pair.caught_up()
    reading.check()
    with reading.pair.waiting_commits():
        told = threading.Thread(target=reading.tell, args=[announced("b")])
        told.start()
        name = make_url(reading.url).database
        with psycopg.connect(at(reading.pair.standby, str(name)), autocommit=True) as standby:
            until(lambda: standby.execute("SELECT position FROM head").fetchone() == (2,))
        assert reading.asked() == (1, PRIMARY)
        assert reading.check() == ""
        assert reading.asked() == (1, PRIMARY)
    told.join()
    assert reading.asked() == (2, REPLICA)


def test_one_of_another_log_is_passed_over(reading: Reading):
    reading.tell(announced("a"))
    reading.pair.caught_up()
    with postgresql_copy(reading.pair.primary, reading.pair.on_primary, "template") as url:
        settings = Settings(database_url=url, read_urls=at(reading.pair.standby, str(make_url(reading.url).database)))
        with TestClient(create_app(settings, for_commands=True)) as client:
            misled = Reading(client, reading.pair, url)
            misled.tell(announced("b"))
            assert misled.check() == ANOTHER
            assert misled.asked() == (1, PRIMARY)


def test_one_that_is_away_is_passed_over_and_readiness_and_metrics_say_so(reading: Reading):
    settings = Settings(database_url=reading.url, read_urls=f"{AWAY} {AWAY}")
    with TestClient(create_app(settings, for_commands=True)) as client:
        away = Reading(client, reading.pair, reading.url)
        assert away.check() == "The database cannot be reached."
        assert away.asked() == (0, PRIMARY)
        ready = client.get("/health/ready")
        assert (ready.status_code, ready.json()["replicas"]) == (
            200,
            [
                {"name": "replica 1", "passed_over": "The database cannot be reached."},
                {"name": "replica 2", "passed_over": UNCHECKED},
            ],
        )
        metrics = {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(client.get("/metrics").text)
            for sample in family.samples
        }
        assert metrics["lodestone_replica_usable", "replica 1"] == 0
        assert metrics["lodestone_reads_total", PRIMARY] == away.replicas.reads[PRIMARY]


def test_a_standby_that_fails_under_an_answer_is_passed_over_from_then_on(reading: Reading):
    reading.check()
    reading.pair.on_standby.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [make_url(reading.url).database]
    )
    assert reading.asked() == (0, PRIMARY)
    assert reading.check() == ""
    assert reading.asked() == (0, REPLICA)


def test_a_look_at_a_standby_counts_for_a_while(reading: Reading):
    assert (reading.check(), reading.replica.usable) == ("", True)
    reading.replica.checked_s -= replicas.STALE_S
    assert reading.asked() == (0, PRIMARY)
    assert reading.client.get("/health/ready").json()["replicas"][0]["passed_over"] == "It does not answer."


def test_kept_answers_are_held_against_the_primary(pair: Pair):
    """An answer that was read from a standby is given again only where the primary's events leave it standing."""
    with postgresql_copy(pair.primary, pair.on_primary, "template") as url:
        pair.caught_up()
        settings = Settings(database_url=url, read_urls=at(pair.standby, str(make_url(url).database)))
        with TestClient(create_app(settings, for_commands=True)) as client:
            reading = Reading(client, pair, url)
            reading.tell(announced("a"))
            pair.caught_up()
            reading.check()
            with pair.paused():
                assert [reading.asked(), reading.asked()] == [(1, REPLICA), (1, None)]
                reading.tell(registered("x", "Elsewhere", "BR"))
                assert reading.asked() == (2, None)
                reading.tell(announced("b"))
                assert reading.asked() == (1, REPLICA)
            pair.caught_up()
            assert reading.asked() == (3, REPLICA)
            assert "/v1/restrictions/b" in client.get(STATUS).text


def test_a_running_service_finds_its_standbys_by_itself(pair: Pair):
    with postgresql_copy(pair.primary, pair.on_primary, "template") as url:
        pair.caught_up()
        settings = Settings(database_url=url, read_urls=at(pair.standby, str(make_url(url).database)))
        with TestClient(create_app(settings)) as client:
            until(lambda: "passed_over" not in client.get("/health/ready").json()["replicas"][0])
            assert Reading(client, pair, url).asked() == (0, REPLICA)


@pytest.mark.parametrize("url", ["sqlite:///other.db", "mysql://host/other", "postgresql://one/x sqlite:///other.db"])
def test_only_postgresql_has_standbys(url: str):
    with pytest.raises(ValidationError, match="only PostgreSQL has standbys"):
        Settings(database_url="postgresql://host/one", read_urls=url)
    with pytest.raises(ValidationError, match="only PostgreSQL has standbys"):
        Settings(database_url="sqlite:///one.db", read_urls="postgresql://host/one")
    assert Settings(database_url="sqlite:///one.db", read_urls=" ").read_urls == " "
