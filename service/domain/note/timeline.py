"""A note: what is worth keeping and moves no status."""

from dataclasses import dataclass

from service.domain.claims import Claim, Ledger
from service.domain.commodity.match import Commodity
from service.domain.note.events import NoteRecorded


@dataclass(frozen=True, slots=True)
class Note:
    stream: str
    kind: str
    text: str
    about: tuple[str, ...]
    countries: tuple[str, ...]
    commodities: tuple[Commodity, ...]
    claims: tuple[Claim, ...]
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
        claims=tuple(notes),
        position=ledger.position,
    )
