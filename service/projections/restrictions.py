"""Provisions, by controlling country, by goods and by destination."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from service.domain.commodity.match import Definitions
from service.domain.company.names import normalized
from service.domain.countries import GROUP_OF_CODE
from service.domain.event import JSON
from service.domain.fallen import Fallen
from service.domain.parties import UNNAMED, Asked
from service.domain.restriction.events import RestrictionRepealed
from service.domain.restriction.fold import restriction_timeline
from service.domain.restriction.same_instrument import number_of, one_spelling
from service.domain.restriction.timeline import RestrictionTimeline
from service.domain.scope import Subject
from service.projections import goods
from service.projections.names import Names
from service.projections.read_model import AnyOf, ReadModel, any_there, of_streams, things
from service.projections.tables import COUNTRY, EVERYBODY, INSTRUMENT, LISTS, NAMED, REPORTED, SET_ASIDE, bounded

TO = "to "
ANYWHERE = "*"
REACHING_OTHERS = ("affiliates_rule", "exemption")
"""Kinds that bear on parties whom they do not list."""
ROLES = ("end_users", "exporters")


def keys(data: JSON) -> Iterator[str]:
    if controller := data.get("controller"):
        yield f"{COUNTRY}{controller}"
    if data.get("kind") in REACHING_OTHERS:
        yield f"{LISTS}{ANYWHERE}"
    if "state" in data:
        yield REPORTED
    if number := _number(data.get("instrument")):
        yield f"{INSTRUMENT}{number}"
    scope = data.get("scope")
    if isinstance(scope, Mapping):
        yield from goods.keys_of_lines(scope.get("commodities"))
        yield from _parties(scope)
        yield from (f"{TO}{place}" for place in _places(scope.get("destinations")))


def _parties(scope: Mapping[str, Any]) -> Iterator[str]:
    """The parties that are listed. One who has no name, or one that no key holds, may be anyone."""
    if all(scope.get(role) in (None, "all") for role in ROLES):
        yield EVERYBODY
    for role in ROLES:
        listed = scope.get(role)
        for party in (listed.get("only") or ()) if isinstance(listed, Mapping) else ():
            name = f"{NAMED}{normalized(party.get('name', ''))}"
            if "company" in party:
                yield f"{LISTS}{party['company']}"
            elif name != NAMED and bounded(name) == name:
                yield name
            else:
                yield f"{LISTS}{ANYWHERE}"


def _number(instrument: Any) -> str | None:
    stated = instrument.get("number") if isinstance(instrument, Mapping) else None
    return one_spelling(stated) if isinstance(stated, str) else None


def of_number(number: str) -> AnyOf:
    """The key of the rules of an instrument by its number, in any spelling."""
    return [f"{INSTRUMENT}{one_spelling(number)}"]


def _places(destinations: Any) -> list[str]:
    """The countries that alone are named; a group of them, or all but some, may be any."""
    only = destinations.get("only") if isinstance(destinations, Mapping) else None
    return [ANYWHERE if "/" in place or place in GROUP_OF_CODE else place for place in only] if only else [ANYWHERE]


MODEL = ReadModel(
    noun="restriction",
    fold=restriction_timeline,
    keys=keys,
    concerns=lambda provision, country: provision.controller == country,
    dated=True,
)


FALLEN = MODEL.fallen
_of_engine: WeakKeyDictionary[Engine, Names] = WeakKeyDictionary()
_opening = Lock()


def listed_names(engine: Engine) -> Names:
    """The names of the parties that the restrictions of one database list, each with the stream that lists it."""
    with _opening:
        # A name that no key holds is looked up as anyone's.
        return _of_engine.setdefault(engine, Names(MODEL.noun, lambda *_: ()))


def narrowing(
    connection: Connection, controller: str, at: int, subject: Subject, definitions: Definitions
) -> list[AnyOf] | None:
    """Lists of keys: a provision that may bear on a question by its goods and destinations has a key of each of them.
    None: there is no such provision."""
    lines = goods.keys_for(connection, MODEL.noun, controller, at, (subject.commodity, definitions))
    if lines == []:
        return None
    having: list[AnyOf] = [] if lines is None else [lines]
    if ends := [end for end in (subject.destination, subject.final_destination) if end]:
        having.append([*(f"{TO}{country}" for country in ends), f"{TO}{ANYWHERE}"])
    return having


def candidates(
    connection: Connection, controller: str, at: int, subject: Subject, definitions: Definitions
) -> list[RestrictionTimeline]:
    """A country's provisions that may bear on a question."""
    having = narrowing(connection, controller, at, subject, definitions)
    return things(connection, MODEL, at, country=controller, having=having) if having is not None else []


def towards(connection: Connection, controller: str, at: int, country: str) -> list[RestrictionTimeline]:
    """A country's provisions that may reach a destination."""
    having = [[f"{TO}{country}", f"{TO}{ANYWHERE}"]]
    return things(connection, MODEL, at, country=controller, having=having)


def naming(connection: Connection, controller: str, at: int, subject: Subject) -> list[RestrictionTimeline]:
    """A country's provisions that list a party of a question or one who owns it, or may, whatever the goods; and what
    bears on these: exemptions, rules about affiliates, provisions of the same instrument, and what replaced them."""
    ends = [end for end in (subject.destination, subject.final_destination) if end]
    to: list[AnyOf] = [[*(f"{TO}{country}" for country in ends), f"{TO}{ANYWHERE}"]] if ends else []
    parties = [one for _, party in subject.parties for one in (party, *(owner.asked for owner in party.owners))]
    if any(party.form in UNNAMED or party.more_owners for party in parties):
        return things(connection, MODEL, at, country=controller, having=to)
    companies = {one for party in parties for one in (party.company, *(near.company for near in party.near)) if one}
    keys = [*(f"{LISTS}{company}" for company in sorted(companies)), f"{LISTS}{ANYWHERE}"]
    found = {one.stream: one for one in things(connection, MODEL, at, country=controller, having=[keys, *to])}
    streams = {stream for party in parties for stream in _named_alike(connection, party, at)}
    found |= _of(connection, controller, at, streams - found.keys())
    found |= _bearing_on(connection, controller, at, list(found.values()))
    return [found[stream] for stream in sorted(found)]


def _named_alike(connection: Connection, party: Asked, at: int) -> Iterator[str]:
    names = {*party.names, *party.shared_names, *(name for near in party.near for name in near.names)}
    for name in sorted(names):
        yield from listed_names(connection.engine).find(connection, name, at, party.alike_from)


def _bearing_on(
    connection: Connection, controller: str, at: int, found: Sequence[RestrictionTimeline]
) -> dict[str, RestrictionTimeline]:
    """The provisions of the instruments that reports speak of, and those that are said to have replaced another."""
    reports = [one for one in found if not one.announced]
    numbers = {number for one in reports for each in one.every_instrument if (number := number_of(each))}
    same = [bounded(f"{INSTRUMENT}{number}") for number in sorted(numbers)]
    others = things(connection, MODEL, at, country=controller, having=[same]) if same else []
    repeals = [act.data for one in found for act in one.acts if isinstance(act.data, RestrictionRepealed)]
    later = {data.superseded_by for data in repeals if data.superseded_by}
    return {one.stream: one for one in others} | _of(connection, controller, at, later)


def _of(connection: Connection, controller: str, at: int, streams: Iterable[str]) -> dict[str, RestrictionTimeline]:
    found = of_streams(connection, MODEL, at, streams)
    return {stream: one for stream, one in found.items() if one.controller == controller}


def for_everybody(connection: Connection, controller: str, at: int, country: str) -> list[RestrictionTimeline]:
    """A country's provisions that may reach every company of a destination."""
    having: list[AnyOf] = [[EVERYBODY], [f"{TO}{country}", f"{TO}{ANYWHERE}"]]
    return things(connection, MODEL, at, country=controller, having=having)


def fallen_candidates(
    connection: Connection, controller: str, at: int, subject: Subject, definitions: Definitions
) -> list[Fallen[RestrictionTimeline]]:
    """Those of which something was set aside, as if it had not been."""
    having = narrowing(connection, controller, at, subject, definitions)
    if having is None or not any_there(connection, MODEL, at, controller, having):
        return []
    return things(connection, FALLEN, at, country=controller, having=[SET_ASIDE, *having])
