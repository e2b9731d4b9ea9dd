"""Conflicts: where sources contradict each other, and which was followed."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from service.api.http import media
from service.api.http.paging import Paged, page_of
from service.api.http.parameters import PublicBy, Text, country_of
from service.api.http.register import Here
from service.api.http.rendering import rendered
from service.api.shape import NextAfter, Shape
from service.domain.claims import Claim, SetAside
from service.domain.sources import Tier
from service.projections import MODELS
from service.projections.read_model import things
from service.projections.tables import AGAIN
from service.register.explain import said_by
from service.register.shapes import KnownAt, SaidBy


class Conflict(Shape):
    """A record that contradicts what is followed, and whose word is followed instead."""

    about: str
    event: str
    tier: Tier
    reason: str
    followed: list[SaidBy]


class ConflictList(Shape):
    """Where sources contradict each other."""

    known_at: KnownAt
    conflicts: list[Conflict]
    next_after: NextAfter


router = APIRouter(prefix="/v1/conflicts", tags=["conflicts"])


class Asked(Paged):
    country: Annotated[
        Text | SkipJsonSchema[None],
        Field(description="Only about a country: what it controls or issued, takes part in, or is home to."),
    ] = None
    known_at: Annotated[Text | SkipJsonSchema[None], Field(description="A log position, or an RFC 3339 instant.")] = (
        None
    )
    public_by: PublicBy = None


@router.get(
    "",
    operation_id="listConflicts",
    response_model=ConflictList,
    summary="Where sources disagree",
    responses=media.LISTING,
)
def conflicts(register: Here, asked: Annotated[Asked, Query()]) -> Response:
    """Every record that contradicts what is followed of the same thing: its source, why it was set aside, and who was
    followed. Claims of equal tier that disagree are followed both, as possible, and stand at the thing itself."""
    country = country_of(asked.country, "country") if asked.country else None
    with register.answering() as connection:
        at = register.known_at(connection, asked.known_at, public_by=asked.public_by)
        found = [
            _conflict(thing.stream, aside, thing.claims)
            for model in MODELS
            for thing in things(connection, model, at.seen, country=country, having=[[AGAIN]])
            for aside in getattr(thing, "set_aside", ())
            if aside.conflicting
        ]
    shown, next_after = page_of(found, lambda one: (one.about, one.event, one.reason), asked)
    following = {"known_at": at.position, "after": next_after} if next_after else None
    return rendered(register, ConflictList(known_at=at, conflicts=shown, next_after=next_after), following=following)


def _conflict(stream: str, aside: SetAside, claims: tuple[Claim, ...]) -> Conflict:
    followed = [claim for claim in claims if aside.event not in claim.events and claim.rank >= aside.tier.rank]
    return Conflict(about=stream, event=aside.event, tier=aside.tier, reason=aside.reason, followed=said_by(followed))
