"""Notes, by the countries that they concern."""

from sqlalchemy import Column, Connection, Text

from service.domain.note import Note, note_of
from service.projections.versions import ReadModel, things, versioned

table = versioned("notes", Column("countries", Text))
MODEL = ReadModel(
    noun="note",
    table=table,
    fold=note_of,
    columns=lambda note: {"countries": f" {' '.join(note.countries)} "},
    concerns=lambda country: table.c.countries.contains(f" {country} "),
)


def of_country(connection: Connection, country: str, at: int) -> list[Note]:
    return things(connection, MODEL, at, MODEL.concerns(country))
