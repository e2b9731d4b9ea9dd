"""What was set aside, as if it had been followed (rule 30)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from service.domain.claims import Ledger, Record, SetAside
from service.domain.fallen import Fallen, fallen
from service.domain.ledger import ledger
from service.domain.resolve import drives


@dataclass(frozen=True)
class Texts:
    """The simplest thing: all that moving claims say."""

    said: tuple[str, ...]
    set_aside: tuple[SetAside, ...]


def texts(found: Ledger) -> Texts | None:
    moving, idle = drives(found.claims)
    said = tuple(str(getattr(claim.data, "text", "")) for claim in moving)
    return Texts(said, (*found.set_aside, *idle)) if said else None


def note(number: int, text: str, tier: str = "press_named") -> Record:
    data = {"kind": "other", "text": text}
    return Record(number, f"e{number}", "note.recorded", 1, None, date(2025, 11, 1), data, {"tier": tier})


def about(number: int, act: str, of: int, tier: str = "press_named", **more: Any) -> Record:
    data: dict[str, Any] = {"event": f"e{of}", **more}
    return Record(number, f"e{number}", f"record.{act}", 1, None, date(2025, 11, 1), data, {"tier": tier})


def of(*records: Record) -> Fallen[Texts] | None:
    return fallen(ledger("note/n", records), texts)


def test_of_a_stream_that_is_followed_as_it_was_said_nothing_fell():
    assert of(note(1, "a")) is None
    assert of(note(1, "a"), note(2, "b")) is None
    assert of() is None


def test_a_stream_of_which_nothing_is_left_is_told_as_it_was():
    found = of(note(1, "a"), about(2, "retracted", 1))
    assert found is not None
    assert (found.as_if.said, [one.event for one in found.set_aside]) == (("a",), ["e1"])


def test_commentary_alone_is_told_as_what_it_would_say():
    found = of(note(1, "a", "commentary"))
    assert found is not None
    assert (found.as_if.said, [one.reason for one in found.set_aside]) == (("a",), ["commentary moves no status"])


def test_what_was_corrected_or_outranked_is_told_beside_what_stands():
    new, rival = ({"kind": "other", "text": text} for text in ("b", "c"))
    found = of(note(1, "a"), about(2, "corrected", 1, "issuer_text", data=new), about(3, "corrected", 1, data=rival))
    assert found is not None
    assert set(found.as_if.said) == {"a", "b", "c"}
    assert {one.event for one in found.set_aside} == {"e1", "e3"}


def test_a_redacted_record_says_nothing_that_could_be_told():
    data = {"redacted": True}
    gone = Record(1, "e1", "note.recorded", 1, None, date(2025, 11, 1), data, data)
    assert of(gone) is None
