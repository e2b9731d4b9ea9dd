"""Rebuilding: the same rows, byte for byte, beside the live ones."""

import dataclasses
import signal
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import Engine, delete, select, update

from service import seeds
from service.errors import Unavailable
from service.log import read
from service.log.append import Log
from service.log.database import reading, writing
from service.log.progress import silent
from service.projections import TABLES, project_into
from service.projections.rebuild import NEAR, OLDER_FORM, _begun, _step, rebuild, stands_at_head, unfit
from service.projections.tables import ALL, FORM, live, lookups, rebuilds
from service.register.post import posted_of


def load_article(log: Log) -> None:
    seeds.load(log, seeds.read("article"), silent)


STREAMS = {seed.event.stream for seed in seeds.read("article")}


def note(log: Log, number: int) -> None:
    posted = {
        "stream": f"note/number-{number % 7}",
        "type": "note.recorded",
        "data": {"kind": "other", "text": f"note {number}", "countries": ["IN"]},
        "source": {"tier": "press_named", "published_at": "2025-10-30"},
    }
    log.append(posted_of(posted, most=1).events, actor="test")


def rows(engine: Engine) -> list[list[Any]]:
    """The live rows of every table, without the number of their generation."""
    with reading(engine) as connection:
        generation = connection.execute(select(live.c.generation)).scalar_one()
        return [
            [
                tuple(row)[1:]
                for row in connection.execute(
                    select(table).where(table.c.generation == generation).order_by(*table.primary_key)
                )
            ]
            for table in TABLES
        ]


def test_a_rebuild_gives_byte_for_byte_what_the_running_service_had(engine: Engine, log: Log) -> None:
    load_article(log)
    before = rows(engine)
    assert len([row for table in before for row in table if ALL in row]) == len(STREAMS)
    assert rebuild(engine) == 15
    assert rows(engine) == before


def test_a_rebuild_mends_rows_that_were_lost_or_altered(engine: Engine, log: Log) -> None:
    load_article(log)
    before = rows(engine)
    with writing(engine) as connection:
        connection.execute(update(lookups).where(lookups.c.key == ALL).values(known_from=1))
        connection.execute(delete(lookups).where(lookups.c.noun == "license"))
    assert rows(engine) != before
    rebuild(engine)
    assert rows(engine) == before


def test_appends_go_on_while_a_rebuild_runs_and_none_is_missed(engine: Engine, log: Log) -> None:
    for number in range(NEAR + 50):
        note(log, number)

    def post() -> None:
        for number in range(1000, 1060):
            note(log, number)

    posting = threading.Thread(target=post)
    posting.start()
    rebuild(engine)
    posting.join()
    note(log, 2000)
    during = rows(engine)
    rebuild(engine)
    assert rows(engine) == during
    assert stands_at_head(engine)


def test_a_rebuild_that_stopped_leaves_the_live_rows_and_the_next_one_goes_on_from_there(
    engine: Engine, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_article(log)
    before = rows(engine)
    monkeypatch.setattr("service.projections.rebuild.TOGETHER", 9)
    assert _step(engine, *_begun(engine)) == 9
    assert rows(engine) == before
    with patch.object(read, "said", wraps=read.said) as reading_on:
        rebuild(engine)
    assert min(call.args[1] for call in reading_on.call_args_list) == 9
    assert rows(engine) == before
    assert generations(engine) == 1


def generations(engine: Engine) -> int:
    with reading(engine) as connection:
        return len({row for table in TABLES for row in connection.scalars(select(table.c.generation))})


KILLED = """
import os, signal, sys
from service.log.database import engine_for
from service.projections import rebuild
rebuild.TOGETHER = rebuild.NEAR = 2
rebuild.rebuild(engine_for(sys.argv[1]), lambda done, of: os.kill(os.getpid(), signal.SIGKILL) if done >= 8 else None)
"""


def test_a_rebuild_that_was_killed_and_run_again_gives_the_same_rows(
    database_url: str, engine: Engine, log: Log, python_command: Path
) -> None:
    load_article(log)
    before = rows(engine)
    killed = subprocess.run([python_command, "-c", KILLED, database_url], timeout=60, check=False)
    assert killed.returncode == 128 + signal.SIGKILL
    assert rows(engine) == before
    assert _begun(engine)[1] == 8
    rebuild(engine)
    assert rows(engine) == before
    assert generations(engine) == 1


def test_rows_that_another_form_of_keys_began_are_not_gone_on_with(engine: Engine, log: Log) -> None:
    load_article(log)
    generation, _ = _begun(engine)
    _step(engine, generation, 0)
    with writing(engine) as connection:
        connection.execute(update(rebuilds).values(form=FORM - 1))
    assert _begun(engine) == (generation + 1, 0)
    rebuild(engine)
    assert generations(engine) == 1


def test_rebuilds_that_run_at_once_share_the_work(engine: Engine, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    load_article(log)
    before = rows(engine)
    monkeypatch.setattr("service.projections.rebuild.TOGETHER", 1)
    monkeypatch.setattr("service.projections.rebuild.NEAR", 3)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(rebuild, [engine, engine])) == [15, 15]
    assert rows(engine) == before
    assert generations(engine) == 1


def test_rows_that_miss_an_event_refuse_the_next_one_instead_of_lying(engine: Engine, log: Log) -> None:
    load_article(log)
    with writing(engine) as connection:
        connection.execute(update(live).values(position=14))
    assert not stands_at_head(engine)
    with pytest.raises(Unavailable, match="lodestone rebuild"):
        note(log, 1)
    with reading(engine) as connection:
        assert read.read_head(connection).position == 15
    rebuild(engine)
    note(log, 1)
    assert stands_at_head(engine)


def test_events_that_are_projected_together_give_the_rows_that_they_give_one_by_one(engine: Engine, log: Log) -> None:
    load_article(log)
    with reading(engine) as connection:
        events = [event for batch in read.batches(connection, 15) for event in batch]
    before = rows(engine)
    generation, _ = _begun(engine)
    with writing(engine) as connection:
        project_into(connection, events, generation)
        connection.execute(update(live).values(generation=generation))
    assert rows(engine) == before


def test_rows_of_another_form_of_keys_are_made_anew_before_anything_is_recorded(engine: Engine, log: Log) -> None:
    load_article(log)
    with writing(engine) as connection:
        connection.execute(update(live).values(form=FORM - 1))
    assert not stands_at_head(engine)
    with reading(engine) as connection:
        assert unfit(connection) == OLDER_FORM
    with pytest.raises(Unavailable, match="lodestone rebuild"):
        note(log, 1)
    rebuild(engine)
    assert stands_at_head(engine)
    with reading(engine) as connection:
        assert unfit(connection) is None
    note(log, 1)


def test_an_empty_register_needs_no_rebuild(engine: Engine) -> None:
    assert stands_at_head(engine)


def test_what_a_rebuild_reads_says_what_the_events_say(log: Log, engine: Engine) -> None:
    for number in range(3):
        note(log, number)
    with reading(engine) as connection:
        events = read.page(connection)
        found = [*read.said(connection, 0, 1), *read.said(connection, 1, 5)]
    for said, event in zip(found, events, strict=True):
        assert all(getattr(said, field.name) == getattr(event, field.name) for field in dataclasses.fields(said))
