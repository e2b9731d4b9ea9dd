"""Licenses, by the country that issued them."""

from sqlalchemy import Column, Connection, Text, select

from service.domain.license import License, license_of
from service.projections.versions import ReadModel, known, things, versioned

table = versioned("licenses", Column("issuer", Text))
MODEL = ReadModel(
    noun="license",
    table=table,
    fold=license_of,
    columns=lambda license_: {"issuer": license_.issuer},
    concerns=lambda country: table.c.issuer == country,
)


def issued_by(connection: Connection, issuer: str, at: int) -> list[License]:
    return things(connection, MODEL, at, MODEL.concerns(issuer))


def issuers(connection: Connection, at: int) -> list[str]:
    """Every country on record that issued a license, or was asked for one, in alphabetical order."""
    query = select(table.c.issuer).where(known(table, at), table.c.issuer.is_not(None)).distinct()
    return sorted(connection.scalars(query))
