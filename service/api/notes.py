"""Notes: a page of them, one, and its history."""

from datetime import date

from service.api.shape import Shape, ThingPage, slug
from service.api.things import router_for
from service.domain.commodity.match import Commodity
from service.domain.note.timeline import Note
from service.projections import notes
from service.register.reasons import said_by
from service.register.shapes import SaidBy


class NoteRead(Shape):
    """What is worth keeping and moves no status, and the day on which it was so."""

    id: str
    kind: str
    text: str
    about: list[str]
    countries: list[str]
    commodities: list[Commodity]
    earliest: date | None
    latest: date | None
    said_by: list[SaidBy]
    position: int


class NotePage(ThingPage):
    """Notes, a page of them."""

    notes: list[NoteRead]


def note_read(found: Note, _on: date) -> NoteRead:
    return NoteRead(
        id=slug(found.stream),
        kind=found.kind,
        text=found.text,
        about=list(found.about),
        countries=list(found.countries),
        commodities=list(found.commodities),
        earliest=found.day.earliest,
        latest=found.day.latest,
        said_by=said_by(found.claims),
        position=found.position,
    )


router = router_for(notes.MODEL, "notes", note_read, NoteRead, NotePage)
