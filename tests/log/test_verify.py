"""What an administrator of the database can do, who needs no permission and drops the triggers first."""

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from service.errors import Tampered
from service.log import merkle, read, tree
from service.log.append import Log
from service.log.canonical import leaf_hash
from service.log.checkpoint import Checkpoint
from service.log.database import engine_for, reading, writing
from service.log.entry import entry_of, envelope
from service.log.verify import verify
from tests.log.examples import NOON, decide, project_nothing, proposed
from tests.searching import examples

EVENTS = 37

Mutation = Callable[[Connection, int, int], int | None]


def run(connection: Connection, statement: str, **values: Any) -> None:
    connection.execute(text(statement), values)


def alter_event(column: str, expression: str) -> Mutation:
    def mutate(connection: Connection, at: int, other: int) -> int:
        run(connection, f"UPDATE events SET {column} = {expression} WHERE position = :at", at=at)
        return at

    mutate.__name__ = f"alter_{column}"
    return mutate


def alter_payload(connection: Connection, at: int, other: int) -> int:
    run(connection, "UPDATE payloads SET payload = replace(payload, 'CN', 'IN') WHERE position = :at", at=at)
    return at


def garble_payload(connection: Connection, at: int, other: int) -> int:
    run(connection, "UPDATE payloads SET payload = payload || ' ' WHERE position = :at", at=at)
    return at


def break_payload(connection: Connection, at: int, other: int) -> int:
    run(connection, "UPDATE payloads SET payload = '{' WHERE position = :at", at=at)
    return at


def alter_salt(connection: Connection, at: int, other: int) -> int:
    run(connection, "UPDATE payloads SET salt = :salt WHERE position = :at", at=at, salt=bytes(16))
    return at


def swap_payloads(connection: Connection, at: int, other: int) -> int:
    for old, new in ((at, -1), (other, at), (-1, other)):
        run(connection, "UPDATE payloads SET position = :new WHERE position = :old", old=old, new=new)
    return min(at, other)


def swap_events(connection: Connection, at: int, other: int) -> int:
    # 1000 is free: no event is there.
    for table in ("events", "payloads"):
        for old, new in ((at, 1000), (other, at), (1000, other)):
            run(connection, f"UPDATE {table} SET position = :new WHERE position = :old", old=old, new=new)
    return min(at, other)


def delete_event(connection: Connection, at: int, other: int) -> int:
    run(connection, "DELETE FROM events WHERE position = :at", at=at)
    return at


def delete_payload(connection: Connection, at: int, other: int) -> int:
    run(connection, "DELETE FROM payloads WHERE position = :at", at=at)
    return at


def cut_off_the_end(connection: Connection, at: int, other: int) -> int:
    run(connection, "DELETE FROM events WHERE position >= :at", at=at)
    run(connection, "DELETE FROM payloads WHERE position >= :at", at=at)
    return at


def alter_node(connection: Connection, at: int, other: int) -> None:
    index = max(at // 2 - 1, 0)
    run(connection, 'UPDATE nodes SET hash = :hash WHERE level = 1 AND "index" = :index', hash=bytes(32), index=index)


def delete_nodes(connection: Connection, at: int, other: int) -> None:
    run(connection, 'DELETE FROM nodes WHERE level = 2 AND "index" = :i', i=min(at // 4, EVENTS // 4 - 1))


def add_node(connection: Connection, at: int, other: int) -> None:
    run(connection, "INSERT INTO nodes VALUES (:level, 1000, :hash)", level=at, hash=bytes(32))


def alter_head(column: str, value: Any) -> Mutation:
    def mutate(connection: Connection, at: int, other: int) -> None:
        run(connection, f"UPDATE head SET {column} = :value", value=value)

    mutate.__name__ = f"alter_head_{column}"
    return mutate


def rebuild_head_only(connection: Connection, size: int) -> None:
    hashes = connection.execute(text("SELECT hash FROM events ORDER BY position")).scalars().all()
    peaks, _ = merkle.extend([], 0, hashes[:size])
    run(
        connection,
        "UPDATE head SET position = :size, root = :root, peaks = :peaks, "
        "recorded_at = (SELECT max(recorded_at) FROM events WHERE position <= :size)",
        size=size,
        root=merkle.fold(peaks),
        peaks=b"".join(peaks),
    )


def rebuild_hash(connection: Connection, at: int, other: int) -> int | None:
    """The event is changed and its leaf hash made to fit: the tree tells."""
    run(connection, "UPDATE events SET actor = 'eve' WHERE position = :at", at=at)
    row = connection.execute(read.ENTRY.where(text("events.position = :at")), {"at": at}).one()
    entry = entry_of(row)
    leaf = leaf_hash(envelope(entry.event, entry.digest))
    run(connection, "UPDATE events SET hash = :leaf WHERE position = :at", at=at, leaf=leaf)
    return None


MUTATIONS: list[Mutation] = [
    alter_event("stream", "stream || 'x'"),
    alter_event("type", "'license.denied'"),
    alter_event("schema_version", "schema_version + 1"),
    alter_event("version", "version + 100"),
    alter_event("effective", "NULL"),
    alter_event("effective", "effective || '~'"),
    alter_event("actor", "'eve'"),
    alter_event("id", "'5f0c2c1e-8d39-4f1e-9b39-0d0c7c1f6a11'"),
    alter_event("recorded_at", "recorded_at + 1"),
    alter_event("recorded_at", "9000000000000000000"),
    alter_event("metadata", "'[1]'"),
    alter_event("metadata", "metadata || ' '"),
    alter_event("metadata", "'{'"),
    alter_event("metadata", "'\"\\ud800\"'"),
    alter_event("payload_digest", "hash"),
    alter_event("hash", "payload_digest"),
    alter_payload,
    garble_payload,
    break_payload,
    alter_salt,
    swap_payloads,
    swap_events,
    delete_event,
    delete_payload,
    cut_off_the_end,
    alter_node,
    delete_nodes,
    add_node,
    alter_head("position", EVENTS - 1),
    alter_head("position", EVENTS + 1),
    alter_head("root", bytes(32)),
    alter_head("peaks", b""),
    alter_head("recorded_at", 1),
    rebuild_hash,
]


@pytest.fixture
def defenseless(database_url: str) -> Iterator[Engine]:
    """A log whose triggers an administrator has dropped."""
    engine = engine_for(database_url)
    seconds = itertools.count()
    with Log(engine, decide, project_nothing, clock=lambda: NOON + timedelta(seconds=next(seconds))) as log:
        for number in range(EVENTS):
            log.submit([proposed(f"license/{number % 3}", data={"issuer": "CN", "n": number})], "ann")
    with writing(engine) as connection:
        for name, table in triggers(connection):
            on = f" ON {table}" if engine.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER {name}{on}"))
    yield engine
    engine.dispose()


def triggers(connection: Connection) -> list[tuple[str, str]]:
    if connection.dialect.name == "sqlite":
        query = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    return [(name, table) for name, table in connection.execute(text(query))]


class _TakeBackError(Exception):
    pass


@contextmanager
def taken_back(engine: Engine) -> Iterator[Connection]:
    """What happens inside is undone, so that each example begins with the same log."""
    try:
        with writing(engine) as connection:
            yield connection
            raise _TakeBackError
    except _TakeBackError:
        pass


def test_an_untouched_log_verifies(log: Log, engine: Engine) -> None:
    with reading(engine) as connection:
        assert verify(connection, [Checkpoint(0, merkle.EMPTY_ROOT)]).position == 0
    log.append([proposed() for _ in range(2_500)], "ann")
    with reading(engine) as connection:
        head = read.read_head(connection)
        assert verify(connection, [Checkpoint(head.position, head.root)]) == head


@examples(200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(MUTATIONS), st.integers(1, EVENTS), st.data())
def test_no_change_to_the_tables_goes_unnoticed(
    defenseless: Engine, mutate: Mutation, at: int, data: st.DataObject
) -> None:
    other = data.draw(st.integers(1, EVENTS).filter(lambda drawn: drawn != at))
    with taken_back(defenseless) as connection:
        first_bad = mutate(connection, at, other)
        with pytest.raises(Tampered) as tampered:
            verify(connection)
        if first_bad is not None:
            assert tampered.value.position == first_bad


def test_each_kind_of_change_is_noticed(defenseless: Engine, subtests: pytest.Subtests) -> None:
    for mutate in MUTATIONS:
        with subtests.test(mutate.__name__), taken_back(defenseless) as connection:
            verify(connection)
            mutate(connection, 5, 9)
            with pytest.raises(Tampered):
                verify(connection)


def rebuild_everything(connection: Connection) -> None:
    """All hashes, all nodes and the head made to fit what the events say now."""
    rows = connection.execute(read.ENTRY.order_by(text("events.position"))).all()
    leaves = []
    for entry in map(entry_of, rows):
        leaves.append(leaf_hash(envelope(entry.event, entry.digest)))
        run(connection, "UPDATE events SET hash = :leaf WHERE position = :at", at=entry.event.position, leaf=leaves[-1])
    _, completed = merkle.extend([], 0, leaves)
    run(connection, "DELETE FROM nodes")
    for node, hash_ in completed:
        run(connection, "INSERT INTO nodes VALUES (:level, :at, :hash)", level=node.level, at=node.at, hash=hash_)
    rebuild_head_only(connection, len(leaves))


def test_a_log_rebuilt_from_end_to_end_is_noticed_by_a_kept_checkpoint(defenseless: Engine) -> None:
    with reading(defenseless) as connection:
        earlier, *kept = [Checkpoint(size, tree.root_at(connection, size)) for size in (4, 5, 6, EVENTS)]
    with taken_back(defenseless) as connection:
        run(connection, "UPDATE events SET actor = 'eve' WHERE position = 5")
        rebuild_everything(connection)
        # Nothing inside the database tells, and the part before the change is as it was.
        verify(connection, [earlier])
        for checkpoint in kept:
            with pytest.raises(Tampered, match=f"first {checkpoint.size} events"):
                verify(connection, [earlier, checkpoint])


def test_a_log_cut_short_and_rebuilt_is_noticed_by_a_kept_checkpoint(defenseless: Engine) -> None:
    with reading(defenseless) as connection:
        head = read.read_head(connection)
    with taken_back(defenseless) as connection:
        cut_off_the_end(connection, 30, 0)
        rebuild_everything(connection)
        verify(connection)
        with pytest.raises(Tampered, match="ends at 29"):
            verify(connection, [Checkpoint(head.position, head.root)])


def test_a_redaction_is_no_tampering(log: Log, engine: Engine) -> None:
    log.append([proposed(), proposed()], "ann")
    with writing(engine) as connection:
        run(connection, "UPDATE payloads SET payload = NULL, salt = NULL WHERE position = 1")
        assert verify(connection).position == 2
        assert json.loads(connection.execute(text("SELECT payload FROM payloads WHERE position = 2")).scalar_one())
