"""Events of a restriction. A stream is one provision of one legal instrument."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from service.domain.base import Frozen, Line, Sparse
from service.domain.countries import Country
from service.domain.dates import Day, Period
from service.domain.event_type import EventData
from service.domain.license.events import LicenseType
from service.domain.quantities import Percent, Quantity
from service.domain.scope import Scope
from service.domain.sources import Url

RestrictionKind = Literal[
    "prohibition",
    "conditional_prohibition",
    "presumption_of_denial",
    "licensing",
    "quota",
    "conditional",
    "notification",
    "affiliates_rule",
    "exemption",
]


class Instrument(Sparse):
    """The legal act that a provision is a part of."""

    id: Line | None = None
    title: Line | None = None
    number: Line | None = None
    authority: Line | None = None
    url: Url | None = None


class Volume(Frozen):
    """How much a quota allows in a period."""

    period: Period
    quantity: Quantity


Volumes = Annotated[
    list[Volume] | None,
    Field(min_length=1, max_length=100, description="Of a quota: how much it allows, period by period."),
]
BarredTypes = Annotated[
    list[LicenseType] | None,
    Field(min_length=1, max_length=5, description="Licenses of these types cannot be used for the parties it names."),
]


class RestrictionEvent(EventData):
    noun: ClassVar[str] = "restriction"


class RestrictionAct(RestrictionEvent):
    """What an authority did. `agreed`: it said that it will, and no act was seen."""

    added: ClassVar[frozenset[str]] = frozenset({"certainty"})

    certainty: Annotated[
        Literal["enacted", "agreed"],
        Field(description="`agreed`: the authority said that it will, and no act was seen. It makes things possible."),
    ] = "enacted"


class RestrictionReported(RestrictionEvent):
    """A source says how a restriction stood on a day. No act is reported, so nothing is said of when that began.

    Certain on `on` by its speaker's tier, possible before it, and so until an act says otherwise. A stream may begin
    with it, since often it is all that is known; then it says at least what is restricted, by whom, and in which way.
    """

    event_type: ClassVar[str] = "restriction.reported"
    begins: ClassVar[bool] = True

    state: Annotated[
        Literal["in_force", "still_applies", "suspended", "lifted"],
        Field(description="How it stood. `still_applies` says the same as `in_force`."),
    ]
    on: Annotated[Day, Field(description="The day that the report speaks of.")]
    instrument: Instrument | None = None
    provision: Line | None = None
    kind: RestrictionKind | None = None
    controller: Country | None = None
    scope: Scope | None = None


class RestrictionProposed(RestrictionEvent):
    """An authority proposed a provision, on `effective`. A proposal is no law: it is shown, and never a control."""

    event_type: ClassVar[str] = "restriction.proposed"
    begins: ClassVar[bool] = True

    instrument: Instrument | None = None
    provision: Line | None = None
    kind: RestrictionKind
    controller: Country
    scope: Scope
    in_force: Period | None = None


class RestrictionAnnounced(RestrictionAct):
    """An authority announced a provision: what it restricts, towards whom, from when.

    `in_force` is the period in which it is to apply. Left out, it starts on `effective`; given without a start, it is
    not yet in force. Without an end, or with an end that nobody stated, it applies until an act ends it. Without
    `announced_on` it is announced on the day of its source, or on `effective` where that is earlier. Being in force,
    and expiry, are computed from the days and never recorded. An affiliates rule passes the control of a listing on to
    those whom listed parties own, directly and together, at or above a share.
    """

    event_type: ClassVar[str] = "restriction.announced"
    added: ClassVar[frozenset[str]] = frozenset({"certainty", "volume", "bars_license_types"})
    begins: ClassVar[bool] = True

    instrument: Instrument | None = None
    provision: Line | None = None
    kind: RestrictionKind
    share_at_least_percent: Annotated[
        Percent | None,
        Field(description="Of an affiliates rule: from which share on, held by listed parties together, it reaches."),
    ] = None
    controller: Country
    scope: Scope
    announced_on: Day | None = None
    in_force: Period | None = None
    volume: Volumes = None
    bars_license_types: BarredTypes = None

    @model_validator(mode="after")
    def _says_the_share(self) -> "RestrictionAnnounced":
        if (self.kind == "affiliates_rule") != (self.share_at_least_percent is not None):
            raise ValueError("share_at_least_percent is required for affiliates_rule, and only allowed there")
        return self


class RestrictionSuspended(RestrictionAct):
    """The provision does not apply during a period; afterwards it applies again by itself.

    It may be suspended before it ever applied. A suspension "until the 10th" whose text says that the provision applies
    again from the 10th goes through the 9th. With no end stated it lasts until an act ends it.
    """

    event_type: ClassVar[str] = "restriction.suspended"

    period: Period


class RestrictionSuspensionExtended(RestrictionAct):
    """The suspension goes on: the provision does not apply during this period either.

    A period without a start goes on from the suspension before it. It may be learned late, when the first suspension
    had already seemed to lapse.
    """

    event_type: ClassVar[str] = "restriction.suspension_extended"

    period: Period


class RestrictionReinstated(RestrictionAct):
    """The provision applies again, from `effective` on, before its suspension would have lapsed."""

    event_type: ClassVar[str] = "restriction.reinstated"


class RestrictionExtended(RestrictionAct):
    """The provision stays in force longer than it was to: through the end of this period."""

    event_type: ClassVar[str] = "restriction.extended"

    in_force: Period

    @model_validator(mode="after")
    def _says_until_when(self) -> "RestrictionExtended":
        if self.in_force.through is None:
            raise ValueError('an extension says through which day, or "open"')
        return self


class RestrictionAmended(RestrictionAct):
    """The world changed: from `effective` on the provision is otherwise. What is left out stays as it was.

    It is no correction: answers for the days before stand.
    """

    event_type: ClassVar[str] = "restriction.amended"
    added: ClassVar[frozenset[str]] = frozenset({"certainty", "volume", "bars_license_types"})

    provision: Line | None = None
    kind: RestrictionKind | None = None
    scope: Scope | None = None
    volume: Volumes = None
    bars_license_types: BarredTypes = None

    @model_validator(mode="after")
    def _changes_something(self) -> "RestrictionAmended":
        if not self.changes:
            raise ValueError("give at least one change: kind, scope, provision, volume or bars_license_types")
        return self

    @property
    def changes(self) -> frozenset[str]:
        """The fields that it changes."""
        names = ("provision", "kind", "scope", "volume", "bars_license_types")
        return frozenset(name for name in names if getattr(self, name) is not None)


class RestrictionWithdrawn(RestrictionAct):
    """The authority took the provision back before it took effect, on `effective`."""

    event_type: ClassVar[str] = "restriction.withdrawn"


class RestrictionRepealed(RestrictionAct):
    """The provision ended by an act, from `effective` on. Another provision may have taken its place."""

    event_type: ClassVar[str] = "restriction.repealed"

    superseded_by: Annotated[
        Line | None, Field(pattern=r"^restriction/[a-z0-9-]{1,100}$", description="The stream that replaces it.")
    ] = None


class RestrictionQuotaExhausted(RestrictionAct):
    """What a quota allows is used up, from `effective` on, until the volume of its next period or until it is reopened.

    The quota stays in force, with nothing left under it.
    """

    event_type: ClassVar[str] = "restriction.quota_exhausted"


class RestrictionQuotaBlocked(RestrictionAct):
    """The authority takes nothing against the quota for the time being, from `effective` on, until it is reopened."""

    event_type: ClassVar[str] = "restriction.quota_blocked"


class RestrictionQuotaReopened(RestrictionAct):
    """The quota can be used again, from `effective` on, after it was used up or blocked."""

    event_type: ClassVar[str] = "restriction.quota_reopened"


EVENTS: tuple[type[EventData], ...] = (
    RestrictionReported,
    RestrictionProposed,
    RestrictionAnnounced,
    RestrictionAmended,
    RestrictionSuspended,
    RestrictionSuspensionExtended,
    RestrictionReinstated,
    RestrictionExtended,
    RestrictionWithdrawn,
    RestrictionRepealed,
    RestrictionQuotaExhausted,
    RestrictionQuotaBlocked,
    RestrictionQuotaReopened,
)
