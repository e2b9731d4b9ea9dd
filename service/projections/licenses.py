"""Licenses, by the country that issued them. Their uses are kept apart."""

from sqlalchemy import Column, Text

from service.domain.license.timeline import license_timeline
from service.projections import license_keys, uses
from service.projections.versions import COUNTRY, ReadModel, versioned

table = versioned("licenses", Column("issuer", Text))
MODEL = ReadModel(
    noun="license",
    table=table,
    fold=license_timeline,
    columns=lambda license_: {"issuer": license_.issuer},
    concerns=table.c.issuer == COUNTRY,
    apart=uses.of,
    keyed=license_keys.has_one_of,
)
