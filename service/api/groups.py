"""Country groups: a page of them, one, and its history."""

from datetime import date

from service.api.shape import Shape, ThingPage, aside_views, events_of, slug
from service.api.things import router_for
from service.domain.group.events import Membership
from service.domain.group.timeline import Group, belongs
from service.domain.resolve import distinct
from service.domain.truth import Certainty, Truth
from service.projections import groups
from service.register.reasons import said_by
from service.register.shapes import SaidBy, SetAsideView


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


class GroupPage(ThingPage):
    """Groups of countries, a page of them."""

    groups: list[GroupRead]


def group_read(found: Group, on: date) -> GroupRead:
    truths = {country: belongs(found, country, on) for country in found.countries}
    return GroupRead(
        id=slug(found.stream),
        name=found.name,
        title=found.title,
        memberships=distinct(one for one, _ in found.memberships),
        members={country: truth.word for country, truth in truths.items() if truth is not Truth.NO},
        said_by=said_by(found.claims),
        set_aside=aside_views(found.stream, found.set_aside),
        events=events_of(found.claims),
        position=found.position,
    )


router = router_for(groups.MODEL, "groups", group_read, GroupRead, GroupPage)
