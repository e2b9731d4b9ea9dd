"""What a load records, in which order, and what a second one leaves as it is."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from service import seeds
from service.app import about
from service.domain.decide import decide
from service.errors import LodestoneError
from service.log import read, tree
from service.log.append import Log
from service.log.database import engine_for, reading
from service.log.progress import silent
from service.log.verify import verify
from service.projections import project
from tests.seeds.made_up import Line, line, write


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = engine_for(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def log(engine: Engine) -> Iterator[Log]:
    with Log(engine, decide, project, subjects=about) as log:
        yield log


def note(slug: str, published: str | None, text: str = "Goods are held at the port.") -> Line:
    source = {"tier": "press_named", "title": "A page"} | ({"published_at": published} if published else {})
    return line(f"note/{slug}", "note.recorded", {"kind": "practice", "text": text}, source=source)


def streams(where: Path, name: str = "all") -> list[str]:
    return [seed.event.stream for seed in seeds.read(name, where)]


def recorded(log: Log) -> list[tuple[int, str, str]]:
    with reading(log.engine) as connection:
        return [(event.position, event.stream, event.actor) for event in read.page(connection, limit=1_000)]


def test_seeds_are_read_in_the_order_in_which_the_world_learned_of_them(tmp_path: Path):
    write(
        tmp_path,
        article=[note("from-the-article", "2025-10-30")],
        cn_gallium=[note("later", "2025-12-01"), note("earlier", "2023-07-03")],
        us_chips=[note("by-the-end-of-october", "2025-10"), note("at-noon", "2025-10-30T12:00:00Z")],
    )
    expected = ["earlier", "from-the-article", "at-noon", "by-the-end-of-october", "later"]
    assert streams(tmp_path) == [f"note/{slug}" for slug in expected]


def test_of_one_day_the_vocabulary_comes_first_and_the_rest_in_the_order_of_files_and_lines(tmp_path: Path):
    gallium = {"name": "gallium", "lines": [{"hs": "811292", "match": "ex"}]}
    company = {"name": "Some Motors", "country": "IN"}
    write(
        tmp_path,
        b=[note("fourth", "2025-04-04"), line("commodity/gallium", "commodity.defined", gallium)],
        a=[note("second", "2025-04-04"), note("third", "2025-04-04"), note("first", "2025-04-03")],
        z=[line("company/some-motors", "company.registered", company)],
    )
    expected = ["note/first", "commodity/gallium", "company/some-motors", "note/second", "note/third", "note/fourth"]
    assert streams(tmp_path) == expected


def test_what_speaks_of_another_line_is_loaded_after_it_however_old_its_source_is(tmp_path: Path):
    said = note("said", "2025-04-10")
    corrected = line(
        "note/said", "record.corrected", {"event": said["id"], "reason": "A slip."}, published_at="2025-04-09"
    )
    again = line("note/said", "record.repeated", {"event": corrected["id"]}, published_at="2025-01-01")
    write(tmp_path, a=[again, corrected, note("day-before", "2025-04-09"), note("day-after", "2025-04-11")], b=[said])
    loaded = [(seed.event.stream, seed.event.type) for seed in seeds.read("corpus", tmp_path)]
    about_it = [("note/said", type_) for type_ in ("note.recorded", "record.corrected", "record.repeated")]
    assert loaded == [("note/day-before", "note.recorded"), *about_it, ("note/day-after", "note.recorded")]


def test_a_source_without_a_day_comes_last(tmp_path: Path):
    write(tmp_path, a=[note("undated", None), note("dated", "2025-04-04")])
    assert streams(tmp_path) == ["note/dated", "note/undated"]


@pytest.mark.parametrize(("name", "found"), [("all", 3), ("article", 1), ("corpus", 2), ("none", 0)])
def test_a_name_takes_its_own_files(tmp_path: Path, name: str, found: int):
    write(tmp_path, article=[note("a", "2025-10-30")], b=[note("b", "2025-10-30")], c=[note("c", "2025-10-30")])
    (tmp_path / "corpus" / "facts.json").write_text("{}")
    assert len(seeds.read(name, tmp_path)) == found


def test_a_line_that_is_no_event_is_named_with_its_file(tmp_path: Path):
    write(tmp_path, a=[note("a", "2025-04-04"), note("b", "2025-04-04") | {"stream": "note/B"}])
    with pytest.raises(LodestoneError, match=r"seeds/corpus/a\.jsonl:2: .*/stream"):
        seeds.read("corpus", tmp_path)


def test_a_second_load_records_nothing_and_what_is_added_later_follows(log: Log, tmp_path: Path):
    write(tmp_path, a=[note("early", "2023-01-01"), note("late", "2025-01-01")])
    assert seeds.load(log, seeds.read("all", tmp_path), silent) == seeds.Loaded(2, 2)
    before = recorded(log)
    assert before == [(1, "note/early", "seed:a"), (2, "note/late", "seed:a")]
    assert seeds.load(log, seeds.read("all", tmp_path), silent) == seeds.Loaded(2, 0)
    write(tmp_path, b=[note("between", "2024-01-01")])
    assert seeds.load(log, seeds.read("all", tmp_path), silent) == seeds.Loaded(3, 1)
    assert recorded(log) == [*before, (3, "note/between", "seed:b")]


def test_what_the_register_holds_otherwise_stands_and_is_told(log: Log, tmp_path: Path):
    old = note("a", "2023-01-01")
    write(tmp_path, a=[old])
    seeds.load(log, seeds.read("all", tmp_path), silent)
    write(tmp_path, a=[old | {"data": {"kind": "market", "text": "It was otherwise."}}, note("b", "2023-01-01")])
    again = seeds.load(log, seeds.read("all", tmp_path), silent)
    assert (again.total, again.new) == (2, 1)
    assert [seed.place for seed, _ in again.conflicting] == ["seeds/corpus/a.jsonl:1"]
    with reading(log.engine) as connection:
        assert read.page(connection, limit=1)[0].data["kind"] == "practice"


def test_a_company_that_a_client_registered_before_stands_and_the_rest_is_loaded(log: Log, tmp_path: Path):
    company = {"name": "Some Motors", "country": "IN"}
    write(tmp_path, a=[line("company/some-motors", "company.registered", company), note("b", "2026-01-01")])
    registered = seeds.read("all", tmp_path)[0].event
    log.append([replace(registered, id=None)], actor="a client")
    loaded = seeds.load(log, seeds.read("all", tmp_path), silent)
    ((seed, reason),) = loaded.conflicting
    assert (loaded.new, seed.event.stream) == (1, "company/some-motors")
    assert "registered" in reason


def test_the_progress_ends_at_the_number_of_seeds(log: Log, tmp_path: Path):
    write(tmp_path, a=[note(f"number-{number}", "2023-01-01", f"Note {number}.") for number in range(230)])
    told: list[tuple[int, int]] = []
    seeds.load(log, seeds.read("all", tmp_path), lambda done, of: told.append((done, of)))
    assert told == [(100, 230), (200, 230), (230, 230)]


def given() -> dict[str, Any]:
    """The same times and salts, each time from the beginning."""
    seconds, numbers = count(), count()
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return {
        "clock": lambda: start + timedelta(seconds=next(seconds)),
        "salt": lambda: next(numbers).to_bytes(16, "big"),
    }


def root(url: str, name: str, **told: Any) -> tuple[int, str]:
    engine = engine_for(url)
    try:
        with Log(engine, decide, project, subjects=about, **told) as log:
            seeds.load(log, seeds.read(name), silent)
        with reading(engine) as connection:
            found = verify(connection, [])
            assert tree.root_at(connection, found.position) == found.root
            return found.position, found.root.hex()
    finally:
        engine.dispose()


@pytest.mark.parametrize("name", ["article", "corpus", "all"])
def test_with_the_same_times_and_salts_two_registers_end_with_the_same_root(
    sqlite_url: str, postgresql_url: str, sqlite_template: Path, tmp_path: Path, name: str
):
    another = tmp_path / "another.db"
    shutil.copyfile(sqlite_template, another)
    roots = {root(url, name, **given()) for url in (sqlite_url, f"sqlite:///{another}", postgresql_url)}
    assert len(roots) == 1
    assert {size for size, _ in roots} == {len(seeds.read(name))}


def test_another_salt_gives_another_root(sqlite_url: str, postgresql_url: str):
    other = given() | {"salt": lambda: b"always this salt"}
    assert root(sqlite_url, "article", **given()) != root(postgresql_url, "article", **other)
