"""Companies, by country, by stream, by name and by number."""

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import Connection, Text, bindparam, select

from service.domain.company.events import identifier_key
from service.domain.company.timeline import Company, asked, company_of, shares_on
from service.domain.event import JSON
from service.domain.parties import Asked, NamedParty, Owner, Party, RegisteredParty, normalized
from service.projections.read_model import ReadModel, thing, things
from service.projections.tables import AT, COUNTRY, LIVE, bounded, lookups


def keys(data: JSON) -> Iterator[str]:
    """A name is looked up in the company's country; one that is learned later than the country, in any."""
    if country := data.get("country"):
        yield f"{COUNTRY}{country}"
    for spelled in (data.get("name"), *(data.get("aliases") or ())):
        if spelled and (name := normalized(spelled)):
            yield f"{NAMED}{name}"
    for one in data.get("identifiers") or ():
        yield f"{NUMBERED}{identifier_key(one['scheme'], one['value'])}"


NAMED, NUMBERED = "name ", "number "
MODEL = ReadModel(
    noun="company",
    fold=company_of,
    keys=keys,
    concerns=lambda company, country: company.country == country,
)
_NAMES = select(lookups.c.stream, lookups.c.key).where(
    lookups.c.generation == LIVE,
    lookups.c.noun == MODEL.noun,
    lookups.c.known_from <= AT,
    lookups.c.key.between(NAMED, f"{NAMED.rstrip()}!"),
)
_OF_COUNTRY = lookups.alias()
_NAMES_OF_COUNTRY = _NAMES.where(
    select(_OF_COUNTRY.c.stream)
    .where(
        _OF_COUNTRY.c.generation == LIVE,
        _OF_COUNTRY.c.noun == MODEL.noun,
        _OF_COUNTRY.c.key == bindparam("country", type_=Text),
        _OF_COUNTRY.c.stream == lookups.c.stream,
    )
    .exists()
)


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
    found = things(connection, MODEL, at, country=country, having=[[bounded(f"{NAMED}{name}")]])
    return [company.stream for company in found if name in company.names]


def numbered(connection: Connection, key: str, at: int) -> list[Company]:
    """The companies that have a number, by its key; several where a registry's number is not unique."""
    found = things(connection, MODEL, at, having=[[bounded(f"{NUMBERED}{key}")]])
    return [company for company in found if key in {one.key for one in company.identifiers}]


def all_names(connection: Connection, at: int, country: str | None = None) -> dict[str, list[str]]:
    """The names that any record gave every company, normalized, by its stream; of one country, where one is given.

    A name that was retracted since is among them: the company that it finds tells whether it has it.
    """
    given = {"at": at} | ({"country": f"{COUNTRY}{country}"} if country else {})
    found: dict[str, list[str]] = {}
    for row in connection.execute(_NAMES_OF_COUNTRY if country else _NAMES, given):
        found.setdefault(row.stream, []).append(row.key.removeprefix(NAMED))
    return found
