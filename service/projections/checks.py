"""Checks of a controlling country's sources, by the country."""

from sqlalchemy import Column, Text

from service.domain.record.checks import checks_of
from service.projections.versions import COUNTRY, ReadModel, versioned

table = versioned("checks", Column("controller", Text))
MODEL = ReadModel(
    noun="country",
    table=table,
    fold=checks_of,
    columns=lambda checks: {"controller": checks.controller},
    concerns=table.c.controller == COUNTRY,
)
