"""Provisions: a page of them, one, and its history."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from service.api.http import media
from service.api.http.parameters import Listing, Text, commodity_of, country_of
from service.api.http.register import Here
from service.api.http.rendering import rendered
from service.api.shape import Shape, ThingPage, aside_views, events_of, inferred_views, slug
from service.api.things import Asked as Reader
from service.api.things import asking, following, router_of_one
from service.domain.dates import Period
from service.domain.group.timeline import members_on
from service.domain.parties import Asked, RegisteredParty
from service.domain.restriction.changes import transitions
from service.domain.restriction.events import Instrument
from service.domain.restriction.schedule import PHASES
from service.domain.restriction.timeline import RestrictionOnDay, RestrictionTimeline
from service.domain.scope import Dimension, OnlyParties, Scope, match_commodities, match_destination
from service.domain.screening import Under, screened
from service.domain.sources import Tier
from service.domain.truth import Certainty, Truth
from service.projections import restrictions
from service.projections.read_model import things
from service.register.instrument_acts import named
from service.register.known import Known
from service.register.parts import QuotaPart
from service.register.reasons import next_change, quota_part, said_by
from service.register.shapes import SaidBy, SetAsideView, TransitionView


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
    since: Annotated[str | None, Field(description="A day on which it applied, or is to start.")] = None
    superseded_by: Annotated[str | None, Field(description="The restriction that replaced it by that day.")] = None
    state: str
    quota: Annotated[QuotaPart | None, Field(description="What is left of it, where it is a quota.")] = None
    bars_license_types: Annotated[
        list[str] | None, Field(description="Licenses of these types cannot be used for the parties it names.")
    ] = None
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


class RestrictionPage(ThingPage):
    """Restrictions, a page of them."""

    restrictions: list[RestrictionRead]


def restriction_read(timeline: RestrictionTimeline, on: date) -> RestrictionRead:
    found, dated = timeline.on(on), transitions(timeline)
    return RestrictionRead(
        id=slug(found.stream),
        instrument=found.instrument,
        provision=found.label,
        controller=found.controller,
        kind=found.kind,
        kinds=list(found.kinds),
        scope=found.scope,
        in_force=found.in_force,
        since=found.since,
        superseded_by=found.successor,
        state=found.state.word,
        quota=quota_part(found),
        bars_license_types=list(found.bars_license_types) or None,
        phases={phase: getattr(found.state, phase).word for phase in PHASES},
        disputed=found.disputed,
        tier=found.tier,
        said_by=said_by(found.claims),
        set_aside=aside_views(found.stream, found.set_aside),
        conflicts=aside_views(found.stream, found.set_aside, conflicting=True),
        inferred=inferred_views(dated, on),
        next_change=next_change(dated, on),
        events=events_of(found.claims),
        position=found.position,
    )


router = router_of_one(restrictions.MODEL, "restrictions", restriction_read, RestrictionRead)


class RestrictionListing(Listing):
    """A page of restrictions, and which. A filter keeps what may meet it, on the day asked about."""

    instrument: Annotated[
        Text | SkipJsonSchema[None],
        Field(description="The id of its instrument, or its number in any spelling."),
    ] = None
    controller: Annotated[Text | SkipJsonSchema[None], Field(description="The country that controls.")] = None
    destination: Annotated[Text | SkipJsonSchema[None], Field(description="A country that it may reach.")] = None
    commodity: Annotated[
        Text | SkipJsonSchema[None], Field(description="Goods that it may reach: digits are HS, anything else a name.")
    ] = None
    company: Annotated[
        Text | SkipJsonSchema[None], Field(description="A company that it names, or may name: its stream or its id.")
    ] = None
    state: Annotated[
        Literal["not_announced", "not_yet_in_force", "in_force", "suspended", "ended", "undetermined"]
        | SkipJsonSchema[None],
        Field(description="Its state on the day."),
    ] = None


@router.get(
    "",
    operation_id="listRestrictions",
    response_model=RestrictionPage,
    summary="List restrictions",
    responses=media.LISTING,
)
def page(register: Here, listing: Annotated[RestrictionListing, Query()]) -> Response:
    """In order of their ids, as they stood on a day, as known at a position."""
    with asking(register, listing) as asked:
        countries = {c for c in (listing.country, listing.controller) if c}
        codes = {country_of(code, "controller") for code in countries}
        after = f"restriction/{listing.after or ''}"
        found = [] if len(codes) > 1 else _listed(asked, listing, next(iter(codes), None))
        following_ones = [one for one in found if one.stream > after]
        shown = following_ones[: listing.limit]
        next_after = slug(shown[-1].stream) if len(following_ones) > listing.limit else None
        body = RestrictionPage(
            restrictions=[restriction_read(one, asked.on) for one in shown],
            as_of=asked.on,
            known_at=asked.at,
            next_after=next_after,
        )
        return rendered(register, body, following=_following(asked, listing, next_after))


def _listed(asked: Reader, listing: RestrictionListing, controller: str | None) -> list[RestrictionTimeline]:
    """All restrictions that meet the filters, in order of their ids."""
    found = things(asked.connection, restrictions.MODEL, asked.at.seen, country=controller)
    if listing.instrument:
        text = listing.instrument
        found = [one for one in found if any(named(instrument, text) for instrument in one.every_instrument)]
    meets = list(_filters(asked, listing))
    if not meets:
        return found
    return [one for one in found if all(meet(one.on(asked.on)) for meet in meets)]


def _filters(asked: Reader, listing: RestrictionListing) -> Iterator[Callable[[RestrictionOnDay], bool]]:
    """What each filter asks of a restriction on the day."""
    known = Known(asked.connection, asked.at)
    if listing.state:
        yield lambda one: one.state.word == listing.state
    if listing.destination:
        code, members = country_of(listing.destination, "destination"), members_on(known.defined.groups, asked.on)
        yield lambda one: _any(match_destination(code, scope.destinations, members) for scope in one.scopes)
    if goods := commodity_of(listing.commodity):
        defined = known.defined.commodities
        yield lambda one: _any(match_commodities(goods, scope.commodities, defined) for scope in one.scopes)
    if listing.company:
        party = known.party(company_party(listing.company), asked.on)
        yield lambda one: party is not None and any(names_party(scope, party) for scope in one.scopes)


def names_party(scope: Scope, party: Asked) -> bool:
    """Whether a scope names a party, or may, among its exporters or end users."""
    lists = [listed for listed in (scope.exporters, scope.end_users) if isinstance(listed, OnlyParties)]
    return any(screened(party, listed.indexed, Under.RESTRICTION).truth is not Truth.NO for listed in lists)


def company_party(text: str) -> RegisteredParty:
    return RegisteredParty(company=f"company/{text.removeprefix('company/')}")


def _any(dimensions: Iterable[Dimension]) -> bool:
    return any(one.truth is not Truth.NO for one in dimensions)


def _following(asked: Reader, listing: RestrictionListing, next_after: str | None) -> dict[str, object] | None:
    """What the next page is asked for with: the same filters beside the same day and knowledge."""
    times = following(asked, next_after)
    filters = ("country", "instrument", "controller", "destination", "commodity", "company", "state")
    given = {name: value for name in filters if (value := getattr(listing, name))}
    return None if times is None else {**given, **times}
