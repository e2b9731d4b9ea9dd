"""What is kept of things that were folded: bounded by bytes, and never stale."""

import pytest
from sqlalchemy import Engine

from service.log.append import Log
from service.log.database import reading
from service.projections import companies
from service.projections.folds import VERSIONS, Folds, folds_of
from service.projections.read_model import thing, things
from service.redaction import redact
from tests.answers.facts import Event, fact
from tests.projections.conftest import Record


def test_no_more_is_kept_than_the_bound():
    folds = Folds(most_bytes=100)
    for number in range(10):
        folds.keep((f"note/{number}", 1, 0), number, 30)
    assert folds.held_bytes == 90
    assert list(folds.get((f"note/{number}", 1, 0) for number in range(10)).values()) == [7, 8, 9]


def test_what_was_asked_for_last_is_kept_longest():
    folds = Folds(most_bytes=100)
    for number in range(3):
        folds.keep((f"note/{number}", 1, 0), number, 30)
    folds.get([("note/0", 1, 0)])
    folds.keep(("note/3", 1, 0), 3, 30)
    assert ("note/0", 1, 0) in folds.get([("note/0", 1, 0)])
    assert not folds.get([("note/1", 1, 0)])


def test_one_stream_takes_no_more_room_the_more_it_is_appended_to():
    folds = Folds(most_bytes=1_000_000)
    for position in range(600):
        folds.keep(("license/a", position, 0), position, 10)
    assert (len(folds), folds.held_bytes) == (VERSIONS, VERSIONS * 10)


def test_a_thing_that_would_take_half_of_the_room_is_not_kept():
    folds = Folds(most_bytes=100)
    folds.keep(("note/0", 1, 0), 0, 50)
    folds.keep(("note/1", 1, 0), 1, 51)
    assert len(folds) == 1


def test_a_thing_is_kept_once():
    folds = Folds(most_bytes=100)
    folds.keep(("note/0", 1, 0), 0, 40)
    folds.keep(("note/0", 1, 0), 0, 40)
    assert folds.held_bytes == 40


@pytest.fixture
def companies_on_record(record: Record) -> None:
    record(*(a_company(number) for number in range(20)))


def a_company(number: int) -> Event:
    return fact(f"company/c{number:02}", "company.registered", {"name": f"Company {number}", "country": "IN"})


@pytest.mark.usefixtures("companies_on_record")
def test_a_stream_is_folded_once_however_often_it_is_asked_for(engine: Engine):
    with reading(engine) as connection:
        first = things(connection, companies.MODEL, 20)
        again = things(connection, companies.MODEL, 20, country="IN")
    assert [id(one) for one in first] == [id(one) for one in again]


@pytest.mark.usefixtures("companies_on_record")
def test_a_stream_that_was_not_appended_to_is_not_folded_again(engine: Engine, record: Record):
    with reading(engine) as connection:
        before = things(connection, companies.MODEL, 20)
    record(a_company(20), fact("company/c00", "company.identified", {"aliases": ["Other"]}))
    with reading(engine) as connection:
        after = things(connection, companies.MODEL, 22)
    assert before[0] is not after[0]
    assert after[0].aliases == ("Other",)
    assert all(one is other for one, other in zip(before[1:], after[1:], strict=False))


@pytest.mark.usefixtures("companies_on_record")
def test_what_was_folded_before_a_redaction_is_folded_again(engine: Engine, log: Log):
    with reading(engine) as connection:
        known = thing(connection, companies.MODEL, 20, "company/c00")
        assert known is not None
    redact(log, known.claims[0].event, by="the registrar", reason="a court order")
    with reading(engine) as connection:
        assert thing(connection, companies.MODEL, 20, "company/c00") is None


@pytest.mark.usefixtures("companies_on_record")
def test_without_any_room_the_answer_is_the_same(engine: Engine):
    folds_of(engine).most_bytes = 0
    with reading(engine) as connection:
        found = [things(connection, companies.MODEL, at) for at in (20, 20, 7)]
    assert [len(one) for one in found] == [20, 20, 7]
    assert len(folds_of(engine)) == 0


def test_a_page_goes_on_past_things_that_fell_away(engine: Engine, record: Record):
    registered = [a_company(number) for number in range(6)]
    gone = [fact(one["stream"], "record.retracted", {"event": one["id"]}) for one in registered[:4]]
    record(*registered, *gone)
    with reading(engine) as connection:
        page = things(connection, companies.MODEL, 10, limit=2)
        before = things(connection, companies.MODEL, 6, limit=2)
        after = things(connection, companies.MODEL, 10, after="company/c04", limit=2)
    assert [one.stream for one in page] == ["company/c04", "company/c05"]
    assert [one.stream for one in before] == ["company/c00", "company/c01"]
    assert [one.stream for one in after] == ["company/c05"]
