"""Milestones, by the countries that take part in them."""

from collections.abc import Iterator

from service.domain.event import JSON
from service.domain.milestone.timeline import milestone_of
from service.projections.read_model import ReadModel
from service.projections.tables import COUNTRY


def keys(data: JSON) -> Iterator[str]:
    yield from (f"{COUNTRY}{country}" for country in data.get("parties") or ())


MODEL = ReadModel(
    noun="milestone",
    fold=milestone_of,
    keys=keys,
    concerns=lambda milestone, country: country in milestone.parties,
)
