"""Events of a restriction. A stream is one provision of one legal instrument."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from service.domain.base import Line, Sparse
from service.domain.catalogue.base import EventData
from service.domain.countries import Country
from service.domain.dates import Day, Period
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
    "exemption",
]


class Instrument(Sparse):
    """The legal act that a provision is a part of."""

    id: Line | None = None
    title: Line | None = None
    number: Line | None = None
    authority: Line | None = None
    url: Url | None = None


class RestrictionEvent(EventData):
    noun: ClassVar[str] = "restriction"


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


class RestrictionAnnounced(RestrictionEvent):
    """An authority announced a provision: what it restricts, towards whom, from when.

    `in_force` is the period in which it is to apply. Without a start it is not yet in force; without an end, or with
    an end that nobody stated, it applies until an act ends it. Being in force, and expiry, are computed from the days
    and never recorded.
    """

    event_type: ClassVar[str] = "restriction.announced"
    begins: ClassVar[bool] = True

    instrument: Instrument | None = None
    provision: Line | None = None
    kind: RestrictionKind
    controller: Country
    scope: Scope
    announced_on: Day | None = None
    in_force: Period | None = None


class RestrictionSuspended(RestrictionEvent):
    """The provision does not apply during a period; afterwards it applies again by itself.

    It may be suspended before it ever applied. A suspension "until the 10th" whose text says that the provision applies
    again from the 10th goes through the 9th. With no end stated it lasts until an act ends it.
    """

    event_type: ClassVar[str] = "restriction.suspended"

    period: Period


class RestrictionRepealed(RestrictionEvent):
    """The provision ended by an act, from `effective` on. Another provision may have taken its place."""

    event_type: ClassVar[str] = "restriction.repealed"

    superseded_by: Annotated[
        Line | None, Field(pattern=r"^restriction/[a-z0-9-]{1,100}$", description="The stream that replaces it.")
    ] = None


EVENTS: tuple[type[EventData], ...] = (
    RestrictionReported,
    RestrictionAnnounced,
    RestrictionSuspended,
    RestrictionRepealed,
)
