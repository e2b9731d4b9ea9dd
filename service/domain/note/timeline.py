"""A note: what is worth keeping and moves no status."""

from dataclasses import dataclass
from datetime import date

from service.domain.claims import Claim, Ledger, SetAside
from service.domain.commodity.match import Commodity
from service.domain.dates import Bounds, reached
from service.domain.note.events import NoteRecorded
from service.domain.truth import Truth


@dataclass(frozen=True, slots=True)
class Note:
    stream: str
    kind: str
    text: str
    about: tuple[str, ...]
    countries: tuple[str, ...]
    commodities: tuple[Commodity, ...]
    day: Bounds
    """When what it tells was so: `effective`, or some day up to its source's."""
    claims: tuple[Claim, ...]
    set_aside: tuple[SetAside, ...]
    position: int


def note_of(ledger: Ledger) -> Note | None:
    """The newest note of a stream; None where all of them were retracted."""
    notes = [claim for claim in ledger.claims if isinstance(claim.data, NoteRecorded)]
    if not notes or not isinstance(data := notes[-1].data, NoteRecorded):
        return None
    return Note(
        stream=ledger.stream,
        kind=data.kind,
        text=data.text,
        about=tuple(data.about),
        countries=tuple(data.countries),
        commodities=tuple(data.commodities),
        day=notes[-1].day,
        claims=tuple(notes),
        set_aside=ledger.set_aside,
        position=ledger.position,
    )


def told_by(note: Note, on: date) -> Truth:
    """Whether what it tells was so by a day: a note stands beside no answer for a day before its own (rule 30)."""
    return reached(note.day, on)
