"""Provisions, by controlling country, by goods and by destination."""

from collections.abc import Iterator, Mapping, Sequence
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
from service.projections.read_model import AnyOf, ReadModel, by_country, either, of_streams, things
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


def candidates(
    connection: Connection, countries: Sequence[str], at: int, subject: Subject, definitions: Definitions
) -> dict[str, list[RestrictionTimeline]]:
    """The provisions of some countries that may bear on a question by their goods and destinations, by country."""
    lines = goods.keys_for(connection, MODEL.noun, countries, at, (subject.commodity, definitions))
    found = either(connection, MODEL, at, [[keys, *_towards(subject)] for keys in lines])
    return by_country(countries, found, _controller)


def _towards(subject: Subject) -> list[AnyOf]:
    """The keys of what may reach the ends of a question, where it names any."""
    ends = [end for end in (subject.destination, subject.final_destination) if end]
    return [[*(f"{TO}{country}" for country in ends), f"{TO}{ANYWHERE}"]] if ends else []


def towards(connection: Connection, controller: str, at: int, country: str) -> list[RestrictionTimeline]:
    """A country's provisions that may reach a destination."""
    having = [[f"{TO}{country}", f"{TO}{ANYWHERE}"]]
    return things(connection, MODEL, at, country=controller, having=having)


def naming(
    connection: Connection, countries: Sequence[str], at: int, subject: Subject, _definitions: Definitions
) -> dict[str, list[RestrictionTimeline]]:
    """The provisions of some countries that list a party of a question or one who owns it, or may, whatever the goods;
    and what bears on these: exemptions, rules about affiliates, provisions of the same instrument, and what replaced
    them. By country."""
    to = [*_towards(subject), [f"{COUNTRY}{country}" for country in countries]]
    parties = [one for _, party in subject.parties for one in (party, *(owner.asked for owner in party.owners))]
    if any(party.form in UNNAMED or party.more_owners for party in parties):
        return by_country(countries, things(connection, MODEL, at, having=to), _controller)
    companies = {one for party in parties for one in (party.company, *(near.company for near in party.near)) if one}
    keys = [*(f"{LISTS}{company}" for company in sorted(companies)), f"{LISTS}{ANYWHERE}"]
    found = {one.stream: one for one in things(connection, MODEL, at, having=[keys, *to])}
    streams = {stream for party in parties for stream in _named_alike(connection, party, at)}
    found |= of_streams(connection, MODEL, at, streams - found.keys())
    found |= _bearing_on(connection, countries, at, [one for one in found.values() if one.controller in countries])
    return by_country(countries, (found[stream] for stream in sorted(found)), _controller)


def _named_alike(connection: Connection, party: Asked, at: int) -> Iterator[str]:
    names = {*party.names, *party.shared_names, *(name for near in party.near for name in near.names)}
    for name in sorted(names):
        yield from listed_names(connection.engine).find(connection, name, at, party.alike_from)


def _bearing_on(
    connection: Connection, countries: Sequence[str], at: int, found: Sequence[RestrictionTimeline]
) -> dict[str, RestrictionTimeline]:
    """The provisions of the instruments that reports speak of, and those that are said to have replaced another."""
    reports = [one for one in found if not one.announced]
    numbers = {number for one in reports for each in one.every_instrument if (number := number_of(each))}
    same = [bounded(f"{INSTRUMENT}{number}") for number in sorted(numbers)]
    of = [f"{COUNTRY}{country}" for country in countries]
    others = things(connection, MODEL, at, having=[same, of]) if same else []
    repeals = [act.data for one in found for act in one.acts if isinstance(act.data, RestrictionRepealed)]
    later = {data.superseded_by for data in repeals if data.superseded_by}
    return {one.stream: one for one in others} | of_streams(connection, MODEL, at, later)


def _controller(provision: RestrictionTimeline) -> str:
    return provision.controller


def for_everybody(
    connection: Connection, countries: Sequence[str], at: int, country: str
) -> dict[str, list[RestrictionTimeline]]:
    """The provisions of some countries that may reach every company of a destination, by country."""
    having: list[AnyOf] = [[f"{TO}{country}", f"{TO}{ANYWHERE}"], [EVERYBODY]]
    return by_country(countries, things(connection, MODEL, at, having=having), _controller)


def fallen_candidates(
    connection: Connection, countries: Sequence[str], at: int, subject: Subject, definitions: Definitions
) -> dict[str, list[Fallen[RestrictionTimeline]]]:
    """Those of which something was set aside, as if it had not been."""
    lines = goods.keys_for(connection, MODEL.noun, countries, at, (subject.commodity, definitions))
    found = either(connection, FALLEN, at, [[keys, *_towards(subject), SET_ASIDE] for keys in lines])
    return by_country(countries, found, lambda one: one.as_if.controller)
