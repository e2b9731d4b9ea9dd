"""Events of a group of countries: who belongs to it, and when."""

from typing import Annotated, ClassVar

from pydantic import Field

from service.domain.base import Line, Sparse
from service.domain.countries import Country
from service.domain.dates import Period
from service.domain.event_type import EventData


class Membership(Sparse):
    """A country that belongs to a group during a period, both days included; twice where it left and came back.

    Without a start it belongs to the group from the day of the claim, and before it possibly. An end that nobody
    stated does not end it.
    """

    country: Country
    period: Period | None = None


class GroupDefined(EventData):
    """A group of countries that rules name as a destination: the EU, ASEAN, a country group of a regulation.

    A restriction's destinations name it by its stream, `group/eu`. Every claim adds its members to those recorded
    before; of one country's periods, those of the highest tier count.
    """

    event_type: ClassVar[str] = "group.defined"
    noun: ClassVar[str] = "group"
    begins: ClassVar[bool] = True

    name: Line
    title: Line | None = None
    members: Annotated[list[Membership], Field(max_length=1000)]


EVENTS: tuple[type[EventData], ...] = (GroupDefined,)
