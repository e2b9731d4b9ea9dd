"""What the API answers with, beyond the domain's own shapes: responses only."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from service.domain.answer import Answer, KnownAt, SaidBy, SetAsideView, TransitionView
from service.domain.catalogue.company import Identifier
from service.domain.catalogue.license import Conditions, LicenseLine
from service.domain.catalogue.restriction import Instrument
from service.domain.commodities import Commodity
from service.domain.dates import Period
from service.domain.parties import Party
from service.domain.quantities import Count
from service.domain.scope import Scope
from service.domain.sources import Tier
from service.domain.truth import Certainty


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EventRead(Shape):
    """An event as recorded. `hash` is its leaf in the log's Merkle tree; docs/log-format.md says how it is made."""

    position: int
    id: str
    stream: str
    version: int
    type: str
    schema_version: int
    effective: str | None
    recorded_at: datetime
    actor: str
    metadata: dict[str, Any]
    data: dict[str, Any]
    source: dict[str, Any]
    hash: str


class EventPage(Shape):
    """Events in the order of the log. Those that follow, also those still to come, are at `after=next_after`."""

    events: list[EventRead]
    next_after: int


class Posted(Shape):
    """The events as recorded. `position` is the last one's."""

    events: list[EventRead]
    position: int


class Answers(Shape):
    """One answer for each question, in their order."""

    answers: list[Answer]


class Row(Answer):
    """An answer, with the question it is the answer to."""

    controller: str | None
    destination: str | None
    commodity: Commodity


class MilestoneRead(Shape):
    """A milestone. `state` is `recorded`, `claimed` by one side, or `confirmed` by the other. It moves no status."""

    id: str
    kind: str
    title: str
    summary: str | None
    parties: list[str]
    state: str
    claimed_by: str | None
    confirmed_by: list[str]
    earliest: date | None
    latest: date | None
    happened: Annotated[Certainty, Field(description="Whether it had happened by `as_of`.")]
    about: list[str]
    said_by: list[SaidBy]
    events: list[str]
    position: int


class NoteRead(Shape):
    """What is worth keeping and moves no status."""

    id: str
    kind: str
    text: str
    about: list[str]
    countries: list[str]
    commodities: list[Commodity]
    said_by: list[SaidBy]
    position: int


class CountryStatus(Shape):
    """Each control that bears on a country, with its reasons; the milestones and notes beside it move nothing."""

    country: str
    as_of: date
    known_at: KnownAt
    controls: list[Row]
    milestones: list[MilestoneRead]
    notes: list[NoteRead]


class CompanyStatus(Shape):
    """A company's standing, for each controlling country and commodity."""

    company: str
    as_of: date
    known_at: KnownAt
    standings: list[Row]


class CountryRead(Shape):
    """A country of the register. `controls`: it restricts or licenses something on record."""

    code: str
    name: str
    controls: bool


class RestrictionRead(Shape):
    """A provision on a day. `state` is the phase that is certain, or `undetermined`; `phases` tells of each phase."""

    id: str
    instrument: Instrument | None
    provision: str | None
    controller: str
    kind: str
    kinds: Annotated[list[str], Field(description="Several where sources of equal tier disagree.")]
    scope: Scope
    in_force: Period | None
    state: str
    phases: dict[str, Certainty]
    disputed: bool
    tier: Tier
    said_by: list[SaidBy]
    set_aside: list[SetAsideView]
    conflicts: list[SetAsideView]
    inferred: list[TransitionView]
    next_change: TransitionView | None
    events: list[str]
    position: int


class LicensePartyRead(Shape):
    """A party in its role, and the tier of the claim that says so."""

    role: str
    party: Party
    tier: Tier


class LicenseRead(Shape):
    """A license on a day, or a statement that licenses exist. `destinations` has several where sources disagree."""

    id: str
    type: str | None
    issuer: str
    destinations: list[str]
    parties: list[LicensePartyRead]
    lines: list[LicenseLine]
    validity: Period | None
    conditions: list[Conditions]
    count: Count | None
    state: str
    granted: Certainty
    active: Certainty
    tier: Tier
    said_by: list[SaidBy]
    set_aside: list[SetAsideView]
    conflicts: list[SetAsideView]
    inferred: list[TransitionView]
    next_change: TransitionView | None
    events: list[str]
    position: int


class CompanyRead(Shape):
    """A company as the register knows it."""

    id: str
    name: str
    country: str
    aliases: list[str]
    identifiers: list[Identifier]
    events: list[str]
    position: int


class HistoryEntry(Shape):
    """One event of a thing's stream, and the thing's state on `as_of` as known right after it (null: none stands)."""

    position: int
    state: str | None
    event: EventRead


class History(Shape):
    """All that was recorded of a thing up to `known_at`, oldest first."""

    id: str
    as_of: date
    known_at: KnownAt
    history: list[HistoryEntry]


class _Page(Shape):
    as_of: date
    known_at: KnownAt
    next_after: Annotated[str | None, Field(description="The id to ask on from, as `after`; null: these are all.")]


class RestrictionPage(_Page):
    restrictions: list[RestrictionRead]


class LicensePage(_Page):
    licenses: list[LicenseRead]


class MilestonePage(_Page):
    milestones: list[MilestoneRead]


class CompanyPage(_Page):
    companies: list[CompanyRead]


class NotePage(_Page):
    notes: list[NoteRead]


class Countries(Shape):
    known_at: KnownAt
    countries: list[CountryRead]


class InclusionProof(Shape):
    """That the event at `position` is in the tree of the first `size` events. Hashes are hexadecimal."""

    position: int
    size: int
    leaf: str
    proof: list[str]
    root: str


class ConsistencyProof(Shape):
    """That the tree of `size` events begins with that of `old_size`. Hashes are hexadecimal."""

    old_size: int
    size: int
    proof: list[str]
    old_root: str
    root: str


class Health(Shape):
    status: str
    position: int | None = None
