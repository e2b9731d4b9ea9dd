"""Events of a license. A stream is one license, or one statement that licenses exist which nobody has told apart.

An act (granted, suspended, revoked) changes the state from its `effective` day on; a report says how things stood.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints, model_validator

from service.domain.base import Frozen, Line, Slug, Sparse, stream_of
from service.domain.commodity.match import ScopedCommodity
from service.domain.countries import Country
from service.domain.dates import Day, Period
from service.domain.event_type import EventData
from service.domain.parties import Party, UndisclosedParty
from service.domain.quantities import Count, DecimalText, Quantity

LicenseType = Literal["individual", "open_individual", "general", "quota_allocation", "exception"]
Parties = Annotated[list[Party], Field(max_length=1000)]
LicenseStream = Annotated[str, StringConstraints(pattern=stream_of("license"))]
LineNumber = Annotated[int, Field(ge=1, le=1000, description="A line of the license, counted from 1.")]
Destination = Annotated[
    Literal["all"] | Country, Field(description="The country of destination, or `all`: it is for every destination.")
]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Money(Frozen):
    """An amount in a currency (ISO 4217)."""

    amount: DecimalText
    currency: Currency


class LicenseLine(Sparse):
    """One line of a license: goods, and how much of them. Without a quantity, none was stated.

    `tolerance_percent`: by how much shipments may bring the total over the quantity, while anything of it is left.
    """

    commodity: ScopedCommodity
    quantity: Quantity | None = None
    value: Money | None = None
    tolerance_percent: DecimalText | None = None


class Conditions(Sparse):
    """What the license is tied to. A condition that is left out was not stated.

    `shipments`: a license for a `single` shipment has nothing left after its first use.
    """

    end_uses: Annotated[list[Slug], Field(min_length=1, max_length=50)] | None = None
    no_re_export_to: Annotated[list[Country], Field(min_length=1, max_length=300)] | None = None
    end_user_certificate: bool | None = None
    shipments: Literal["single", "multiple"] | None = None


ReportedState = Literal[
    "applied",
    "under_review",
    "granted",
    "active",
    "in_force",
    "still_applies",
    "suspended",
    "denied",
    "returned",
    "withdrawn",
    "revoked",
    "lifted",
    "surrendered",
    "expired",
    "exhausted",
]


class LicenseEvent(EventData):
    noun: ClassVar[str] = "license"


class LicenseDescription(LicenseEvent):
    """What a grant, an application and a report say of a license: who holds it, for which goods, where to, how long.

    Roles: the `licensee` holds it (under Chinese rules the exporter applies), `consignees` import the goods,
    `end_users` use them, `intermediates` stand between; `customers` are those whom a general license lists. Who was
    not disclosed stays undisclosed. `count` says how many licenses the claim is about. `uses_reported`: its uses are
    told to this register, so that what is left of it is known.
    """

    origin: Country | None = None
    destination: Destination | None = None
    licensee: Party | None = None
    end_users: Parties = []
    consignees: Parties = []
    intermediates: Parties = []
    customers: Parties = []
    lines: Annotated[list[LicenseLine], Field(max_length=1000)] = []
    validity: Period | None = None
    count: Count | None = None
    conditions: Conditions | None = None
    uses_reported: Annotated[bool | None, Field(exclude_if=lambda said: said is None)] = None


class LicenseReported(LicenseDescription):
    """A source says how a license, or licenses, stood on a day, without saying when that began.

    Certain on `on` by its speaker's tier, possible before it, and so until an act says otherwise. The fields that
    describe the license add to what is known of it; a stream that begins with a report says at least who issued it.
    """

    event_type: ClassVar[str] = "license.reported"
    begins: ClassVar[bool] = True

    state: Annotated[
        ReportedState,
        Field(
            description="How it stood. `granted`, `in_force` and `still_applies` say the same as `active`; `lifted`, "
            "the same as `revoked`."
        ),
    ]
    on: Day
    type: LicenseType | None = None
    issuer: Country | None = None


class LicenseApplied(LicenseDescription):
    """A license was applied for, on `effective`. A stream may begin with it; it may follow a return or a denial.

    It describes the license as it was applied for, in the fields that a grant has. What is granted in the end may
    differ, and adds to them.
    """

    event_type: ClassVar[str] = "license.applied"
    begins: ClassVar[bool] = True

    type: LicenseType | None = None
    issuer: Country


class LicenseUnderReview(LicenseEvent):
    """The authority took up the application, on `effective`. It is still pending."""

    event_type: ClassVar[str] = "license.under_review"


class LicenseGranted(LicenseDescription):
    """An authority granted a license, or several that a source counts without telling them apart, on `effective`.

    Roles: the `licensee` holds it (under Chinese rules the exporter applies), `consignees` import the goods,
    `end_users` use them, `intermediates` stand between; `customers` are those whom a general license lists. Who was
    not disclosed stays undisclosed. `count` says how many licenses the claim is about. A license whose end nobody
    stated is certain up to the last day that a source speaks of it, and possible after. Being active, expired or
    exhausted is computed, never recorded.
    """

    event_type: ClassVar[str] = "license.granted"
    begins: ClassVar[bool] = True

    type: LicenseType = "individual"
    issuer: Country
    licensee: Party = UndisclosedParty(undisclosed=True)


class LicenseDenied(LicenseEvent):
    """The authority denied the application, on `effective`. It is final, unless it is set aside or applied for anew."""

    event_type: ClassVar[str] = "license.denied"

    reason: Line | None = None


class LicenseReturned(LicenseEvent):
    """The authority returned the application without action, on `effective`. It is neither granted nor denied."""

    event_type: ClassVar[str] = "license.returned"

    reason: Line | None = None


class LicenseWithdrawn(LicenseEvent):
    """The applicant took the application back, on `effective`, before anything was decided."""

    event_type: ClassVar[str] = "license.withdrawn"

    reason: Line | None = None


class LicenseAmended(LicenseEvent):
    """The license is otherwise from `effective` on: each field that is given replaces what held before.

    It is no correction: for the days before, the license stays as it was. An amended validity replaces the bounds that
    it states. Lines keep their numbers, so that earlier uses count against the new quantity of their line.
    """

    event_type: ClassVar[str] = "license.amended"

    destination: Destination | None = None
    licensee: Party | None = None
    end_users: Parties | None = None
    consignees: Parties | None = None
    intermediates: Parties | None = None
    customers: Parties | None = None
    lines: Annotated[list[LicenseLine], Field(max_length=1000)] | None = None
    validity: Period | None = None
    conditions: Conditions | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> "LicenseAmended":
        if all(getattr(self, name) is None for name in type(self).model_fields):
            raise ValueError("an amendment says what changes")
        return self


class LicenseSuspended(LicenseEvent):
    """The license may not be used during a period, or from `effective` on where none is given.

    After the last day of the period it may be used again by itself; with no end stated, only once it is reinstated. A
    suspension does not lengthen the validity.
    """

    event_type: ClassVar[str] = "license.suspended"

    period: Period | None = None
    reason: Line | None = None


class LicenseReinstated(LicenseEvent):
    """What kept the license from use is set aside, from `effective` on.

    It ends a suspension, and sets aside a denial, a revocation or a surrender on appeal: the license, or the
    application, stands again as it did before. The validity is not lengthened.
    """

    event_type: ClassVar[str] = "license.reinstated"

    reason: Line | None = None


class LicensePartiallyRevoked(LicenseEvent):
    """The authority took back some lines of the license, from `effective` on. The others stay as they are."""

    event_type: ClassVar[str] = "license.partially_revoked"

    lines: Annotated[list[LineNumber], Field(min_length=1, max_length=1000)]
    reason: Line | None = None


class LicenseRevoked(LicenseEvent):
    """The authority took the license back, from `effective` on. The cause stays "revoked" after the old end date."""

    event_type: ClassVar[str] = "license.revoked"

    reason: Line | None = None


class LicenseSurrendered(LicenseEvent):
    """The holder gave the license back, on `effective`. The cause stays "surrendered" after the old end date."""

    event_type: ClassVar[str] = "license.surrendered"

    reason: Line | None = None


class LicenseRenewed(LicenseEvent):
    """The license was renewed as another one, on `effective`. By itself that ends nothing: both stand as they are."""

    event_type: ClassVar[str] = "license.renewed"

    renewed_as: Annotated[LicenseStream | None, Field(description="The stream of the other license.")] = None


class LicenseUsed(LicenseEvent):
    """A shipment drew on a line of the license. The same `reference` is the same use, however often it is posted."""

    event_type: ClassVar[str] = "license.used"

    reference: Line
    day: Day
    quantity: Quantity
    line: Annotated[int, Field(ge=1, le=1000, description="The line drawn on, counted from 1.")] = 1


EVENTS: tuple[type[EventData], ...] = (
    LicenseReported,
    LicenseApplied,
    LicenseUnderReview,
    LicenseGranted,
    LicenseDenied,
    LicenseReturned,
    LicenseWithdrawn,
    LicenseAmended,
    LicenseSuspended,
    LicenseReinstated,
    LicensePartiallyRevoked,
    LicenseRevoked,
    LicenseSurrendered,
    LicenseRenewed,
    LicenseUsed,
)
