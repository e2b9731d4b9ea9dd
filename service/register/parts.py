"""The shapes of an answer and of its parts. Each part has the thing's title and number, its days, and its sources by
key; a null that says nothing is left out."""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, GetJsonSchemaHandler, SerializerFunctionWrapHandler, model_serializer
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from service.domain.answer import Control, Covered, Standing
from service.domain.base import fields_schema
from service.domain.commodity.match import Commodity
from service.domain.parties import How
from service.domain.quantities import Count
from service.domain.restriction.events import Volume
from service.domain.restriction.quota import QuotaState
from service.domain.sources import Side, Tier
from service.domain.truth import Certainty
from service.register.shapes import CounterfactualView, DimensionView, KnownAt, LineView, Question, View

Sources = Annotated[list[str], Field(description="Keys into the answer's `sources`, the highest tier first.")]


NULL = {"type": "null"}


def _may_be_null(schema: JsonSchemaValue) -> list[str]:
    return [name for name, part in schema["properties"].items() if NULL in part.get("anyOf", ())]


def _without_null(part: JsonSchemaValue) -> JsonSchemaValue:
    """The schema of a field that is left out where it is null."""
    forms = [form for form in part["anyOf"] if form != NULL]
    rest = {name: value for name, value in part.items() if name not in ("anyOf", "default")}
    return forms[0] | rest if len(forms) == 1 else rest | {"anyOf": forms}


class Part(View):
    """Written without its nulls, but for those whose names are KEPT: there a null says something."""

    KEPT: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        made = fields_schema(schema, handler)
        written = handler.resolve_ref_schema(made)
        nullable = [name for name in _may_be_null(written) if name not in cls.KEPT]
        required = [name for name in written["properties"] if name not in nullable]
        for name in nullable:
            written["properties"][name] = _without_null(written["properties"][name])
        written["required"] = required
        return made

    @model_serializer(mode="wrap")
    def _without_nulls(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = write(self)
        return {name: value for name, value in written.items() if value is not None or name in self.KEPT}


class SourceView(Part):
    """Who says so, and when; `event` is the event that it stands in, with the whole of its words."""

    event: str
    position: int
    tier: Tier
    speaker: str | None = None
    office: str | None = None
    side: Side | None = None
    publisher: str | None = None
    title: str | None = None
    url: str | None = None
    published_at: str | None = None
    quote: Annotated[str | None, Field(description="The exact words; cut off with … where they are long.")] = None


class ListedParty(Part):
    """The party on a list that one of the question was matched with: its name as listed, how, and how alike the names
    are (0 to 100)."""

    role: str
    listed: str
    how: How
    score: int | None = None


class QuotaPart(Part):
    """What is left of a quota: nothing, where it is `exhausted` or `blocked`.

    `state` is left out where it is open which of the `states` holds.
    """

    state: QuotaState | None = None
    states: list[QuotaState] | None = None
    volume: list[Volume] | None = None


class ProvisionPart(Part):
    """A provision that bears on the question. `since` and `through` are days as stated; left out: not stated."""

    restriction: str
    title: str
    number: str | None = None
    provision: Annotated[str | None, Field(description="Which provision of the instrument, in its own words.")] = None
    controller: str
    kind: str
    control: Annotated[Control, Field(description="The control that it gives.")]
    state: str
    match: Certainty
    since: str | None = None
    through: str | None = None
    quota: QuotaPart | None = None
    superseded_by: Annotated[str | None, Field(description="The restriction that replaced it by that day.")] = None
    amendment: Annotated[
        str | None, Field(description="The event that took what the question is about out of its scope.")
    ] = None
    party: ListedParty | None = None
    tier: Tier
    sources: Sources


class PossiblePart(Part):
    """What may apply and is not certain, and which fact or day leaves it open."""

    restriction: str
    title: str
    number: str | None = None
    controller: str
    control: Control
    state: str
    because: str
    since: str | None = None
    through: str | None = None
    party: ListedParty | None = None
    sources: Sources


class LinePart(LineView, Part):
    """A line of a license, and what may still be shipped under it on the day."""


class LicensePart(Part):
    """A license, or a statement that licenses exist, that may serve the question."""

    license: str
    title: str
    issuer: str
    state: str
    match: Certainty
    because: Annotated[str | None, Field(description="What leaves it open whether it serves the question.")] = None
    cause: Annotated[
        str | None, Field(description="Why it gives the party asked about no more than it does, as a standing's cause.")
    ] = None
    last_said: Annotated[
        date | None, Field(description="Where nobody stated its end: the last day that a source speaks of it as held.")
    ] = None
    count: Count | None = None
    lines: list[LinePart]
    since: str | None = None
    through: str | None = None
    tier: Tier
    sources: Sources


class LicensesPart(Part):
    """How many licenses are known for this question.

    `official`: by the word of an authority or of a holder. `reported`: by the press. Overlapping statements count once,
    by the largest; they are never added up. `min` 0 means that none is known, not that there is none. `known` are those
    that may serve the question.
    """

    official: Count
    reported: Count
    known: list[LicensePart]


class SetAsidePart(Part):
    """A record that was not followed, and why. `about` is the stream of the thing that it speaks of."""

    event: str
    about: str
    title: str
    number: str | None = None
    tier: Tier
    reason: str
    sources: Sources


class TransitionPart(Part):
    """A change that a date brings by itself; bounds of its first day, both included.

    An inferred one rests on the date alone: `unconfirmed_since` is the day from which no source speaks of the thing.
    `agreed`: it follows from what an authority said it would do, without an act seen.
    """

    KEPT: ClassVar[frozenset[str]] = frozenset({"earliest", "latest"})

    about: str
    title: str
    number: str | None = None
    what: str
    earliest: date | None
    latest: date | None
    agreed: Literal[True] | None = None
    unconfirmed_since: date | None = None


Outcome = Literal["applies", "possible", "not_now", "does_not_match", "covers", "does_not_cover", "conclusion"]


class ReasonView(View):
    """One step of the derivation, as data and as a sentence. `about` is a stream, or null for the answer as a whole."""

    about: str | None
    outcome: Outcome
    text: str
    dimensions: list[DimensionView]


class TurnsOn(Part):
    """A fact that would settle what is open. `ask` is its place in a question; `outcomes` says, for each value that
    matters, which control the same question would have then."""

    ask: str
    text: str
    outcomes: dict[str, Control]


class AlikeCompany(Part):
    """A company on record whose name suggests it, how, and how alike the names are (0 to 100)."""

    company: str
    name: str
    how: How
    score: int


class MatchedParty(Part):
    """A party of the question as it was understood: the company on record that it is taken for, and how."""

    role: str
    name: str
    country: str | None = None
    company: str | None = None
    how: str
    alike: Annotated[
        list[AlikeCompany] | None, Field(description="Companies on record that it may be, by their names.")
    ] = None


class QuestionRead(Question):
    """The question as it was understood: what was asked, with the names and companies that it was matched to.

    Without `matched`, `commodity_title`, `unknown_commodity` and `did_you_mean` it is a question to ask again.
    """

    commodity_title: Annotated[str | None, Field(description="The title of the goods on record.")] = None
    unknown_commodity: Annotated[
        bool | None, Field(description="True where no record knows the goods by the name that was asked.")
    ] = None
    did_you_mean: Annotated[list[str] | None, Field(description="Names on record that are spelled alike.")] = None
    matched: Annotated[list[MatchedParty] | None, Field(description="Each party that the question names.")] = None

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return fields_schema(schema, handler)

    @model_serializer(mode="wrap")
    def _as_asked(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = write(self)
        return {name: value for name, value in written.items() if name in self.model_fields_set and value is not None}


class Links(Part):
    """Where to read on: the status that the answer is a part of, the things that it rests on, the first one's history
    (each of the others has one at the same place)."""

    status: str | None = None
    things: list[str]
    history: str | None = None


class Answer(Part):
    """A status with what it rests on. It is derived from the log up to `known_at`, for the day `as_of`.

    `beneath` are the milder provisions that apply too; `possible`, what may apply and is not certain; `turns_on`, what
    would settle it; `set_aside`, the records that were not followed; `not_concerned` counts what was considered and
    does not bear on the question. `reasons` tells everything considered, where the question asks for `detail` "full".
    """

    KEPT: ClassVar[frozenset[str]] = frozenset({"standing_cause", "covered", "next_change", "recorded_through"})

    question: QuestionRead
    headline: Annotated[str, Field(description="The answer in one or two sentences, never saying more than it does.")]
    control: Control
    standing: Standing
    standing_cause: str | None
    covered: Annotated[
        Covered | None,
        Field(description="Null where no control is in force that a license or a condition can meet."),
    ]
    turns_on: list[TurnsOn]
    basis: list[ProvisionPart]
    beneath: list[ProvisionPart]
    possible: list[PossiblePart]
    licenses: LicensesPart
    conflicts: list[SetAsidePart]
    set_aside: list[SetAsidePart]
    inferred: list[TransitionPart]
    next_change: TransitionPart | None
    because: Annotated[list[str], Field(description="The ids of the events that the answer rests on.")]
    sources: dict[str, SourceView]
    not_concerned: int
    as_of: date
    known_at: KnownAt
    public_by: Annotated[
        date | None, Field(description="The day by the end of which its sources were public, where one was asked for.")
    ] = None
    position: Annotated[int, Field(description="The last log position that touched this answer; 0: none did.")]
    recorded_through: Annotated[date | None, Field(description="The latest publication day of a source on record.")]
    checked_through: Annotated[
        date | None, Field(description="The day through which somebody looked through the official sources.")
    ] = None
    links: Links
    more: Annotated[
        dict[str, int] | None, Field(description="How many parts of a list a brief answer leaves out, by its name.")
    ] = None
    reasons: list[ReasonView] | None = None
    counterfactuals: Annotated[
        list[CounterfactualView] | None, Field(description="What would change it, where the question asks for that.")
    ] = None


class Row(Answer):
    """An answer as a row of a status: what it is about stands before it."""

    KEPT: ClassVar[frozenset[str]] = Answer.KEPT | {"controller", "destination"}

    controller: str | None
    destination: str | None
    commodity: Commodity


class MilestoneBeside(Part):
    """A milestone beside a status. It moves nothing."""

    id: str
    kind: str
    title: str
    state: str
    happened: Annotated[Certainty, Field(description="Whether it had happened by `as_of`.")]
    parties: list[str]
    earliest: date | None = None
    latest: date | None = None
    link: str


class NoteBeside(Part):
    """A note beside a status. It moves nothing."""

    id: str
    kind: str
    text: Annotated[str, Field(description="Its words; cut off with … where they are long.")]
    countries: list[str]
    link: str


class NamedBy(Part):
    """A listing or a license that names the company, or one alike: which, in which role, and how it was matched."""

    restriction: str | None = None
    license: str | None = None
    title: str
    number: str | None = None
    controller: str
    control: Control | None = None
    state: str
    role: str
    match: Certainty
    party: ListedParty | None = None
    because: str
    since: str | None = None
    through: str | None = None
    sources: Sources


class General(Part):
    """The controls that reach every company of a country, counted, and where to read them."""

    text: str
    controls: int
    countries: dict[str, int]
    link: str
