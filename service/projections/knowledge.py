"""What was known at a log position about a controlling country, gathered from the read models."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select, union, union_all

from service.domain.commodities import Definitions
from service.domain.definition import definitions_of
from service.domain.determine import Knowledge
from service.domain.group import Groups
from service.projections import commodities, groups, licenses, milestones, notes, restrictions, uses
from service.projections.versions import AT, LIVE, ReadModel, known, things

ABOUT_A_COUNTRY: tuple[ReadModel[Any], ...] = (restrictions.MODEL, licenses.MODEL, milestones.MODEL, notes.MODEL)
_PUBLISHED = union_all(
    *(
        select(func.max(model.table.c.published_through)).where(known(model.table), model.concerns)
        for model in ABOUT_A_COUNTRY
    ),
    select(func.max(uses.table.c.published_through)).where(
        uses.table.c.generation == LIVE,
        uses.table.c.position <= AT,
        uses.table.c.stream.in_(select(licenses.table.c.stream).where(known(licenses.table), licenses.MODEL.concerns)),
    ),
)
_CONTROLLERS = union(
    *(
        select(column).where(known(column.table), column.is_not(None))
        for column in (restrictions.table.c.controller, licenses.table.c.issuer)
    )
)


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


def about(connection: Connection, controller: str, at: int, names: Defined | None = None) -> Knowledge:
    """All provisions and licenses of a controlling country at a log position. `names` may have been read before."""
    names = names or defined(connection, at)
    return Knowledge(
        provisions=things(connection, restrictions.MODEL, at, country=controller),
        licenses=things(connection, licenses.MODEL, at, country=controller),
        definitions=names.commodities,
        recorded_through=recorded_through(connection, controller, at),
        groups=names.groups,
    )


def controllers(connection: Connection, at: int) -> list[str]:
    """Every country on record that restricts anything or licenses anything, in alphabetical order."""
    return sorted(connection.scalars(_CONTROLLERS, {"at": at}))


def recorded_through(connection: Connection, controller: str, at: int) -> date | None:
    """The latest publication day among the sources recorded about a controlling country; None where there is none."""
    found = connection.scalars(_PUBLISHED, {"at": at, "country": controller})
    return max((date.fromisoformat(day) for day in found if day), default=None)
