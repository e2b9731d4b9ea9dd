"""Companies, by country and by stream."""

from sqlalchemy import Column, Connection, Text

from service.domain.company import Company, company_of
from service.domain.parties import NamedParty, Party, RegisteredParty, normalized
from service.projections.versions import ReadModel, thing, things, versioned

table = versioned("companies", Column("country", Text), Column("names", Text))
MODEL = ReadModel(
    noun="company",
    table=table,
    fold=company_of,
    columns=lambda company: {"country": company.country, "names": f"|{'|'.join(sorted(company.names))}|"},
    concerns=lambda country: table.c.country == country,
)


def referred_to(connection: Connection, party: Party, at: int) -> Company | None:
    """The registered company that a party is: by its stream, or by its country and exactly one of its names."""
    if isinstance(party, RegisteredParty):
        return thing(connection, MODEL, at, party.company)
    if isinstance(party, NamedParty):
        name = f"|{normalized(party.name)}|"
        called = table.c.names.contains(name, autoescape=True)
        found = things(connection, MODEL, at, MODEL.concerns(party.country), called)
        return found[0] if len(found) == 1 else None
    return None
