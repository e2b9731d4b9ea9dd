"""Provisions, by controlling country."""

from sqlalchemy import Column, Text

from service.domain.restriction.fold import provision_of
from service.projections.versions import COUNTRY, ReadModel, versioned

table = versioned("restrictions", Column("controller", Text))
MODEL = ReadModel(
    noun="restriction",
    table=table,
    fold=provision_of,
    columns=lambda provision: {"controller": provision.controller},
    concerns=table.c.controller == COUNTRY,
)
