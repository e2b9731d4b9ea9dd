"""How far a country's sources were looked through (rule 33)."""

from datetime import date

import pytest

from service.domain.claims import Record
from service.domain.ledger import ledger
from service.domain.record.checks import checks_of


def check(number: int, through: str, controller: str = "CN", recorded: date = date(2026, 12, 31)) -> Record:
    data = {"controller": controller, "through": through, "sources": [{"title": "Announcements"}]}
    source = {"tier": "commentary", "published_at": "2026-11-25"}
    return Record(number, f"id-{number}", "record.checked", 1, None, recorded, data, source)


def retraction(number: int, of: int) -> Record:
    data, source = {"event": f"id-{of}"}, {"tier": "commentary"}
    return Record(number, f"id-{number}", "record.retracted", 1, None, date(2026, 12, 31), data, source)


def through(*records: Record) -> date | None:
    found = checks_of(ledger("country/cn", records))
    return found.through if found else None


def test_the_latest_day_that_a_check_covers_counts_in_whatever_order_the_checks_came():
    assert through(check(1, "2026-10-01"), check(2, "2026-11-24"), check(3, "2026-09-01")) == date(2026, 11, 24)


def test_a_retracted_check_covers_nothing():
    assert through(check(1, "2026-10-01"), check(2, "2026-11-24"), retraction(3, of=2)) == date(2026, 10, 1)
    assert through(check(1, "2026-10-01"), retraction(2, of=1)) is None
    assert through() is None


@pytest.mark.parametrize(
    ("stated", "covered"),
    [("2026-11", date(2026, 11, 1)), ("2026-11-02/2026-11-09", date(2026, 11, 2)), ("../2026-11-09", None)],
)
def test_a_vague_day_covers_no_more_than_its_earliest(stated: str, covered: date | None):
    assert through(check(1, stated)) == covered


def test_nobody_has_looked_through_a_day_that_was_still_to_come():
    assert through(check(1, "2026-11-24", recorded=date(2026, 11, 23))) == date(2026, 11, 23)
    assert through(check(1, "2026-11-24", recorded=date(2026, 11, 24))) == date(2026, 11, 24)


def test_a_check_that_a_correction_moved_to_another_country_says_nothing_of_this_one():
    assert through(check(1, "2026-10-01"), check(2, "2026-11-24", controller="US")) == date(2026, 10, 1)
