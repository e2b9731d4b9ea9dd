"""Rule 37: when a measure is announced and starts, where its source leaves one of the days out."""

from typing import Any

from tests.answers.facts import Event, fact, period
from tests.domain.restriction.told import STREAM, announcement, on, told, words


def measure(effective: str | None, *, published: str | None = "2025-04-01", **said: Any) -> Event:
    scope = {"commodities": [{"name": "rare_earth_magnets"}]}
    data = {"kind": "licensing", "controller": "CN", "scope": scope} | said
    return fact(STREAM, "restriction.announced", data, effective=effective, published=published)


def test_effective_without_a_period_is_the_start():
    found = told(measure("2025-05-01", announced_on="2025-04-01"))
    assert words(found, "2025-03-31", "2025-04-01", "2025-04-30", "2025-05-01") == {
        "2025-03-31": "not_announced",
        "2025-04-01": "not_yet_in_force",
        "2025-04-30": "not_yet_in_force",
        "2025-05-01": "in_force",
    }
    assert on(found, "2025-05-01").since == "2025-05-01"


def test_a_vague_effective_day_is_a_vague_start():
    found = told(measure("2025-05", announced_on="2025-04-01"))
    assert words(found, "2025-04-30", "2025-05-01", "2025-05-31") == {
        "2025-04-30": "not_yet_in_force",
        "2025-05-01": "undetermined",
        "2025-05-31": "in_force",
    }


def test_a_period_whose_start_nobody_stated_starts_on_no_day():
    found = told(announcement(in_force=period(None)))
    assert words(found, "2025-04-01", "2031-01-01") == dict.fromkeys(("2025-04-01", "2031-01-01"), "not_yet_in_force")


def test_without_announced_on_it_is_announced_on_the_day_of_its_source():
    found = told(measure("2025-05-01", published="2025-04-10", in_force=period("2025-05-01")))
    assert words(found, "2025-04-09", "2025-04-10", "2025-05-01") == {
        "2025-04-09": "not_announced",
        "2025-04-10": "not_yet_in_force",
        "2025-05-01": "in_force",
    }


def test_or_on_the_day_that_it_took_effect_where_the_source_is_later():
    found = told(measure("2025-04-01", published="2025-04-10", in_force=period("2025-05-01")))
    assert words(found, "2025-03-31", "2025-04-01") == {"2025-03-31": "not_announced", "2025-04-01": "not_yet_in_force"}


def test_a_period_stated_by_one_source_is_the_start_for_all():
    found = told(measure("2025-04-01"), measure("2025-04-02", in_force=period("2025-06-01")))
    assert words(found, "2025-05-31", "2025-06-01") == {"2025-05-31": "not_yet_in_force", "2025-06-01": "in_force"}
