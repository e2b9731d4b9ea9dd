"""Licenses: a page of them, one, and its history."""

from datetime import date
from typing import Annotated

from fastapi import Query, Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from service.api.http import media
from service.api.http.parameters import Listing, Text, commodity_of, country_of
from service.api.http.register import Here
from service.api.http.rendering import rendered
from service.api.shape import Shape, ThingPage, aside_views, events_of, inferred_views, slug
from service.api.things import Asked, asking, following, router_of_one, some
from service.domain.commodity.names import Definitions
from service.domain.dates import Period
from service.domain.license.changes import transitions
from service.domain.license.events import Conditions
from service.domain.license.on_day import State
from service.domain.license.timeline import LicenseTimeline
from service.domain.license.wanted import Wanted
from service.domain.parties import Party, RegisteredParty
from service.domain.quantities import Count
from service.domain.resolve import distinct
from service.domain.sources import Tier
from service.domain.truth import Certainty
from service.projections import companies, knowledge, licenses
from service.projections.read_model import AnyOf
from service.projections.tables import COUNTRY
from service.register.reasons import line_views, next_change, said_by
from service.register.shapes import LineView, SaidBy, SetAsideView, TransitionView


class LicensePartyRead(Shape):
    """A party in its role, and the tier of the claim that says so."""

    role: str
    party: Party
    tier: Tier


class LicenseRead(Shape):
    """A license on a day, or a statement that licenses exist. `destinations` has several where sources disagree.

    `renewed_as`: the licenses that it was renewed as by then; it stands as it is all the same.
    """

    id: str
    type: str | None
    issuer: str
    destinations: list[str]
    parties: list[LicensePartyRead]
    lines: list[LineView]
    validity: Period | None
    conditions: list[Conditions]
    count: Count | None
    renewed_as: list[str]
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


class LicensePage(ThingPage):
    """Licenses, a page of them."""

    licenses: list[LicenseRead]


def license_read(found: LicenseTimeline, on: date) -> LicenseRead:
    on_day, dated = found.on(on), transitions(found)
    counts = [count for _, count in found.counts]
    return LicenseRead(
        id=slug(found.stream),
        type=on_day.type,
        issuer=found.issuer,
        destinations=list(on_day.destinations),
        parties=distinct(
            LicensePartyRead(role=one.role, party=one.party, tier=one.claim.tier) for one in on_day.parties
        ),
        lines=line_views(on_day),
        validity=on_day.validity,
        conditions=list(on_day.conditions),
        count=max(counts, key=lambda count: count.min) if counts else None,
        renewed_as=[slug(stream) for stream in on_day.renewed_as],
        state=on_day.state.word,
        granted=on_day.state.granted.word,
        active=on_day.state.active.word,
        tier=found.tier,
        said_by=said_by(found.claims),
        set_aside=aside_views(found.stream, found.set_aside),
        conflicts=aside_views(found.stream, found.set_aside, conflicting=True),
        inferred=inferred_views(dated, on),
        next_change=next_change(dated, on),
        events=[*events_of(found.claims), *(event for use in found.uses for event in use.events)],
        position=found.position,
    )


class LicensesOf(Listing):
    """Which licenses: all that is given holds on the day."""

    destination: Annotated[
        Text | SkipJsonSchema[None],
        Field(description="Only those for this country, or for all. One that states no destination is not found."),
    ] = None
    company: Annotated[
        Text | SkipJsonSchema[None],
        Field(
            description="Only those that name this company in any role: its id, such as `jay-ushin`.",
            pattern=r"^(company/)?[a-z0-9-]{1,100}$",
        ),
    ] = None
    commodity: Annotated[
        Text | SkipJsonSchema[None],
        Field(description="Only those with a line that may be for these goods: a customs code in digits, or a name."),
    ] = None
    state: Annotated[State | SkipJsonSchema[None], Field(description="Only those that stand so on the day.")] = None
    issuer: Annotated[Text | SkipJsonSchema[None], Field(description="Only those that this country issued.")] = None


router = router_of_one(licenses.MODEL, "licenses", license_read, LicenseRead)


@router.get(
    "",
    operation_id="listLicenses",
    response_model=LicensePage,
    summary="List licenses",
    responses=media.LISTING,
)
def page(register: Here, listing: Annotated[LicensesOf, Query()]) -> Response:
    """In order of their ids, as they stood on a day, as known at a position."""
    with asking(register, listing) as asked:
        found, next_after = some(
            asked, licenses.MODEL, listing, having=_keys(listing), keep=_wanted(asked, listing).meets
        )
        read = [license_read(one, asked.on) for one in found]
        body = LicensePage(licenses=read, as_of=asked.on, known_at=asked.at, next_after=next_after)
        return rendered(register, body, following=following(asked, next_after))


def _keys(listing: LicensesOf) -> list[AnyOf]:
    return [[f"{COUNTRY}{listing.issuer}"]] if listing.issuer else []


def _wanted(asked: Asked, listing: LicensesOf) -> Wanted:
    """Raises InvalidRequest for a country or goods that cannot be read."""
    at = asked.at.seen
    party = RegisteredParty(company=f"company/{listing.company.removeprefix('company/')}") if listing.company else None
    return Wanted(
        on=asked.on,
        destination=country_of(listing.destination, "destination") if listing.destination else None,
        company=companies.asked_of(asked.connection, party, asked.on, at) if party else None,
        commodity=commodity_of(listing.commodity),
        state=listing.state,
        issuer=country_of(listing.issuer, "issuer") if listing.issuer else None,
        definitions=knowledge.defined(asked.connection, at).commodities if listing.commodity else Definitions(),
    )
