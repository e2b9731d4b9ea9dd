"""Milestones, by the countries that take part in them."""

from sqlalchemy import Column, Connection, Text

from service.domain.milestone import Milestone, milestone_of
from service.projections.versions import ReadModel, things, versioned

table = versioned("milestones", Column("parties", Text))
MODEL = ReadModel(
    noun="milestone",
    table=table,
    fold=milestone_of,
    columns=lambda milestone: {"parties": f" {' '.join(milestone.parties)} "},
    concerns=lambda country: table.c.parties.contains(f" {country} "),
)


def of_country(connection: Connection, country: str, at: int) -> list[Milestone]:
    return things(connection, MODEL, at, MODEL.concerns(country))
