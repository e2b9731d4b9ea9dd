"""Events of a license. A stream is one license, or one statement that licenses exist which nobody has told apart."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from service.domain.base import Frozen, Line, Slug, Sparse
from service.domain.catalogue.base import EventData
from service.domain.commodities import ScopedCommodity
from service.domain.countries import Country
from service.domain.dates import Day, Period
from service.domain.parties import Party, UndisclosedParty
from service.domain.quantities import Count, DecimalText, Quantity

LicenseType = Literal["individual", "open_individual", "general", "quota_allocation", "exception"]
Parties = Annotated[list[Party], Field(max_length=1000)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Money(Frozen):
    """An amount in a currency (ISO 4217)."""

    amount: DecimalText
    currency: Currency


class LicenseLine(Sparse):
    """One line of a license: goods, and how much of them. Without a quantity, none was stated."""

    commodity: ScopedCommodity
    quantity: Quantity | None = None
    value: Money | None = None


class Conditions(Sparse):
    """What the license is tied to. A condition that is left out was not stated."""

    end_uses: Annotated[list[Slug], Field(min_length=1, max_length=50)] | None = None
    no_re_export_to: Annotated[list[Country], Field(min_length=1, max_length=300)] | None = None
    end_user_certificate: bool | None = None
    shipments: Literal["single", "multiple"] | None = None


class LicenseEvent(EventData):
    noun: ClassVar[str] = "license"


class LicenseReported(LicenseEvent):
    """A source says how a license, or licenses, stood on a day, without saying when that began.

    Certain on `on` by its speaker's tier, possible before it, and so until an act says otherwise. The fields that
    describe the license add to what is known of it; a stream that begins with a report says at least who issued it.
    """

    event_type: ClassVar[str] = "license.reported"
    begins: ClassVar[bool] = True

    state: Annotated[
        Literal["applied", "under_review", "active", "in_force", "still_applies", "lifted"],
        Field(description="How it stood. `in_force` and `still_applies` say the same as `active`."),
    ]
    on: Day
    type: LicenseType | None = None
    issuer: Country | None = None
    origin: Country | None = None
    destination: Country | None = None
    licensee: Party | None = None
    end_users: Parties = []
    lines: Annotated[list[LicenseLine], Field(max_length=1000)] = []
    validity: Period | None = None
    count: Count | None = None
    conditions: Conditions | None = None


class LicenseGranted(LicenseEvent):
    """An authority granted a license, or several that a source counts without telling them apart, on `effective`.

    Roles: the `licensee` holds it (under Chinese rules the exporter applies), `end_users` receive the goods. Who was
    not disclosed stays undisclosed. `count` says how many licenses the claim is about. A license whose end nobody
    stated is certain up to the last day that a source speaks of it, and possible after.
    """

    event_type: ClassVar[str] = "license.granted"
    begins: ClassVar[bool] = True

    type: LicenseType = "individual"
    issuer: Country
    origin: Country | None = None
    destination: Country | None = None
    licensee: Party = UndisclosedParty(undisclosed=True)
    end_users: Parties = []
    lines: Annotated[list[LicenseLine], Field(max_length=1000)] = []
    validity: Period | None = None
    count: Count | None = None
    conditions: Conditions | None = None


class LicenseRevoked(LicenseEvent):
    """The authority took the license back, from `effective` on. The cause stays "revoked" after the old end date."""

    event_type: ClassVar[str] = "license.revoked"

    reason: Line | None = None


class LicenseUsed(LicenseEvent):
    """A shipment drew on a line of the license. The same `reference` is the same use, however often it is posted."""

    event_type: ClassVar[str] = "license.used"

    reference: Line
    day: Day
    quantity: Quantity
    line: Annotated[int, Field(ge=1, le=1000, description="The line drawn on, counted from 1.")] = 1


EVENTS: tuple[type[EventData], ...] = (LicenseReported, LicenseGranted, LicenseRevoked, LicenseUsed)
