"""Which database a state of the log is read from: a replica that its primary has confirmed, or else the primary."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import Engine, make_url, text

from service.log import replicas
from service.log.append import Log
from service.log.database import engine_for, writing
from service.log.read import read_head
from service.log.replicas import ANOTHER, PRIMARY, UNCHECKED, Replica, Replicas, anything
from tests.log.examples import decide, project_nothing, proposed

NAME = "standby"


@pytest.fixture
def primary(sqlite_url: str) -> Iterator[Engine]:
    engine = engine_for(sqlite_url)
    append(engine, 3)
    yield engine
    engine.dispose()


@pytest.fixture
def standby(primary: Engine, tmp_path: Path) -> Iterator[Engine]:
    """The primary's state of now, which it keeps."""
    engine = copied(primary, tmp_path / "standby.db")
    yield engine
    engine.dispose()


def copied(of: Engine, to: Path) -> Engine:
    with of.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(make_url(str(of.url)).database or "", to)
    return engine_for(f"sqlite:///{to}")


def append(engine: Engine, count: int = 1) -> None:
    with Log(engine, decide, project_nothing) as log:
        log.append([proposed() for _ in range(count)], "ann")


def checked(primary: Engine, *standbys: Engine, most_lag_s: float = 5.0) -> Replicas:
    found = [Replica(f"{NAME} {number}", engine) for number, engine in enumerate(standbys, 1)]
    reads = Replicas(primary, found, most_lag_s=most_lag_s)
    for replica in found:
        assert (replica.fault, replica.usable, replica.position) == (UNCHECKED, False, None)
        reads.check(replica)
    return reads


def read_from(reads: Replicas, least: int = 0) -> tuple[str, int]:
    """The name of the database that a state was read from, and where the log ends in it."""
    before = reads.reads.copy()
    with reads.reading(lambda head: head.position >= least) as (connection, head):
        assert connection.execute(text("SELECT position FROM head")).scalar_one() == head.position
        where = make_url(str(connection.engine.url)).database or ""
    (name,) = reads.reads - before
    assert (name == PRIMARY) == (Path(where) == Path(reads.primary.url.database or ""))
    return name, head.position


def test_what_the_primary_confirmed_is_read_from_a_replica(primary: Engine, standby: Engine):
    reads = checked(primary, standby)
    (replica,) = reads.replicas
    assert (replica.fault, replica.usable, replica.position, replica.lag_s) == ("", True, 3, 0.0)
    assert replica.confirmed is not None
    assert replica.confirmed[0] == 3
    assert read_from(reads) == (f"{NAME} 1", 3)
    with reads.reading() as (_, head):
        assert anything(head)


def test_what_a_replica_lacks_is_read_from_the_primary(primary: Engine, standby: Engine):
    append(primary)
    reads = checked(primary, standby)
    assert read_from(reads, 3) == (f"{NAME} 1", 3)
    assert read_from(reads, 4) == (PRIMARY, 4)
    assert [reads.holds(position) for position in (3, 4)] == [True, False]


def test_the_primary_confirms_a_replicas_new_end_before_it_is_read(primary: Engine, standby: Engine):
    reads = checked(primary, standby)
    for engine in (primary, standby):
        append(engine)
    # Both ids are new, so that the two logs part at position 4.
    assert read_from(reads, 4) == (PRIMARY, 4)
    (replica,) = reads.replicas
    reads.check(replica)
    assert (replica.fault, replica.usable) == (ANOTHER, False)


def test_what_the_primary_does_not_show_yet_is_not_read(primary: Engine, standby: Engine, tmp_path: Path):
    append(primary)
    ahead = copied(primary, tmp_path / "ahead.db")
    reads = checked(standby, ahead)
    (replica,) = reads.replicas
    assert (replica.fault, replica.position, replica.confirmed) == ("", 4, None)
    assert read_from(reads) == (PRIMARY, 3)
    ahead.dispose()


def test_a_replica_of_another_log_is_passed_over(primary: Engine, tmp_path: Path, sqlite_url: str):
    other = copied(primary, tmp_path / "other.db")
    append(primary, 2)
    append(other, 1)
    reads = checked(primary, other)
    assert reads.replicas[0].fault == ANOTHER
    assert read_from(reads) == (PRIMARY, 5)
    other.dispose()


def test_a_replica_that_is_too_far_behind_is_passed_over(primary: Engine, standby: Engine):
    soon = datetime.now(UTC) + timedelta(seconds=1)
    with time_machine.travel(soon, tick=False):
        append(primary)
    with time_machine.travel(soon + timedelta(seconds=10), tick=False):
        append(primary)
        near, far = checked(primary, standby, most_lag_s=20), checked(primary, standby, most_lag_s=5)
    # Since the first event that it lacks, not since the last.
    assert far.replicas[0].fault == "It is 10 s behind."
    assert (near.replicas[0].usable, far.replicas[0].usable) == (True, False)
    assert read_from(far) == (PRIMARY, 5)


def test_replicas_are_read_from_in_turn(primary: Engine, standby: Engine):
    reads = checked(primary, standby, standby)
    assert [read_from(reads)[0] for _ in range(4)] == [f"{NAME} 1", f"{NAME} 2"] * 2


def test_a_replica_that_was_not_looked_at_for_a_while_is_passed_over(
    primary: Engine, standby: Engine, monkeypatch: pytest.MonkeyPatch
):
    reads = checked(primary, standby)
    monkeypatch.setattr(replicas, "STALE_S", 0.0)
    assert read_from(reads) == (PRIMARY, 3)


def test_a_replica_that_fails_is_passed_over_until_it_is_looked_at_again(primary: Engine, standby: Engine):
    reads = checked(primary, standby)
    with writing(standby) as connection:
        connection.execute(text("ALTER TABLE head RENAME TO gone"))
    assert read_from(reads) == (PRIMARY, 3)
    (replica,) = reads.replicas
    assert ("lacks tables" in replica.fault, replica.usable) == (True, False)
    with writing(standby) as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO head"))
    reads.check(replica)
    assert read_from(reads) == (f"{NAME} 1", 3)


def test_a_replica_that_this_version_cannot_read_is_passed_over_and_says_why(primary: Engine, standby: Engine):
    replica = Replica(NAME, standby)
    Replicas(primary, [replica], unfit=lambda standby: f"It ends at {read_head(standby).position}.").check(replica)
    assert (replica.fault, replica.usable, replica.position) == ("It ends at 3.", False, None)


def test_without_a_replica_there_is_none_to_wait_for(primary: Engine):
    reads = checked(primary)
    assert reads.holds(1_000)
    assert read_from(reads) == (PRIMARY, 3)
    assert reads.reads == {PRIMARY: 1}


def test_each_replica_is_looked_at_while_the_block_lasts(
    primary: Engine, standby: Engine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(replicas, "CHECK_S", 0.001)
    replica = Replica(NAME, standby)
    with Replicas(primary, [replica]).checked():
        for _ in range(1_000):
            if replica.usable and replica.checked_s:
                break
            replica.engine.connect().close()
    assert replica.usable
