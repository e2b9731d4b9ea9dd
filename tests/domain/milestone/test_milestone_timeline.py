"""A milestone, what other sides said of it, and what contradicts it."""

from datetime import date
from typing import Any

import pytest

from service.domain.claims import Record
from service.domain.dates import Bounds
from service.domain.ledger import ledger
from service.domain.milestone.timeline import Milestone, happened_by, milestone_of
from service.domain.truth import Truth

DAY = date(2025, 11, 1)


def record(number: int, act: str, data: dict[str, Any], tier: str = "other_official") -> Record:
    return Record(number, f"e{number}", f"milestone.{act}", 1, "2025-10-30", DAY, data, {"tier": tier})


def recorded(number: int, tier: str = "other_official", **said: Any) -> Record:
    data = {"kind": "meeting", "parties": ["IN", "CN"], "title": "A meeting", **said}
    return record(number, "recorded", data, tier)


def said(number: int, word: str, by: str = "CN", tier: str = "other_official") -> Record:
    return record(number, word, {"by": by}, tier)


def of(*records: Record) -> Milestone:
    found = milestone_of(ledger("milestone/m", records))
    assert found is not None
    return found


def conflicts(found: Milestone) -> list[tuple[str, str]]:
    return [(one.event, one.reason) for one in found.set_aside if one.conflicting]


@pytest.mark.parametrize(
    ("records", "word"),
    [
        ([recorded(1)], "recorded"),
        ([recorded(1, claimed_by="IN")], "claimed"),
        ([recorded(1, claimed_by="IN"), said(2, "confirmed", "IN")], "claimed"),
        ([recorded(1, claimed_by="IN"), said(2, "not_confirmed")], "not_confirmed"),
        ([recorded(1, claimed_by="IN"), said(2, "not_confirmed"), said(3, "confirmed")], "confirmed"),
        ([recorded(1, claimed_by="IN"), said(2, "contradicted")], "contradicted"),
        (
            [recorded(1), said(2, "contradicted"), record(3, "fulfilled", {"by_event_in": "license/l"})],
            "fulfilled",
        ),
    ],
)
def test_a_milestone_is_what_the_other_side_said_last(records: list[Record], word: str):
    assert of(*records).word == word


def test_a_milestone_has_all_that_was_said_of_it():
    about = ["license/l", "restriction/r"]
    found = of(
        recorded(1, summary="Magnets", claimed_by="IN", about=about[:1]),
        recorded(2, about=about),
        said(3, "confirmed"),
        record(4, "fulfilled", {"by_event_in": "license/l"}),
    )
    assert (found.stream, found.kind, found.parties, found.title) == (
        "milestone/m",
        "meeting",
        ("IN", "CN"),
        "A meeting",
    )
    assert (found.parties, found.claimed_by) == (("IN", "CN"), "IN")
    assert (found.summary, found.about) == ("Magnets", tuple(about))
    assert (found.day, found.recorded.event) == (Bounds(date(2025, 10, 30), date(2025, 10, 30)), "e1")
    assert (found.answers, found.fulfilled_by, found.position) == ((("CN", "confirmed"),), ("license/l",), 4)
    assert ([claim.event for claim in found.claims], found.set_aside) == (["e1", "e2", "e3", "e4"], ())


def test_of_one_side_the_highest_tier_speaks_and_what_a_lower_one_says_otherwise_is_a_conflict():
    found = of(recorded(1, claimed_by="IN"), said(2, "not_confirmed"), said(3, "confirmed", tier="press_named"))
    assert (found.word, found.answers) == ("not_confirmed", (("CN", "not_confirmed"),))
    assert conflicts(found) == [("e3", "outranked by event e2")]


def test_a_lower_tier_that_says_the_same_contradicts_nothing():
    found = of(recorded(1), said(2, "confirmed"), said(3, "confirmed", tier="press_named"))
    assert (found.word, conflicts(found)) == ("confirmed", [])


def test_each_side_speaks_for_itself():
    found = of(recorded(1), said(2, "confirmed", "US"), said(3, "not_confirmed", "CN", tier="press_named"))
    assert (found.answers, conflicts(found)) == ((("US", "confirmed"), ("CN", "not_confirmed")), [])


def test_a_lower_tiers_other_account_of_a_milestone_is_its_conflict():
    found = of(recorded(1), recorded(2, "press_named", kind="agreement", parties=["IN", "US"], claimed_by="US"))
    assert (found.kind, found.parties) == ("meeting", ("IN", "CN"))
    assert {event for event, _ in conflicts(found)} == {"e2"}
    same = of(recorded(1), recorded(2, "press_named", parties=["CN", "IN"]))
    assert conflicts(same) == []


def test_commentary_on_a_milestone_confirms_nothing_and_is_told():
    found = of(recorded(1, claimed_by="IN"), said(2, "confirmed", tier="commentary"))
    assert (found.word, [one.event for one in found.set_aside]) == ("claimed", ["e2"])


def test_a_milestone_whose_account_was_retracted_is_none():
    gone = Record(2, "e2", "record.retracted", 1, None, DAY, {"event": "e1"}, {"tier": "other_official"})
    assert milestone_of(ledger("milestone/m", [recorded(1), gone])) is None


def test_a_milestone_happened_from_its_day_on():
    found = of(recorded(1))
    days = [happened_by(found, day) for day in (date(2025, 10, 29), date(2025, 10, 30))]
    assert days == [Truth.NO, Truth.YES]
