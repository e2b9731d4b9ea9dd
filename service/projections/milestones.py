"""Milestones, by the countries that take part in them."""

from sqlalchemy import Column, Text

from service.domain.milestone.timeline import milestone_of
from service.projections.versions import COUNTRY, ReadModel, listing, lists, versioned

table = versioned("milestones", Column("parties", Text))
MODEL = ReadModel(
    noun="milestone",
    table=table,
    fold=milestone_of,
    columns=lambda milestone: {"parties": listing(milestone.parties)},
    concerns=lists(table.c.parties, COUNTRY),
)
