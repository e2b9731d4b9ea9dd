"""Notes, by the countries that they concern."""

from sqlalchemy import Column, Text

from service.domain.note.timeline import note_of
from service.projections.versions import COUNTRY, ReadModel, listing, lists, versioned

table = versioned("notes", Column("countries", Text))
MODEL = ReadModel(
    noun="note",
    table=table,
    fold=note_of,
    columns=lambda note: {"countries": listing(note.countries)},
    concerns=lists(table.c.countries, COUNTRY),
)
