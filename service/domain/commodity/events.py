"""Events of a commodity: which codes a name stands for."""

from operator import not_
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from service.domain.base import Line, Slug
from service.domain.commodity.match import Parameters, ScopedCommodity
from service.domain.event_type import EventData


def _by_code(line: ScopedCommodity) -> ScopedCommodity:
    if line.name or not (line.hs or line.control_code or line.cas):
        raise ValueError("must have hs, control_code or cas, and no name")
    return line


DefinitionLine = Annotated[ScopedCommodity, AfterValidator(_by_code)]


class CommodityDefined(EventData):
    """A name for goods, such as `rare_earth_magnets`, and the codes that it stands for.

    Each line is flagged: `exact`, the name means all that bears the code; `ex`, a part of it; `reference_only`, given
    for orientation, or a code that nobody verified. `parts` are the names of goods that are part of these. Every claim
    adds its lines, parts and aliases to those recorded before. The stream is the name, with - for _.

    `complete`: what is not listed here is not meant by the name. Left out, other goods may belong to it too, but for
    those that it `excludes`. `aliases` are other words that people use for the goods. `parameters_one_of`: sets of
    technical parameters, of which one is true of any goods of the name: "with dysprosium or terbium" is
    `[{"dysprosium_percent_more_than": "0"}, {"terbium_percent_more_than": "0"}]`.
    """

    event_type: ClassVar[str] = "commodity.defined"
    noun: ClassVar[str] = "commodity"
    begins: ClassVar[bool] = True

    name: Slug
    title: Line | None = None
    lines: Annotated[list[DefinitionLine], Field(max_length=1000)] = []
    parts: Annotated[list[Slug], Field(max_length=1000)] = []
    # Written only where stated: what was read from an older event never changes.
    complete: Annotated[bool, Field(exclude_if=not_)] = False
    excludes: Annotated[list[Slug], Field(max_length=1000, exclude_if=not_)] = []
    aliases: Annotated[list[Line], Field(max_length=100, exclude_if=not_)] = []
    parameters_one_of: Annotated[list[Parameters], Field(max_length=20, exclude_if=not_)] = []


EVENTS: tuple[type[EventData], ...] = (CommodityDefined,)
