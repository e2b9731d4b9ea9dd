"""Companies, by country, by stream and by name."""

from sqlalchemy import Column, Connection, Text, bindparam, select

from service.domain.company import Company, company_of
from service.domain.parties import NamedParty, Party, RegisteredParty, normalized
from service.projections.versions import COUNTRY, ReadModel, known, listing, lists, thing, versioned

table = versioned("companies", Column("country", Text), Column("names", Text))
MODEL = ReadModel(
    noun="company",
    table=table,
    fold=company_of,
    columns=lambda company: {"country": company.country, "names": listing(sorted(company.names))},
    concerns=table.c.country == COUNTRY,
)
# A normalized name holds neither of the wildcards of LIKE.
_CALLED = select(table.c.stream).where(
    known(table), MODEL.concerns, lists(table.c.names, bindparam("name", type_=Text))
)


def referred_to(connection: Connection, party: Party, at: int) -> Company | None:
    """The registered company that a party is: by its stream, or by its country and exactly one of its names."""
    if isinstance(party, RegisteredParty):
        return thing(connection, MODEL, at, party.company)
    if isinstance(party, NamedParty):
        asked = {"at": at, "country": party.country, "name": normalized(party.name)}
        streams = connection.scalars(_CALLED, asked).all()
        # Two companies of one name are told apart by their streams only.
        return thing(connection, MODEL, at, streams[0]) if len(streams) == 1 else None
    return None
