"""A note, its day, before which it stands beside no answer (rule 30)."""

from datetime import date
from typing import Any

import pytest

from service.domain.claims import Record
from service.domain.ledger import ledger
from service.domain.note.timeline import Note, note_of, told_by
from service.domain.truth import Truth

ON = date(2025, 7, 1)


def record(number: int, effective: str | None = "2025-06-15", **said: Any) -> Record:
    data = {"kind": "practice", "text": f"n{number}", **said}
    source = {"tier": "press_named", "published_at": "2025-06-20"}
    return Record(number, f"e{number}", "note.recorded", 1, effective, date(2025, 11, 1), data, source)


def note(effective: str | None = "2025-06-15", **said: Any) -> Note:
    found = note_of(ledger("note/n", [record(1, effective, **said)]))
    assert found is not None
    return found


def test_the_newest_note_of_a_stream_is_the_note():
    found = note_of(ledger("note/n", [record(1), record(2, countries=["CN"])]))
    assert found is not None
    assert (found.text, found.countries, len(found.claims), found.position) == ("n2", ("CN",), 2, 2)


def test_a_note_that_was_retracted_is_none():
    gone = Record(2, "e2", "record.retracted", 1, None, ON, {"event": "e1"}, {"tier": "press_named"})
    assert note_of(ledger("note/n", [record(1), gone])) is None
    assert note_of(ledger("note/n", [])) is None


def test_a_notes_day_is_the_one_stated_or_some_day_up_to_its_sources():
    assert (str(note().day.earliest), str(note().day.latest)) == ("2025-06-15", "2025-06-15")
    assert (note(None).day.earliest, str(note(None).day.latest)) == (None, "2025-06-20")


@pytest.mark.parametrize(("on", "told"), [(date(2025, 6, 14), Truth.NO), (date(2025, 6, 15), Truth.YES)])
def test_a_note_tells_of_nothing_before_its_day(on: date, told: Truth):
    assert told_by(note(), on) is told
    assert told_by(note(None), on) is Truth.POSSIBLE
