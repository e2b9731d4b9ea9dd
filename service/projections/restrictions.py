"""Provisions, by controlling country."""

from sqlalchemy import Column, Connection, Text, select

from service.domain.restriction import Provision, provision_of
from service.projections.versions import ReadModel, known, things, versioned

table = versioned("restrictions", Column("controller", Text))
MODEL = ReadModel(
    noun="restriction",
    table=table,
    fold=provision_of,
    columns=lambda provision: {"controller": provision.controller},
    concerns=lambda country: table.c.controller == country,
)


def controlled_by(connection: Connection, controller: str, at: int) -> list[Provision]:
    return things(connection, MODEL, at, MODEL.concerns(controller))


def controllers(connection: Connection, at: int) -> list[str]:
    """Every country on record that controls anything, in alphabetical order."""
    query = select(table.c.controller).where(known(table, at), table.c.controller.is_not(None)).distinct()
    return sorted(connection.scalars(query))
