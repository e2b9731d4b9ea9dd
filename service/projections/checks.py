"""Checks of a controlling country's sources, by the country."""

from collections.abc import Iterator

from service.domain.event import JSON
from service.domain.record.checks import checks_of
from service.projections.read_model import ReadModel
from service.projections.tables import COUNTRY


def keys(data: JSON) -> Iterator[str]:
    if controller := data.get("controller"):
        yield f"{COUNTRY}{controller}"


MODEL = ReadModel(
    noun="country",
    fold=checks_of,
    keys=keys,
    concerns=lambda checks, country: checks.controller == country,
)
