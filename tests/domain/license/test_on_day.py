"""What a license is for, it says only of a day: an amendment is seen from its own day on, wherever it is asked."""

from datetime import date

import pytest

from service.domain.license.on_day import LicenseOnDay
from service.domain.license.timeline import LicenseTimeline
from service.domain.parties import NamedParty
from tests.answers.facts import period
from tests.domain.license.told import act, grant, told

SEEN_ON_A_DAY = ("type", "terms", "destinations", "parties", "lines", "validity", "conditions", "state", "remaining")
NEW_USER = {"name": "Mahle Electric India", "country": "IN"}


@pytest.mark.parametrize("name", SEEN_ON_A_DAY)
def test_a_timeline_is_not_a_state(name: str):
    assert hasattr(LicenseOnDay, name) or name in LicenseOnDay.__dataclass_fields__
    assert not hasattr(LicenseTimeline, name)
    assert name not in LicenseTimeline.__dataclass_fields__


def test_an_amendment_is_seen_from_its_own_day_on_in_all_that_it_changes():
    license_ = told(
        grant(lines=[{"commodity": {"name": "gallium"}}]),
        act(
            "amended",
            "2025-08-01",
            destination="SG",
            licensee=NEW_USER,
            lines=[{"commodity": {"name": "germanium"}}],
            validity=period(None, "2026-06-30"),
            conditions={"end_uses": ["civil"]},
        ),
    )
    before, after = license_.on(date(2025, 7, 31)), license_.on(date(2025, 8, 1))
    assert (before.destinations, after.destinations) == (("IN",), ("SG",))
    assert [[line.line.commodity.name for line in one.lines] for one in (before, after)] == [["gallium"], ["germanium"]]
    assert [one.validity.through if one.validity else None for one in (before, after)] == ["2025-12-31", "2026-06-30"]
    assert [len(one.conditions) for one in (before, after)] == [0, 1]
    assert [party.party for party in after.parties if party.role == "licensee"] == [NamedParty(**NEW_USER)]


def test_an_amended_start_counts_from_the_day_of_the_amendment():
    license_ = told(grant("2025-04-01"), act("amended", "2025-04-15", validity=period("2025-06-01", None)))
    words = {day: license_.on(date.fromisoformat(day)).state.word for day in ("2025-05-31", "2025-06-01", "2026-01-01")}
    assert words == {"2025-05-31": "not_yet_valid", "2025-06-01": "active", "2026-01-01": "expired"}
    validity = license_.on(date(2025, 6, 1)).validity
    assert validity
    assert (validity.from_, validity.through) == ("2025-06-01", "2025-12-31")


def test_a_license_is_looked_up_by_all_that_it_is_for_on_some_day():
    lines = [[{"commodity": {"name": name}}] for name in ("gallium", "germanium")]
    license_ = told(grant(lines=lines[0]), act("amended", "2025-08-01", destination="SG", lines=lines[1]))
    assert license_.every_destination == ("IN", "SG")
    assert [line.line.commodity.name for line in license_.every_line] == ["gallium", "germanium"]


def test_an_amendment_of_a_vague_day_leaves_both_terms_possible_the_old_ones_first():
    license_ = told(grant(), act("amended", "2025-08", destination="SG"))
    found = {day: license_.on(date.fromisoformat(day)) for day in ("2025-07-31", "2025-08-01", "2025-08-31")}
    told_on = {day: [terms.destinations for terms in one.possible_terms] for day, one in found.items()}
    assert told_on == {"2025-07-31": [("IN",)], "2025-08-01": [("IN",), ("SG",)], "2025-08-31": [("SG",)]}
