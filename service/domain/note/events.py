"""Notes: what is worth keeping and moves no status."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from service.domain.base import Passage
from service.domain.commodity.match import Commodity
from service.domain.countries import Country
from service.domain.event_type import EventData

Link = Annotated[str, Field(pattern=r"^(restriction|license|milestone|company)/[a-z0-9-]{1,100}$")]


class NoteRecorded(EventData):
    """A practice, an enforcement case, a market fact, an impact, an opinion, a question's premise.

    It is shown beside an answer and never in it. `about` names the streams, countries and commodities concerned.
    """

    event_type: ClassVar[str] = "note.recorded"
    noun: ClassVar[str] = "note"
    begins: ClassVar[bool] = True

    kind: Literal["practice", "enforcement", "market", "impact", "opinion", "premise", "other"]
    text: Passage
    about: Annotated[list[Link], Field(max_length=100)] = []
    countries: Annotated[list[Country], Field(max_length=300)] = []
    commodities: Annotated[list[Commodity], Field(max_length=100)] = []


EVENTS: tuple[type[EventData], ...] = (NoteRecorded,)
