"""Commodity definitions, by the name that they define."""

from sqlalchemy import Column, Text, false

from service.domain.commodity.definition import definition_of
from service.projections.versions import ReadModel, versioned

table = versioned("commodities", Column("name", Text))
MODEL = ReadModel(
    noun="commodity",
    table=table,
    fold=definition_of,
    columns=lambda definition: {"name": definition.name},
    # What goods are called is no country's own.
    concerns=false(),
)
