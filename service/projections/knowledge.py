"""What was known at a log position about a controlling country, gathered from the read models."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select, union, union_all

from service.domain.determine import Knowledge
from service.projections import licenses, milestones, notes, restrictions
from service.projections.versions import ReadModel, known, things

ABOUT_A_COUNTRY: tuple[ReadModel[Any], ...] = (restrictions.MODEL, licenses.MODEL, milestones.MODEL, notes.MODEL)
_PUBLISHED = union_all(
    *(
        select(func.max(model.table.c.published_through)).where(known(model.table), model.concerns)
        for model in ABOUT_A_COUNTRY
    )
)
_CONTROLLERS = union(
    *(
        select(column).where(known(column.table), column.is_not(None))
        for column in (restrictions.table.c.controller, licenses.table.c.issuer)
    )
)


def about(connection: Connection, controller: str, at: int) -> Knowledge:
    """All provisions and licenses of a controlling country at a log position."""
    return Knowledge(
        provisions=things(connection, restrictions.MODEL, at, country=controller),
        licenses=things(connection, licenses.MODEL, at, country=controller),
        definitions={},
        recorded_through=recorded_through(connection, controller, at),
    )


def controllers(connection: Connection, at: int) -> list[str]:
    """Every country on record that restricts anything or licenses anything, in alphabetical order."""
    return sorted(connection.scalars(_CONTROLLERS, {"at": at}))


def recorded_through(connection: Connection, controller: str, at: int) -> date | None:
    """The latest publication day among the sources recorded about a controlling country; None where there is none."""
    found = connection.scalars(_PUBLISHED, {"at": at, "country": controller})
    return max((date.fromisoformat(day) for day in found if day), default=None)
