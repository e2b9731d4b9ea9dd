"""The log out to a file, verified there, and in again."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from service.domain.event import RecordedEvent
from service.errors import Conflict, InvalidRequest, Tampered
from service.log import exported, merkle, read, transfer
from service.log.append import Log
from service.log.canonical import encode
from service.log.checkpoint import Checkpoint
from service.log.database import engine_for, reading, writing
from service.log.entry import Entry
from service.log.exported import Export
from service.log.note import NoteError, SigningKey
from service.log.replacing import replacing
from service.log.transfer import export, import_export
from service.log.verify import verify
from tests.conftest import sqlite_copy
from tests.log.examples import project_nothing, proposed

EVENTS = 25
KEY = SigningKey.generate("example.org/log")


@pytest.fixture
def lines(log: Log, engine: Engine) -> list[bytes]:
    """An export of 25 events, the third of them redacted."""
    fill(log)
    return exported_lines(engine)


def fill(log: Log) -> None:
    for number in range(EVENTS):
        stream = f"license/{number % 3}"
        log.submit([proposed(stream, data={"n": number, "text": "公告"}, metadata={"n": number})], "ann")
    log.close()


def exported_lines(engine: Engine, key: SigningKey | None = None) -> list[bytes]:
    with writing(engine) as connection:
        connection.execute(text("UPDATE payloads SET payload = NULL, salt = NULL WHERE position = 3"))
    with reading(engine) as connection:
        return list(export(connection, key))


@pytest.fixture
def empty(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    folder = tmp_path / "empty"
    folder.mkdir()
    engine = engine_for(sqlite_copy(sqlite_template, folder))
    yield engine
    engine.dispose()


def all_of(engine: Engine) -> tuple[read.Head, list[RecordedEvent]]:
    with reading(engine) as connection:
        return verify(connection), read.page(connection, limit=1000)


def test_an_import_gives_the_same_root_hashes_positions_instants_and_epoch(
    lines: list[bytes], engine: Engine, empty: Engine
) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE head SET epoch = 4"))
    assert import_export(empty, Export(exported_lines(engine)), project_nothing) == EVENTS
    assert all_of(empty) == all_of(engine)


def test_an_import_into_either_database_gives_the_same_bytes_again(lines: list[bytes], postgresql_url: str) -> None:
    other = engine_for(postgresql_url)
    import_export(other, Export(lines), project_nothing)
    with reading(other) as connection:
        assert list(export(connection)) == lines
    other.dispose()


def test_the_same_log_gives_the_same_bytes_also_when_it_is_signed(lines: list[bytes], engine: Engine) -> None:
    assert exported_lines(engine) == lines
    assert exported_lines(engine, KEY) == exported_lines(engine, KEY) != lines


def test_an_empty_log_is_exported_and_imported(engine: Engine, empty: Engine) -> None:
    with reading(engine) as connection:
        lines = list(export(connection, KEY))
    assert Export(lines).verified(KEY.verifier) == Checkpoint(0, merkle.EMPTY_ROOT)
    assert import_export(empty, Export(lines), project_nothing) == 0


def test_each_line_is_an_event_as_read_with_its_salt_and_digest(lines: list[bytes]) -> None:
    first, *events, last = map(json.loads, lines)
    assert first == {"format": "lodestone-log", "version": 1, "epoch": 1, "size": EVENTS}
    assert (last["size"], last["epoch"], last["checkpoint"]) == (EVENTS, 1, None)
    assert [event["position"] for event in events] == list(range(1, EVENTS + 1))
    assert len(events[0]["salt"]) == 32
    assert events[0]["data"] == {"n": 0, "text": "公告"}


def test_a_redacted_event_travels_as_redacted(lines: list[bytes], empty: Engine) -> None:
    redacted = json.loads(lines[3])
    assert (redacted["data"], redacted["source"], redacted["salt"]) == ({"redacted": True}, {"redacted": True}, None)
    import_export(empty, Export(lines), project_nothing)
    with reading(empty) as connection:
        rows = connection.execute(text("SELECT position FROM payloads WHERE payload IS NULL AND salt IS NULL"))
        assert rows.scalars().all() == [3]


def test_a_log_that_does_not_verify_is_not_exported(lines: list[bytes], engine: Engine) -> None:
    with writing(engine) as connection:
        on = " ON payloads" if engine.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER payloads_update{on}"))
        connection.execute(text("UPDATE payloads SET payload = '{' WHERE position = 7"))
    with reading(engine) as connection, pytest.raises(Tampered) as tampered:
        list(export(connection))
    assert tampered.value.position == 7


Damage = Callable[[list[bytes]], list[bytes]]


def changed(at: int, field: str, value: object) -> Damage:
    def damage(lines: list[bytes]) -> list[bytes]:
        copy = list(lines)
        copy[at] = encode(json.loads(lines[at]) | {field: value}) + b"\n"
        return copy

    damage.__name__ = f"changed_{field}"
    return damage


def swapped(lines: list[bytes]) -> list[bytes]:
    return [*lines[:9], lines[10], lines[9], *lines[11:]]


def missing(lines: list[bytes]) -> list[bytes]:
    return [*lines[:9], *lines[10:]]


def twice(lines: list[bytes]) -> list[bytes]:
    return [*lines[:9], *lines[8:]]


def truncated(lines: list[bytes]) -> list[bytes]:
    return lines[:9]


def truncated_in_a_line(lines: list[bytes]) -> list[bytes]:
    return [*lines[:9], lines[9][:40]]


def written_otherwise(lines: list[bytes]) -> list[bytes]:
    return [*lines[:9], lines[9].replace(b'"actor":', b'"actor": '), *lines[10:]]


def with_a_key_twice(lines: list[bytes]) -> list[bytes]:
    return [*lines[:9], lines[9].replace(b'"actor":', b'"actor":"eve","actor":'), *lines[10:]]


def no_text(lines: list[bytes]) -> list[bytes]:
    return [*lines[:9], b"\xff\xfe\n", *lines[10:]]


def nested_too_deep(lines: list[bytes]) -> list[bytes]:
    return [*lines[:9], b"[" * 100_000 + b"\n", *lines[10:]]


AT_NINE: list[Damage] = [
    changed(9, "actor", "eve"),
    changed(9, "data", {"n": 1}),
    changed(9, "data", {"n": 1.5}),
    changed(9, "data", {"redacted": True}),
    changed(9, "salt", "00" * 16),
    changed(9, "salt", None),
    changed(9, "hash", "00" * 32),
    changed(9, "payload_digest", "00" * 32),
    changed(9, "recorded_at", "2025-10-31T12:00:00Z"),
    changed(9, "recorded_at", "yesterday"),
    changed(9, "version", 4),
    changed(9, "version", True),
    changed(9, "position", 10),
    changed(9, "id", "no uuid"),
    changed(9, "metadata", {"n": 1}),
    changed(9, "effective", None),
    changed(9, "stream", "license/\x00"),
    changed(9, "more", 1),
    swapped,
    missing,
    twice,
    truncated,
    truncated_in_a_line,
    written_otherwise,
    with_a_key_twice,
    no_text,
    nested_too_deep,
]


@pytest.fixture
def in_fours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exported, "TOGETHER", 4)


def test_a_bad_line_is_refused_by_its_position_and_nothing_of_its_batch_is_stored(
    lines: list[bytes], empty: Engine, in_fours: None, subtests: pytest.Subtests
) -> None:
    for damage in AT_NINE:
        with subtests.test(damage.__name__):
            with pytest.raises(Tampered) as tampered:
                import_export(empty, Export(damage(lines)), project_nothing)
            assert tampered.value.position == 9
            assert str(tampered.value).count(" 9") == 1
            with reading(empty) as connection:
                assert read.read_head(connection).position == 8


AT_THE_END: list[Damage] = [
    changed(-1, "root", "00" * 32),
    changed(-1, "size", EVENTS - 1),
    changed(-1, "epoch", 2),
    changed(-1, "checkpoint", 1),
    changed(0, "epoch", 2),
    changed(0, "size", EVENTS + 1),
    changed(0, "size", EVENTS - 1),
    lambda lines: lines[:-1],
    lambda lines: [*lines, lines[-1]],
]


@pytest.mark.parametrize("damage", AT_THE_END)
def test_the_last_events_are_not_stored_before_the_last_line_fits(
    lines: list[bytes], empty: Engine, in_fours: None, damage: Damage
) -> None:
    with pytest.raises(Tampered):
        import_export(empty, Export(damage(lines)), project_nothing)
    with reading(empty) as connection:
        assert read.read_head(connection).position in (20, 24)


@pytest.mark.parametrize(
    "first", [b"", b"{}\n", b"no json\n", b'{"epoch":1,"format":"lodestone-log","size":0,"version":2}\n']
)
def test_what_does_not_begin_as_an_export_is_none(first: bytes) -> None:
    with pytest.raises(InvalidRequest, match="not an export"):
        Export([first])


class _KilledError(Exception):
    pass


def killed_after(lines: Sequence[bytes], count: int) -> Iterator[bytes]:
    yield from lines[:count]
    raise _KilledError


def test_an_import_that_was_interrupted_goes_on_behind_what_is_there(
    lines: list[bytes], engine: Engine, empty: Engine, in_fours: None
) -> None:
    with pytest.raises(_KilledError):
        import_export(empty, Export(killed_after(lines, 11)), project_nothing)
    with reading(empty) as connection:
        assert read.read_head(connection).position == 8
    projected: list[int] = []

    def project(connection: Connection, events: Sequence[RecordedEvent]) -> None:
        projected.extend(event.position for event in events)

    assert import_export(empty, Export(lines), project) == EVENTS - 8
    assert projected == list(range(9, EVENTS + 1))
    assert all_of(empty) == all_of(engine)
    assert import_export(empty, Export(lines), project) == 0


def test_an_import_into_another_log_is_refused(lines: list[bytes], empty: Engine) -> None:
    with Log(empty, lambda *_: None, project_nothing) as other:
        other.append([proposed()], "bob")
    with pytest.raises(Conflict, match="position 1 "):
        import_export(empty, Export(lines), project_nothing)
    with reading(empty) as connection:
        assert read.read_head(connection).position == 1


def test_an_import_into_the_same_log_gone_further_is_refused(lines: list[bytes], empty: Engine) -> None:
    import_export(empty, Export(lines), project_nothing)
    with Log(empty, lambda *_: None, project_nothing) as other:
        other.append([proposed()], "bob")
    with pytest.raises(Conflict, match="holds 26 events"):
        import_export(empty, Export(lines), project_nothing)


def test_nothing_is_stored_where_a_read_model_fails(lines: list[bytes], empty: Engine) -> None:
    def fail(connection: Connection, events: Sequence[RecordedEvent]) -> None:
        raise _KilledError

    with pytest.raises(_KilledError):
        import_export(empty, Export(lines), fail)
    with reading(empty) as connection:
        assert verify(connection).position == 0


def test_a_signed_export_is_verified_by_its_key_and_by_no_other(lines: list[bytes], engine: Engine) -> None:
    signed = exported_lines(engine, KEY)
    assert Export(signed).verified(KEY.verifier).size == EVENTS
    with pytest.raises(NoteError):
        Export(signed).verified(SigningKey.generate("example.org/log").verifier)


def test_an_export_made_anew_is_found_by_a_kept_checkpoint(lines: list[bytes], engine: Engine, empty: Engine) -> None:
    with Log(empty, lambda *_: None, project_nothing) as other:
        fill(other)
    with reading(empty) as connection:
        made_anew = list(export(connection))
    with reading(engine) as connection:
        head = read.read_head(connection)
    kept = Checkpoint(head.position, head.root)
    assert Export(made_anew).verified().size == Export(lines, [kept]).verified().size == EVENTS
    with pytest.raises(Tampered, match="first 25 events"):
        Export(made_anew, [kept]).verified()
    with pytest.raises(Tampered, match="ends at 25"):
        Export(lines, [Checkpoint(26, bytes(32))]).verified()


def test_lists_end_also_by_their_bytes(lines: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exported, "BYTES_TOGETHER", 1)
    assert [len(batch) for batch in Export(lines).batches()] == [1] * EVENTS


def test_a_file_that_could_not_be_finished_leaves_the_earlier_one(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    file.write_bytes(b"earlier")
    with pytest.raises(_KilledError), replacing(file) as unfinished:
        unfinished.write(b"half")
        raise _KilledError
    assert [(found.name, found.read_bytes()) for found in tmp_path.iterdir() if "jsonl" in found.name] == [
        ("log.jsonl", b"earlier")
    ]


def test_an_id_that_stands_twice_is_refused(engine: Engine, empty: Engine) -> None:
    """No log holds such a file; it can be made, with every hash right."""
    with Log(engine, lambda *_: None, project_nothing) as log:
        one = log.append([proposed()], "ann").events[0]
    with reading(engine) as connection:
        lines = list(export(connection))
    entry = next(Export(lines).batches())[0]
    assert entry.event == one
    with pytest.raises(Tampered, match="has the id of another"):
        transfer.take_in(empty, forged(entry), 1, project_nothing)


def forged(entry: Entry) -> list[Entry]:
    again = Entry(
        RecordedEvent(
            **{name: getattr(entry.event, name) for name in RecordedEvent.__slots__}
            | {"position": 2, "version": 2, "recorded_at": entry.event.recorded_at.replace(year=2100)}
        ),
        entry.salt,
        entry.payload,
        entry.metadata,
        entry.digest,
    )
    return [entry, again]


class Anything(exported._Line):
    value: Any


@pytest.mark.parametrize(
    "line", ['{"value":1.5}', '{"value":9007199254740992}', '{"value":{"é":1}}', '{"value":"\\ud800"}', '{"value": 1}']
)
def test_a_line_is_not_read_where_what_it_says_has_another_canonical_form_or_none(line: str) -> None:
    with pytest.raises(ValueError):
        exported._parsed(Anything, f"{line}\n".encode())


@pytest.mark.parametrize("value", ['"é"', '{"a":[9007199254740991,null,true]}'])
def test_a_line_in_its_canonical_form_is_read(value: str) -> None:
    assert exported._parsed(Anything, f'{{"value":{value}}}\n'.encode()).value == json.loads(value)


def test_a_file_that_ends_early_is_cut_off_after_what_it_holds(lines: list[bytes]) -> None:
    for kept in (1, 4, len(lines) - 1):
        with pytest.raises(Tampered, match=f"cut off at position {kept}; it should hold {EVENTS} events"):
            Export(lines[:kept]).verified()


def test_what_follows_the_last_line_is_refused_by_the_position_after_it(lines: list[bytes]) -> None:
    with pytest.raises(Tampered) as refused:
        Export([*lines, b"\n"]).verified()
    assert refused.value.detail == f"Something follows the last line, after position {EVENTS}."
    assert refused.value.position == EVENTS + 1


def test_how_far_a_verification_came_is_told_in_positions(lines: list[bytes]) -> None:
    told: list[tuple[int, int]] = []
    Export(lines).verified(progress=lambda done, of: told.append((done, of)))
    assert told[-1] == (EVENTS, EVENTS)
