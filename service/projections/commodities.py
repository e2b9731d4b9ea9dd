"""Commodity definitions. What goods are called is no country's own."""

from service.domain.commodity.definition import definition_of
from service.projections.read_model import ReadModel

MODEL = ReadModel(
    noun="commodity",
    fold=definition_of,
    keys=lambda _: (),
    concerns=lambda _definition, _country: False,
)
