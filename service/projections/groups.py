"""Country groups, by the countries that belong to them on any day."""

from sqlalchemy import Column, Text

from service.domain.group.timeline import group_of
from service.projections.versions import COUNTRY, ReadModel, listing, lists, versioned

table = versioned("country_groups", Column("countries", Text))
MODEL = ReadModel(
    noun="group",
    table=table,
    fold=group_of,
    columns=lambda group: {"countries": listing(group.countries)},
    concerns=lists(table.c.countries, COUNTRY),
)
