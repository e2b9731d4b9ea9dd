"""What the API answers with, beyond the domain's own shapes: responses only."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from service.domain.commodity.match import Commodity, ScopedCommodity
from service.domain.company.events import Identifier
from service.domain.dates import Period
from service.domain.group.events import Membership
from service.domain.license.events import Conditions
from service.domain.parties import Party
from service.domain.quantities import Count
from service.domain.restriction.events import Instrument
from service.domain.scope import Scope
from service.domain.sources import Tier
from service.domain.truth import Certainty
from service.register.shapes import KnownAt, LineView, Row, SaidBy, SetAsideView, TransitionView


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


class AnswerList(Shape):
    """One answer for each question, in their order."""

    answers: list[Row]


class MilestoneRead(Shape):
    """A milestone. It moves no status.

    `state` is `recorded`, `claimed` by one side, or what another side said: `confirmed`, `not_confirmed`,
    `contradicted`; or `fulfilled`, by what came of it.
    """

    id: str
    kind: str
    title: str
    summary: str | None
    parties: list[str]
    state: str
    claimed_by: str | None
    confirmed_by: list[str]
    contradicted_by: list[str]
    fulfilled_by: list[str]
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
    lines: list[LineView]
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


class OwnerRead(Shape):
    """A share of a company on `as_of`, in percent. The two differ where sources or days leave it open."""

    owner: Party
    at_least_percent: str
    at_most_percent: str


class RelationRead(Shape):
    """A relation of a company on `as_of`, such as vendor_of."""

    relation: str
    company: str
    holds: Certainty


class CompanyRead(Shape):
    """A company as the register knows it. `score` and `matched` are null unless it was searched for by a name."""

    id: str
    name: Annotated[str, Field(description="Its name on `as_of`.")]
    country: str
    former_names: list[str]
    aliases: list[str]
    identifiers: list[Identifier]
    owners: list[OwnerRead]
    relations: list[RelationRead]
    score: Annotated[
        int | None, Field(ge=0, le=100, description="How alike the names are. It suggests, and identifies nobody.")
    ] = None
    matched: Annotated[str | None, Field(description="The recorded name that came closest.")] = None
    mixed_script_names: Annotated[
        list[str],
        Field(
            description="Those of its names where a word mixes scripts with letters that look alike, such as "
            "Latin and Cyrillic. They are told, and never rewritten."
        ),
    ]
    said_by: list[SaidBy]
    set_aside: list[SetAsideView]
    events: list[str]
    position: int


class CommodityRead(Shape):
    """The codes that a name of goods stands for, each with its flag, and the names of its parts."""

    id: str
    name: str
    title: str | None
    lines: list[ScopedCommodity]
    parts: list[str]
    said_by: list[SaidBy]
    set_aside: list[SetAsideView]
    events: list[str]
    position: int


class GroupRead(Shape):
    """A group of countries: all who ever belonged to it and when, and who does on `as_of`, certainly or possibly."""

    id: str
    name: str
    title: str | None
    memberships: list[Membership]
    members: dict[str, Certainty]
    said_by: list[SaidBy]
    set_aside: list[SetAsideView]
    events: list[str]
    position: int


class HistoryEntry(Shape):
    """One event of a thing's stream, and the thing's state on `as_of` as known right after it (null: none stands)."""

    position: int
    state: str | None
    event: EventRead


class ThingHistory(Shape):
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
    mixed_script_query: Annotated[
        bool,
        Field(description="Whether a word of `q` mixes scripts with letters that look alike: it finds others then."),
    ] = False


class NotePage(_Page):
    notes: list[NoteRead]


class CommodityPage(_Page):
    commodities: list[CommodityRead]


class GroupPage(_Page):
    groups: list[GroupRead]


class CountryList(Shape):
    known_at: KnownAt
    countries: list[CountryRead]


NextAfter = Annotated[str | None, Field(description="The cursor to ask on from, as `after`; null: these are all.")]


class CalendarEntry(Shape):
    """A change that a date brings by itself: bounds of its first day, both included; null where there is no bound.

    `confirmed`: a source speaks of the thing on or after that day.
    """

    about: str
    controller: str
    what: str
    earliest: date | None
    latest: date | None
    confirmed: bool


class Calendar(Shape):
    """What changes by itself from one day through another, both included."""

    from_: Annotated[date, Field(alias="from")]
    through: date
    known_at: KnownAt
    entries: list[CalendarEntry]
    next_after: NextAfter


class Conflict(Shape):
    """A record that contradicts what is followed, and whose word is followed instead."""

    about: str
    event: str
    tier: Tier
    reason: str
    followed: list[SaidBy]


class ConflictList(Shape):
    known_at: KnownAt
    conflicts: list[Conflict]
    next_after: NextAfter


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
