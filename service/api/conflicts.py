"""Conflicts: where sources contradict each other, and which was followed."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from service.api.http import media
from service.api.http.paging import Paged, cursor, place_after
from service.api.http.parameters import PublicBy, Text, country_of
from service.api.http.register import Here
from service.api.http.rendering import rendered
from service.api.shape import NextAfter, Shape
from service.domain.sources import Tier
from service.register import titles
from service.register.citations import Citations
from service.register.conflicting import Conflicts, Found, place_of
from service.register.known import Known
from service.register.parts import SourceView
from service.register.reasons import said_by
from service.register.shapes import KnownAt, SaidBy

MOST_FOLLOWED = 2
"""How many of those who were followed a conflict names by their sources."""


class Conflict(Shape):
    """A record that contradicts what is followed, and whose word is followed instead."""

    about: str
    title: Annotated[str, Field(description="What the thing is called.")]
    event: str
    tier: Tier
    reason: str
    sources: Annotated[list[str], Field(description="The source of the record, by its key in the table `sources`.")]
    followed: list[SaidBy]
    followed_sources: Annotated[
        list[str], Field(description="Those who were followed instead, by their keys in the table `sources`.")
    ]


class ConflictList(Shape):
    """Where sources contradict each other."""

    known_at: KnownAt
    conflicts: list[Conflict]
    sources: dict[str, SourceView]
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
    followed. A report in a stream of its own that a higher tier of the same instrument contradicts today stands here
    too. Claims of equal tier that disagree are followed both, as possible, and stand at the thing itself."""
    country = country_of(asked.country, "country") if asked.country else None
    with register.answering(asked.known_at) as connection:
        at = register.known_at(connection, asked.known_at, public_by=asked.public_by)
        on = register.today()
        shown, more = Conflicts(connection, at.seen, country, on).page(place_after(asked.after), asked.limit)
        next_after = cursor(place_of(shown[-1])) if more else None
        cite = Citations(Known(connection, at))
        listed = [_conflict(one, cite, on) for one in shown]
        body = ConflictList(known_at=at, conflicts=listed, sources=cite.table(), next_after=next_after)
    following = {"known_at": at.position, "after": next_after} if next_after else None
    return rendered(register, body, following=following)


def _conflict(found: Found, cite: Citations, on: date) -> Conflict:
    aside = found.aside
    return Conflict(
        about=found.thing.stream,
        title=titles.of_thing(found.thing, on),
        event=aside.event,
        tier=aside.tier,
        reason=aside.reason,
        sources=cite.of_event(aside.event),
        followed=said_by(found.followed),
        followed_sources=cite.of(found.followed, MOST_FOLLOWED),
    )
