"""Country groups, by the countries that belong to them on any day."""

from collections.abc import Iterator

from service.domain.event import JSON
from service.domain.group.timeline import group_of
from service.projections.read_model import ReadModel
from service.projections.tables import COUNTRY


def keys(data: JSON) -> Iterator[str]:
    yield from (f"{COUNTRY}{member['country']}" for member in data.get("members") or ())


MODEL = ReadModel(
    noun="group",
    fold=group_of,
    keys=keys,
    concerns=lambda group, country: country in group.countries,
)
