"""Companies, by country, by stream, by name and by number."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Column, Connection, Text, bindparam, select

from service.domain.company.timeline import Company, asked, company_of, shares_on
from service.domain.parties import Asked, NamedParty, Owner, Party, RegisteredParty, normalized
from service.projections.versions import COUNTRY, ReadModel, known, listing, lists, thing, versioned

table = versioned("companies", Column("country", Text), Column("names", Text), Column("identifiers", Text))
MODEL = ReadModel(
    noun="company",
    table=table,
    fold=company_of,
    columns=lambda company: {
        "country": company.country,
        "names": listing(sorted(company.names)),
        "identifiers": listing(sorted({one.key for one in company.identifiers})),
    },
    concerns=table.c.country == COUNTRY,
)
# A normalized name holds neither of the wildcards of LIKE, nor does the key of a number.
_CALLED = select(table.c.stream).where(
    known(table), MODEL.concerns, lists(table.c.names, bindparam("name", type_=Text))
)
_NUMBERED = (
    select(table.c.stream)
    .where(known(table), lists(table.c.identifiers, bindparam("identifier", type_=Text)))
    .order_by(table.c.stream)
)
_NAMES = select(table.c.stream, table.c.names).where(known(table), table.c.names.is_not(None))


def referred_to(connection: Connection, party: Party, at: int) -> Company | None:
    """The registered company that a party is: by its stream, or by its country and exactly one of its names."""
    if isinstance(party, RegisteredParty):
        return thing(connection, MODEL, at, party.company)
    if isinstance(party, NamedParty):
        streams = _called(connection, normalized(party.name), party.country, at)
        # Two companies of one name are told apart by their streams only.
        return thing(connection, MODEL, at, streams[0]) if len(streams) == 1 else None
    return None


def asked_about(connection: Connection, party: Party, on: date, at: int) -> Asked:
    """A party of a question for a day, with what the register knows of it, and of those who own it directly."""
    company = referred_to(connection, party, at)
    if company is None:
        return asked(party, None, on)
    owners = _once(
        Owner(_alone(connection, share.owner, on, at), share.least, share.most, share.events)
        for share in shares_on(company, on)
    )
    return asked(party, company, on, _shared(connection, company, at), owners)


def _alone(connection: Connection, party: Party, on: date, at: int) -> Asked:
    """A party without its owners: nothing passes further than from a direct owner."""
    company = referred_to(connection, party, at)
    return asked(party, company, on, _shared(connection, company, at) if company else frozenset())


def _once(owners: Iterable[Owner]) -> list[Owner]:
    """An owner that claims call by its stream and by its name is one owner, and its share counts once."""
    found: dict[object, Owner] = {}
    for one in owners:
        who = one.asked.company or one.asked
        before = found.get(who, one)
        events = tuple(dict.fromkeys((*before.events, *one.events)))
        found[who] = Owner(one.asked, max(before.least, one.least), max(before.most, one.most), events)
    return list(found.values())


def _shared(connection: Connection, company: Company, at: int) -> frozenset[str]:
    """Those of its names that another company of its country has too."""
    return frozenset(name for name in company.names if len(_called(connection, name, company.country, at)) > 1)


def _called(connection: Connection, name: str, country: str, at: int) -> list[str]:
    """The companies of a country that have a name, normalized. A name without letters and digits is nobody's."""
    if not name:
        return []
    return list(connection.scalars(_CALLED, {"at": at, "country": country, "name": name}))


def numbered(connection: Connection, key: str, at: int) -> list[Company]:
    """The companies that have a number, by its key; several where a registry's number is not unique."""
    streams = connection.scalars(_NUMBERED, {"at": at, "identifier": key}).all()
    return [found for stream in streams if (found := thing(connection, MODEL, at, stream)) is not None]


def all_names(connection: Connection, at: int, country: str | None = None) -> dict[str, list[str]]:
    """The names of every company, normalized, by its stream; of one country, where one is given."""
    query = _NAMES if country is None else _NAMES.where(MODEL.concerns)
    rows = connection.execute(query, {"at": at} | ({"country": country} if country else {}))
    return {row.stream: row.names.strip("|").split("|") for row in rows}
