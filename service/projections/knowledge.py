"""What was known at a log position about a controlling country, gathered from the read models."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Table, select, union

from service.domain.commodity.definition import definitions_of
from service.domain.commodity.match import Definitions
from service.domain.determine import Knowledge
from service.domain.group.timeline import Groups
from service.domain.license.timeline import LicenseTimeline
from service.domain.scope import Subject
from service.projections import (
    checks,
    commodities,
    groups,
    license_keys,
    licenses,
    milestones,
    notes,
    restrictions,
    uses,
)
from service.projections.versions import AT, LIVE, ReadModel, known, thing, things

ABOUT_A_COUNTRY: tuple[ReadModel[Any], ...] = (restrictions.MODEL, licenses.MODEL, milestones.MODEL, notes.MODEL)


def _latest(table: Table, *where: ColumnElement[bool]) -> ScalarSelect[Any]:
    """The latest publication day among rows, read from the end of an index rather than over all of them."""
    through = table.c.published_through
    query = select(through).where(through.is_not(None), *where).order_by(through.desc()).limit(1)
    return query.scalar_subquery()


_ISSUED = select(licenses.table.c.stream).where(
    known(licenses.table), licenses.MODEL.concerns, licenses.table.c.stream == uses.table.c.stream
)
_PUBLISHED = select(
    *(_latest(model.table, known(model.table), model.concerns) for model in ABOUT_A_COUNTRY),
    _latest(uses.table, uses.table.c.generation == LIVE, uses.table.c.position <= AT, _ISSUED.exists()),
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


def about(
    connection: Connection, controller: str, at: int, names: Defined, held: Sequence[LicenseTimeline] = ()
) -> Knowledge:
    """What is known of a controlling country at a log position, with the licenses that were read for a question."""
    return Knowledge(
        provisions=things(connection, restrictions.MODEL, at, country=controller),
        licenses=held,
        definitions=names.commodities,
        recorded_through=recorded_through(connection, controller, at),
        checked_through=checked_through(connection, controller, at),
        groups=names.groups,
    )


def licensed(connection: Connection, controller: str, at: int, subject: Subject | None = None) -> list[LicenseTimeline]:
    """A country's licenses at a log position; for a question, those that may concern what it names."""
    narrowed = license_keys.narrowing(subject) if subject else []
    keys = {f"keys{number}": one for number, one in enumerate(narrowed)}
    return things(connection, licenses.MODEL, at, country=controller, **keys)


def controllers(connection: Connection, at: int) -> list[str]:
    """Every country on record that restricts anything or licenses anything, in alphabetical order."""
    return sorted(connection.scalars(_CONTROLLERS, {"at": at}))


def recorded_through(connection: Connection, controller: str, at: int) -> date | None:
    """The latest publication day among the sources recorded about a controlling country; None where there is none."""
    found = connection.execute(_PUBLISHED, {"at": at, "country": controller}).one()
    return max((date.fromisoformat(day) for day in found if day), default=None)


def checked_through(connection: Connection, controller: str, at: int) -> date | None:
    """The day through which a controlling country's sources were looked through; None where nobody says so."""
    found = thing(connection, checks.MODEL, at, f"country/{controller.lower()}")
    return found.through if found else None
