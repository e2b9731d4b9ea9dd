"""What was public by a day (rule 32)."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.claims import REDACTED, Record, public_on, published_by
from service.domain.ledger import ledger

RECORDED = date(2025, 11, 1)


def record(number: int, published: str | None, *, of: int | None = None, act: str = "retracted") -> Record:
    source: dict[str, Any] = {"tier": "press_named"} | ({"published_at": published} if published else {})
    data: dict[str, Any] = {"event": f"e{of}"} if of else {"kind": "other", "text": f"n{number}"}
    return Record(number, f"e{number}", f"record.{act}" if of else "note.recorded", 1, None, RECORDED, data, source)


def ids(records: list[Record], day: str) -> list[str]:
    return [one.id for one in published_by(records, date.fromisoformat(day))]


def test_a_source_counts_from_the_day_that_it_was_published():
    said = [record(1, "2025-06-10")]
    assert (ids(said, "2025-06-09"), ids(said, "2025-06-10")) == ([], ["e1"])


def test_without_a_day_of_publication_the_day_of_the_record_counts():
    said = [record(1, None)]
    assert (ids(said, "2025-10-31"), ids(said, "2025-11-01")) == ([], ["e1"])


@pytest.mark.parametrize(
    ("published", "public"),
    [
        ("2025-06", date(2025, 6, 30)),
        ("2025-06-01/2025-06-10", date(2025, 6, 10)),
        ("../2025-06-10", date(2025, 6, 10)),
        ("2025-06-10/..", date.max),
        ("2025-06-10T23:30:00-02:00", date(2025, 6, 11)),
    ],
)
def test_of_a_vague_day_the_latest_counts(published: str, public: date):
    """Whoever says in June that it was known in June says no more than the source does."""
    assert public_on(record(1, published)) == public


def test_a_retraction_counts_from_its_own_day():
    said = [record(1, "2025-06-10"), record(2, "2025-08-01", of=1)]
    july, august = (ledger("note/n", published_by(said, date(2025, month, 31))) for month in (7, 8))
    assert (len(july.claims), len(august.claims)) == (1, 0)


def test_what_speaks_of_a_source_that_was_not_yet_public_says_nothing():
    said = [record(1, "2025-06-10"), record(2, "2025-06-01", of=1), record(3, "2025-06-02", of=2)]
    assert ids(said, "2025-06-05") == []
    assert ids(said, "2025-06-10") == ["e1", "e2", "e3"]


def test_a_redacted_record_stays_what_it_is():
    gone = Record(1, "e1", "note.recorded", 1, None, RECORDED, REDACTED, REDACTED)
    assert ids([gone], "2025-11-01") == ["e1"]
    assert ledger("note/n", published_by([gone], RECORDED)).claims == ()


DAYS = st.dates(date(2025, 1, 1), date(2025, 12, 31)).map(str)
SAID = st.lists(st.tuples(st.none() | DAYS, st.integers(0, 5)), max_size=8)


@given(SAID, st.dates(date(2025, 1, 1), date(2025, 12, 30)))
def test_a_later_day_never_knows_less(said: list[tuple[str | None, int]], day: date):
    records = [
        record(number, published, of=about if 0 < about < number else None, act="repeated")
        for number, (published, about) in enumerate(said, 1)
    ]
    earlier = {one.id for one in published_by(records, day)}
    assert earlier <= {one.id for one in published_by(records, day + timedelta(days=1))}
    assert all(public_on(one) <= day for one in records if one.id in earlier)
    ledger("note/n", published_by(records, day))
