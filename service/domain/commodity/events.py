"""Events of a commodity: which codes a name stands for."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from service.domain.base import Line, Slug
from service.domain.commodity.match import ScopedCommodity
from service.domain.event_type import EventData


def _by_code(line: ScopedCommodity) -> ScopedCommodity:
    if line.name or not (line.hs or line.control_code or line.cas):
        raise ValueError("a line of a definition has an hs, control_code or cas, and no name")
    return line


DefinitionLine = Annotated[ScopedCommodity, AfterValidator(_by_code)]


class CommodityDefined(EventData):
    """A name for goods, such as `rare_earth_magnets`, and the codes that it stands for.

    Each line is flagged: `exact`, the name means all that bears the code; `ex`, a part of it; `reference_only`, given
    for orientation, or a code that nobody verified. `parts` are the names of goods that are part of these. Every claim
    adds its lines and parts to those recorded before. The stream is the name, with - for _.
    """

    event_type: ClassVar[str] = "commodity.defined"
    noun: ClassVar[str] = "commodity"
    begins: ClassVar[bool] = True

    name: Slug
    title: Line | None = None
    lines: Annotated[list[DefinitionLine], Field(max_length=1000)] = []
    parts: Annotated[list[Slug], Field(max_length=1000)] = []


EVENTS: tuple[type[EventData], ...] = (CommodityDefined,)
