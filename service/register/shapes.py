"""The shape of a question, and small shapes that things and answers share."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from service.domain.answer import Control, Covered
from service.domain.base import Frozen, Slug
from service.domain.commodity.match import Commodity, ScopedCommodity, control_code_of
from service.domain.commodity.search import name_of
from service.domain.countries import Country
from service.domain.dates import calendar_day
from service.domain.participants import Participants
from service.domain.parties import Party, Somebody
from service.domain.quantities import DecimalText, Quantity, Unit
from service.domain.sources import Side, Tier
from service.domain.truth import Certainty
from service.projections.seen import Seen

NOTICE = (
    "This is what sources recorded here say, not legal advice. Where nothing is recorded, nothing is known: that is no "
    "clearance. Check with the authority before you ship."
)


AS_TYPED: dict[str, Callable[[str], str]] = {"name": name_of, "control_code": control_code_of}


def as_typed(commodity: object) -> object:
    """Goods whose name and control code are written as people type them, "Rare-earth magnets" and "1c902 a", as the
    register has them."""
    if not isinstance(commodity, dict):
        return commodity
    said = ((field, commodity.get(field), read) for field, read in AS_TYPED.items())
    return commodity | {field: read(text) for field, text, read in said if isinstance(text, str)}


class Question(Frozen):
    """May this commodity go from here to there, for this company? What is left out is not asked about.

    Without a `controller`, all controlling countries on record are asked. `as_of` is a calendar day, today (UTC) where
    it is left out; `known_at` a log position or an RFC 3339 instant, the head of the log where it is left out. With
    `public_by`, a calendar day, only what was published by the end of it counts, whenever it was recorded.
    """

    controller: Annotated[Country | None, Field(description="The country whose control is asked about.")] = None
    destination: Annotated[Country | None, Field(description="Where the goods go.")] = None
    final_destination: Annotated[
        Country | None, Field(description="Where they are known to end up, if that is another country.")
    ] = None
    commodity: Annotated[Commodity, BeforeValidator(as_typed)]
    origin: Annotated[Country | None, Field(description="Where the goods were made.")] = None
    shipped_from: Annotated[
        Country | None, Field(description="Where they leave from; the controlling country where left out.")
    ] = None
    content_percent: Annotated[
        DecimalText | None, Field(description="The share of the controller's controlled content, in percent of value.")
    ] = None
    exporter: Annotated[Party, Somebody] | None = None
    end_user: Annotated[Party, Somebody] | None = None
    parties: Annotated[
        Participants,
        Field(description="The other parties to the transaction. A listing bears on every party, whatever its role."),
    ] = []
    end_use: Annotated[Slug | None, Field(description="`civil`, `military`, or a named use.")] = None
    quantity: Annotated[Quantity | None, Field(description="How much is to be shipped.")] = None
    counterfactuals: Annotated[bool, Field(description="Whether to say what would change the answer.")] = False
    detail: Annotated[
        Literal["brief", "full"],
        Field(description="`full` adds everything considered, also what does not match, and every source."),
    ] = "brief"
    as_of: Annotated[str | None, Field(description="A calendar day, YYYY-MM-DD.", examples=["2025-10-31"])] = None
    known_at: Annotated[
        int | str | None, Field(description="A log position (0 to the head), or an RFC 3339 instant with its offset.")
    ] = None
    public_by: Annotated[
        str | None, Field(description="A calendar day: only what was published by then.", examples=["2025-10-31"])
    ] = None

    def day(self) -> date | None:
        return calendar_day(self.as_of) if self.as_of is not None else None


class View(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SaidBy(View):
    """A source behind a part of the answer, in short: the whole of it stands in the event."""

    event: str
    tier: Tier
    speaker: str | None
    office: str | None
    side: Side | None
    publisher: str | None
    published_at: str | None
    quote: str | None


class DimensionView(View):
    """One dimension of the scope against the question."""

    dimension: str
    match: Certainty
    because: str


class Amount(View):
    """A quantity as computed: exact, with as many digits as that takes."""

    value: Annotated[str, Field(pattern=r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$")]
    unit: Unit


class LineView(View):
    """A line of a license, and what may still be shipped under it on the day, in the line's own unit.

    `remaining` is what is certainly left, and `remaining_at_most` more where a use is vague or disputed; both are null
    where no quantity was stated, or a use cannot be compared with it. Where no use of the license is reported here,
    `remaining` is null: nothing is certain to be left. `overdrawn`: more was shipped than the line is for, so that
    less than nothing is left.
    """

    line: int
    commodity: ScopedCommodity
    quantity: Quantity | None
    remaining: Amount | None
    remaining_at_most: Amount | None
    revoked: bool
    overdrawn: bool = False


class SetAsideView(View):
    """A record that was not followed, and why."""

    event: str
    about: str
    tier: Tier
    reason: str


class TransitionView(View):
    """A change that a date brings by itself; bounds of its first day, both included.

    An inferred one rests on the date alone: `unconfirmed_since` is the day from which no source speaks of the thing.
    `agreed`: it follows from what an authority said that it will do, and no act was seen.
    """

    about: str
    what: str
    earliest: date | None
    latest: date | None
    agreed: bool = False
    unconfirmed_since: date | None = None


class CounterfactualView(View):
    """With one thing otherwise (its stream is `about`), the answer would be this."""

    about: str
    text: str
    control: Control
    covered: Covered | None


class KnownAt(View):
    """K: the log position that the answer knows, and when that was recorded (null: before the first event).

    `public_by`: the answer knows only what was published by the end of this day (null: whatever was recorded).

    `root` is the root of the log's Merkle tree there, 64 hexadecimal digits: with an export of the log, anyone can
    derive the answer again, offline. `open`: K was asked as an instant that is not past yet, so the answer may still
    change.
    """

    position: int
    instant: datetime | None
    root: str
    open: bool = False
    public_by: date | None = None

    @property
    def seen(self) -> Seen:
        """What the read models are asked at."""
        return Seen(self.position, self.public_by)
