"""Provisions, by controlling country."""

from collections.abc import Iterator

from service.domain.event import JSON
from service.domain.restriction.fold import restriction_timeline
from service.projections.read_model import ReadModel
from service.projections.tables import COUNTRY


def keys(data: JSON) -> Iterator[str]:
    if controller := data.get("controller"):
        yield f"{COUNTRY}{controller}"


MODEL = ReadModel(
    noun="restriction",
    fold=restriction_timeline,
    keys=keys,
    concerns=lambda provision, country: provision.controller == country,
)
