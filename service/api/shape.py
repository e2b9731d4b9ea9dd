"""What the shapes of all things share, beyond what a question and its answer are."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from service.domain.claims import Claim, SetAside
from service.domain.transitions import Transition
from service.register.reasons import set_aside_view, transition_view
from service.register.shapes import KnownAt, SetAsideView, TransitionView


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ThingPage(Shape):
    as_of: date
    known_at: KnownAt
    next_after: Annotated[str | None, Field(description="The id to ask on from, as `after`; null: these are all.")]


NextAfter = Annotated[str | None, Field(description="The cursor to ask on from, as `after`; null: these are all.")]


def slug(stream: str) -> str:
    return stream.partition("/")[2]


def events_of(claims: Iterable[Claim]) -> list[str]:
    return list(dict.fromkeys(event for claim in claims for event in claim.events))


def aside_views(stream: str, found: Sequence[SetAside], *, conflicting: bool = False) -> list[SetAsideView]:
    return [set_aside_view(stream, one) for one in found if one.conflicting or not conflicting]


def inferred_views(found: Sequence[Transition], on: date) -> list[TransitionView]:
    return [transition_view(one, inferred=True) for one in found if one.due(on) and not one.confirmed]
