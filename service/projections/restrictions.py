"""Provisions, by controlling country, by goods and by destination."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from service.domain.commodity.match import Definitions
from service.domain.countries import GROUP_OF_CODE
from service.domain.event import JSON
from service.domain.fallen import Fallen
from service.domain.restriction.fold import restriction_timeline
from service.domain.restriction.same_instrument import one_spelling
from service.domain.restriction.timeline import RestrictionTimeline
from service.domain.scope import Subject
from service.projections import goods
from service.projections.read_model import AnyOf, ReadModel, any_there, things
from service.projections.tables import COUNTRY, INSTRUMENT, REPORTED, SET_ASIDE

TO = "to "
ANYWHERE = "*"


def keys(data: JSON) -> Iterator[str]:
    if controller := data.get("controller"):
        yield f"{COUNTRY}{controller}"
    if "state" in data:
        yield REPORTED
    if number := _number(data.get("instrument")):
        yield f"{INSTRUMENT}{number}"
    scope = data.get("scope")
    if isinstance(scope, Mapping):
        yield from goods.keys_of_lines(scope.get("commodities"))
        yield from (f"{TO}{place}" for place in _places(scope.get("destinations")))


def _number(instrument: Any) -> str | None:
    stated = instrument.get("number") if isinstance(instrument, Mapping) else None
    return one_spelling(stated) if isinstance(stated, str) else None


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


def fallen_candidates(
    connection: Connection, controller: str, at: int, subject: Subject, definitions: Definitions
) -> list[Fallen[RestrictionTimeline]]:
    """Those of which something was set aside, as if it had not been."""
    having = narrowing(connection, controller, at, subject, definitions)
    if having is None or not any_there(connection, MODEL, at, controller, having):
        return []
    return things(connection, FALLEN, at, country=controller, having=[SET_ASIDE, *having])
