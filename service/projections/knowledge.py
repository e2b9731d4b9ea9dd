"""What was known at a log position about a controlling country, gathered from the read models."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, ScalarSelect, Text, bindparam, select

from service.domain.commodity.definition import definitions_of
from service.domain.commodity.match import Definitions
from service.domain.determine import Knowledge
from service.domain.group.timeline import Groups
from service.domain.license.timeline import LicenseTimeline
from service.domain.restriction.timeline import RestrictionTimeline
from service.projections import checks, commodities, goods, groups, licenses, milestones, notes, restrictions
from service.projections.budget import spend
from service.projections.countries import countries_of
from service.projections.depends import CONTROLLERS, newest_of, note, noun_key, stream_key, unnoted
from service.projections.read_model import ReadModel, thing, things
from service.projections.seen import public_by
from service.projections.tables import AT, COUNTRY, LIVE, PUBLISHED, lookups

ABOUT_A_COUNTRY: tuple[ReadModel[Any], ...] = (restrictions.MODEL, licenses.MODEL, milestones.MODEL, notes.MODEL)
CONTROLLED: tuple[ReadModel[Any], ...] = (restrictions.MODEL, licenses.MODEL)


def _newest(noun: str) -> ScalarSelect[Any]:
    """The newest day of publication about a country, read from the end of an index rather than over all of them."""
    key = lookups.c.key
    ours = (lookups.c.generation == LIVE) & (lookups.c.noun == noun) & (lookups.c.known_from <= AT)
    about = key.between(bindparam("from", type_=Text), bindparam("to", type_=Text))
    return select(key).where(ours, about).order_by(key.desc()).limit(1).scalar_subquery()


_PUBLISHED = select(*(_newest(model.noun) for model in ABOUT_A_COUNTRY))


@dataclass(frozen=True, slots=True)
class Controller:
    """A controlling country, and the days through which its sources were recorded and looked through (rule 33)."""

    code: str
    recorded_through: date | None
    checked_through: date | None


@dataclass(frozen=True, slots=True)
class Defined:
    """What names stood for at a log position: commodities, and groups of countries."""

    commodities: Definitions
    groups: Groups


def defined(connection: Connection, at: int) -> Defined:
    return Defined(
        commodities=definitions_of(things(connection, commodities.MODEL, at)),
        groups={group.stream: group for group in things(connection, groups.MODEL, at)},
    )


def controlling(connection: Connection, code: str, at: int) -> Controller:
    return Controller(code, recorded_through(connection, code, at), checked_through(connection, code, at))


def about(connection: Connection, controller: str, at: int, names: Defined) -> Knowledge:
    """What is known of a controlling country at a log position, but for its licenses."""
    return Knowledge(
        provisions=things(connection, restrictions.MODEL, at, country=controller),
        licenses=(),
        definitions=names.commodities,
        recorded_through=recorded_through(connection, controller, at),
        checked_through=checked_through(connection, controller, at),
        groups=names.groups,
        each=spend,
    )


def towards(
    connection: Connection, controller: str, at: int, country: str
) -> tuple[list[RestrictionTimeline], list[LicenseTimeline]]:
    """A country's provisions and licenses that may reach a destination."""
    rules = restrictions.towards(connection, controller, at, country)
    return rules, licenses.towards(connection, controller, at, country)


def names_listed(connection: Connection, country: str, at: int) -> frozenset[str]:
    """Every name of goods that a country's rules or licenses have, or had."""
    return frozenset().union(*(goods.lines_of(connection, model.noun, country, at).names for model in CONTROLLED))


def licensed(connection: Connection, controller: str, at: int) -> list[LicenseTimeline]:
    """A country's licenses at a log position."""
    return things(connection, licenses.MODEL, at, country=controller)


def controllers(connection: Connection, at: int) -> list[str]:
    """Every country on record that restricts anything or licenses anything, in alphabetical order."""
    return [country for country in named_countries(connection) if _controls(connection, country, at)]


def named_countries(connection: Connection) -> list[str]:
    """Every country that any restriction or license was ever said to be of, in alphabetical order."""
    note((CONTROLLERS,))
    return sorted({found for model in CONTROLLED for found in countries_of(connection, model.noun)})


def _controls(connection: Connection, country: str, at: int) -> bool:
    """Whether a country restricts or licenses anything. It does for as long as the first thing that shows it stands."""
    for model in CONTROLLED:
        with unnoted():
            first = things(connection, model, at, country=country, limit=1)
        if first:
            note((stream_key(first[0].stream),))
            return True
        note((noun_key(model.noun, f"{COUNTRY}{country}"),))
    return False


def recorded_through(connection: Connection, controller: str, at: int) -> date | None:
    """The latest publication day among the sources recorded about a controlling country; None where there is none."""
    first, day = f"{PUBLISHED}{controller} ", public_by(at)
    # What was public by a day, an older source may tell, too.
    note(noun_key(model.noun, f"{COUNTRY}{controller}") for model in ABOUT_A_COUNTRY if day)
    note((newest_of(controller),))
    last = f"{first}{day.isoformat()}" if day else f"{first.rstrip()}!"
    found = connection.execute(_PUBLISHED, {"at": at, "from": first, "to": last}).one()
    return max((date.fromisoformat(key[len(first) :]) for key in found if key), default=None)


def checked_through(connection: Connection, controller: str, at: int) -> date | None:
    """The day through which a controlling country's sources were looked through; None where nobody says so."""
    found = thing(connection, checks.MODEL, at, f"country/{controller.lower()}")
    return found.through if found else None
