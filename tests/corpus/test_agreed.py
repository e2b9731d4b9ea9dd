"""What stood to lapse on 10 November 2026, and was agreed to go on: both courses, in the ministry's words (rule 13)."""

import pytest

from tests.answers.facts import Register

DAYS = ("2026-11-24", "2026-12-15")
WORDS = "延期至2027年1月10日"
NINE = (
    "cn-mofcom-55-2025",
    "cn-mofcom-56-2025",
    "cn-mofcom-57-2025",
    "cn-mofcom-58-2025",
    "cn-mofcom-61-2025-origin",
    "cn-mofcom-61-2025-content",
    "cn-mofcom-62-2025",
    "cn-mofcom-21-2025",
    "us-bis-affiliates-rule-2025",
)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("slug", NINE)
def test_neither_the_lapse_nor_the_pause_is_certain(corpus: Register, slug: str, day: str):
    assert corpus.get(f"/v1/restrictions/{slug}", as_of=day)["state"] == "undetermined"


@pytest.mark.parametrize("slug", NINE)
def test_before_the_day_it_is_paused_and_after_the_day_agreed_on_it_applies(corpus: Register, slug: str):
    states = [corpus.get(f"/v1/restrictions/{slug}", as_of=day)["state"] for day in ("2026-11-08", "2027-01-11")]
    assert states == ["suspended", "in_force"]


@pytest.mark.parametrize("day", DAYS)
def test_an_answer_gives_the_ministry_s_words(corpus: Register, day: str):
    asked = {"destination": "DE", "commodity": {"name": "rare_earth_production_equipment"}, "end_use": "civil"}
    answer = corpus.answer(**asked, as_of=day, detail="full")
    assert answer["control"] == "undetermined"
    assert WORDS in str(answer)


@pytest.mark.parametrize("slug", NINE)
def test_the_calendar_has_the_day_agreed_on_and_says_that_it_is_agreed(corpus: Register, slug: str):
    window = {"from": "2026-11-24", "through": "2027-01-31", "limit": 1000}
    entries = corpus.get("/v1/calendar", **window)["entries"]
    ours = [one for one in entries if one["about"] == f"restriction/{slug}"]
    assert ours
    assert all(one["agreed"] and one["latest"] == "2027-01-11" for one in ours)


def test_what_nobody_spoke_of_lapses_as_it_was_to(corpus: Register):
    """Announcement 72/2025 pauses two clauses until 27 November 2026; no words say that it is extended."""
    states = [
        corpus.get("/v1/restrictions/cn-mofcom-46-2024-principle", as_of=day)["state"]
        for day in ("2026-11-25", "2026-11-28")
    ]
    assert states == ["suspended", "in_force"]
