"""Notes, by the countries that they concern."""

from collections.abc import Iterator

from service.domain.event import JSON
from service.domain.note.timeline import note_of
from service.projections.read_model import ReadModel
from service.projections.tables import COUNTRY


def keys(data: JSON) -> Iterator[str]:
    yield from (f"{COUNTRY}{country}" for country in data.get("countries") or ())


MODEL = ReadModel(
    noun="note",
    fold=note_of,
    keys=keys,
    concerns=lambda note, country: country in note.countries,
)
