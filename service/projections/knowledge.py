"""What was known at a log position about a controlling country, gathered from the read models."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from service.domain.determine import Knowledge
from service.projections import licenses, milestones, notes, restrictions
from service.projections.versions import ReadModel, known

ABOUT_A_COUNTRY: tuple[ReadModel[Any], ...] = (restrictions.MODEL, licenses.MODEL, milestones.MODEL, notes.MODEL)


def about(connection: Connection, controller: str, at: int) -> Knowledge:
    """All provisions and licenses of a controlling country at a log position."""
    return Knowledge(
        provisions=restrictions.controlled_by(connection, controller, at),
        licenses=licenses.issued_by(connection, controller, at),
        definitions={},
        recorded_through=recorded_through(connection, controller, at),
    )


def controllers(connection: Connection, at: int) -> list[str]:
    """Every country on record that restricts anything or licenses anything, in alphabetical order."""
    return sorted({*restrictions.controllers(connection, at), *licenses.issuers(connection, at)})


def recorded_through(connection: Connection, controller: str, at: int) -> date | None:
    """The latest publication day among the sources recorded about a controlling country; None where there is none."""
    found = [
        connection.scalar(
            select(func.max(model.table.c.published_through)).where(known(model.table, at), model.concerns(controller))
        )
        for model in ABOUT_A_COUNTRY
    ]
    return max((date.fromisoformat(day) for day in found if day), default=None)
