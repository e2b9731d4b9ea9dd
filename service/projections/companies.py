"""Companies, by country, by stream, by name and by number."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Text, bindparam, select

from service.domain.company.asking import asked_about
from service.domain.company.events import identifier_key
from service.domain.company.names import normalized
from service.domain.company.timeline import Company, company_of
from service.domain.event import JSON
from service.domain.parties import Asked, Party
from service.projections.depends import note, noun_key
from service.projections.names import NAMES, Names
from service.projections.read_model import TOGETHER, ReadModel, of_streams, thing, things
from service.projections.tables import ALL, COUNTRY, LIVE, NAMED, NUMBERED, bounded, lookups


def keys(data: JSON) -> Iterator[str]:
    """A name is looked up in the company's country; one that is learned later than the country, in any."""
    if country := data.get("country"):
        yield f"{COUNTRY}{country}"
    for spelled in (data.get("name"), *(data.get("aliases") or ())):
        if spelled and (name := normalized(spelled)):
            yield f"{NAMED}{name}"
    for one in data.get("identifiers") or ():
        yield f"{NUMBERED}{identifier_key(one['scheme'], one['value'])}"


ENOUGH = 200
"""How many companies are looked at for the closest names, at least, however few are asked for."""
OF_ONE_COUNTRY = 10
"""How many times as many where only those of one country count."""

MODEL = ReadModel(
    noun="company",
    fold=company_of,
    keys=keys,
    concerns=lambda company, country: company.country == country,
)
_OF_COUNTRY = lookups.alias()
_NAMES_OF_COUNTRY = NAMES.where(
    select(_OF_COUNTRY.c.stream)
    .where(
        _OF_COUNTRY.c.generation == LIVE,
        _OF_COUNTRY.c.noun == MODEL.noun,
        _OF_COUNTRY.c.key == bindparam("country", type_=Text),
        _OF_COUNTRY.c.stream == lookups.c.stream,
    )
    .exists()
)


def _all_names(connection: Connection, stream: str, at: int) -> Iterable[str]:
    company = thing(connection, MODEL, at, stream)
    return company.names if company else ()


_of_engine: WeakKeyDictionary[Engine, Names] = WeakKeyDictionary()
_opening = Lock()


def names_of(engine: Engine) -> Names:
    """The names of one database: another one may hold other companies at the same positions."""
    with _opening:
        return _of_engine.setdefault(engine, Names(MODEL.noun, _all_names))


@dataclass(frozen=True, slots=True)
class CompaniesAt:
    """The registered companies as they were known at a log position."""

    connection: Connection
    at: int
    _like: dict[tuple[str, int], Sequence[Company]] = field(default_factory=dict, compare=False)
    """Those found for a name, which one question about a party looks for several times."""

    def get(self, stream: str) -> Company | None:
        return thing(self.connection, MODEL, self.at, stream)

    def like(self, name: str, least: int) -> Iterable[Company]:
        if (name, least) not in self._like:
            streams = names_of(self.connection.engine).find(self.connection, name, self.at, least)
            found = of_streams(self.connection, MODEL, self.at, streams) if streams else {}
            self._like[name, least] = list(found.values())
        return self._like[name, least]


def asked_of(connection: Connection, party: Party, on: date, at: int) -> Asked:
    """A party of a question for a day, with what the register knows of it, and of those who own it."""
    return asked_about(party, on, CompaniesAt(connection, at), names_of(connection.engine).alike_from)


def numbered(connection: Connection, key: str, at: int) -> list[Company]:
    """The companies that have a number, by its key; several where a registry's number is not unique."""
    found = things(connection, MODEL, at, having=[[bounded(f"{NUMBERED}{key}")]])
    return [company for company in found if key in {one.key for one in company.identifiers}]


def names_like(
    connection: Connection, at: int, words: str, limit: int, country: str | None = None
) -> dict[str, list[str]]:
    """The names, normalized, of the companies of which one may be like some words, by their streams; of one country,
    where one is given: at least the closest that `limit` asks for.

    A name that was retracted since is among them: the company that it finds tells whether it has it.
    """
    note((noun_key(MODEL.noun, f"{COUNTRY}{country}" if country else ALL),))
    enough = max(ENOUGH, limit) * (OF_ONE_COUNTRY if country else 1)
    streams = names_of(connection.engine).search(connection, normalized(words), at, enough)
    given = {"noun": MODEL.noun, "at": at} | ({"country": f"{COUNTRY}{country}"} if country else {})
    query = _NAMES_OF_COUNTRY if country else NAMES
    found: dict[str, list[str]] = {}
    for first in range(0, len(streams), TOGETHER):
        of = query.where(lookups.c.stream.in_(streams[first : first + TOGETHER]))
        for row in connection.execute(of, given):
            found.setdefault(row.stream, []).append(row.key.removeprefix(NAMED))
    return found
