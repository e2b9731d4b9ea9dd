"""The shapes of a question and of its answer. How one follows from the other is in `service.domain.determine`."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from service.domain.answer import Control, Covered, Standing
from service.domain.base import Frozen, Slug
from service.domain.commodity.match import Commodity, ScopedCommodity
from service.domain.countries import Country
from service.domain.dates import calendar_day
from service.domain.parties import Party
from service.domain.quantities import Count, DecimalText, Quantity, Unit
from service.domain.restriction.events import Instrument
from service.domain.sources import Side, Tier
from service.domain.truth import Certainty

NOTICE = (
    "This is what sources recorded here say, not legal advice. Where nothing is recorded, nothing is known: that is no "
    "clearance. Check with the authority before you ship."
)


class Question(Frozen):
    """May this commodity go from here to there, for this company? What is left out is not asked about.

    Without a `controller`, all controlling countries on record are asked. `as_of` is a calendar day, today (UTC) where
    it is left out; `known_at` a log position or an RFC 3339 instant, the head of the log where it is left out.
    """

    controller: Annotated[Country | None, Field(description="The country whose control is asked about.")] = None
    destination: Annotated[Country | None, Field(description="Where the goods go.")] = None
    final_destination: Annotated[
        Country | None, Field(description="Where they are known to end up, if that is another country.")
    ] = None
    commodity: Commodity
    origin: Annotated[Country | None, Field(description="Where the goods were made.")] = None
    shipped_from: Annotated[
        Country | None, Field(description="Where they leave from; the controlling country where left out.")
    ] = None
    content_percent: Annotated[
        DecimalText | None, Field(description="The share of the controller's controlled content, in percent of value.")
    ] = None
    exporter: Party | None = None
    end_user: Party | None = None
    end_use: Annotated[Slug | None, Field(description="`civil`, `military`, or a named use.")] = None
    quantity: Annotated[Quantity | None, Field(description="How much is to be shipped.")] = None
    counterfactuals: Annotated[bool, Field(description="Whether to say what would change the answer.")] = False
    as_of: Annotated[str | None, Field(description="A calendar day, YYYY-MM-DD.", examples=["2025-10-31"])] = None
    known_at: Annotated[
        int | str | None, Field(description="A log position (0 to the head), or an RFC 3339 instant with its offset.")
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


class ProvisionView(View):
    """A provision that bears on the question. `since` and `through` are days as stated; null: not stated."""

    restriction: str
    instrument: Instrument | None
    provision: str | None
    controller: str
    kind: str
    state: str
    match: Certainty
    since: str | None
    through: str | None
    tier: Tier
    said_by: list[SaidBy]


class Amount(View):
    """A quantity as computed: exact, with as many digits as that takes."""

    value: Annotated[str, Field(pattern=r"^(0|[1-9][0-9]*)(\.[0-9]+)?$")]
    unit: Unit


class LineView(View):
    """A line of a license, and what may still be shipped under it on the day, in the line's own unit.

    `remaining` is what is certainly left, and `remaining_at_most` more where a use is vague or disputed; both are null
    where no quantity was stated, or a use cannot be compared with it.
    """

    line: int
    commodity: ScopedCommodity
    quantity: Quantity | None
    remaining: Amount | None
    remaining_at_most: Amount | None
    revoked: bool


class LicenseView(View):
    """A license, or a statement that licenses exist, that bears on the question."""

    license: str
    issuer: str
    state: str
    match: Certainty
    count: Count | None
    lines: list[LineView]
    tier: Tier
    said_by: list[SaidBy]


class LicensesView(View):
    """How many licenses are known for this question.

    `official`: by the word of an authority or of a holder. `reported`: by the press. Overlapping statements count once,
    by the largest; they are never added up. `min` 0 means that none is known, not that there is none.
    """

    official: Count
    reported: Count
    known: list[LicenseView]


class PossibleView(View):
    """What may apply and is not certain, and which dimension or day leaves it open."""

    restriction: str
    control: Control
    state: str
    because: str


Outcome = Literal["applies", "possible", "not_now", "does_not_match", "covers", "does_not_cover", "conclusion"]


class ReasonView(View):
    """One step of the derivation, as data and as a sentence. `about` is a stream, or null for the answer as a whole."""

    about: str | None
    outcome: Outcome
    text: str
    dimensions: list[DimensionView]


class SetAsideView(View):
    """A record that was not followed, and why."""

    event: str
    about: str
    tier: Tier
    reason: str


class TransitionView(View):
    """A change that a date brings by itself; bounds of its first day, both included.

    An inferred one rests on the date alone: `unconfirmed_since` is the day from which no source speaks of the thing.
    """

    about: str
    what: str
    earliest: date | None
    latest: date | None
    unconfirmed_since: date | None = None


class CounterfactualView(View):
    """With one thing otherwise (its stream is `about`), the answer would be this."""

    about: str
    text: str
    control: Control
    covered: Covered


class KnownAt(View):
    """K: the log position that the answer knows, and when that was recorded (null: before the first event).

    `root` is the root of the log's Merkle tree there, 64 hexadecimal digits: with an export of the log, anyone can
    derive the answer again, offline. `open`: K was asked as an instant that is not past yet, so the answer may still
    change.
    """

    position: int
    instant: datetime | None
    root: str
    open: bool = False


class Answer(View):
    """A status with its reasons. It is derived from the log up to `known_at`, for the day `as_of`."""

    control: Control
    standing: Standing
    standing_cause: str | None
    covered: Covered
    licenses: LicensesView
    basis: list[ProvisionView]
    possible: list[PossibleView]
    reasons: list[ReasonView]
    because: list[str]
    set_aside: list[SetAsideView]
    conflicts: list[SetAsideView]
    inferred: list[TransitionView]
    next_change: TransitionView | None
    counterfactuals: Annotated[
        list[CounterfactualView] | None, Field(description="What would change it; null where the question asks none.")
    ] = None
    as_of: date
    known_at: KnownAt
    position: Annotated[int, Field(description="The last log position that touched this answer; 0: none did.")]
    recorded_through: Annotated[date | None, Field(description="The latest publication day of a source on record.")]
    notice: str


class Row(Answer):
    """An answer, with the question that it is the answer to: with an export of the log, enough to derive it again."""

    controller: str | None
    destination: str | None
    commodity: Commodity
    exporter: Party | None
    end_user: Party | None
    end_use: str | None
    quantity: Quantity | None
    final_destination: str | None
    origin: str | None
    shipped_from: str | None
    content_percent: str | None


ASKED = tuple(name for name in Row.model_fields if name not in Answer.model_fields)
"""What a row repeats of its question."""
