"""Where sources contradict each other, in the order of the things: read no further than it is asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from service.domain.claims import Claim, SetAside
from service.domain.restriction.same_instrument import contradicted_reports, number_of, set_aside_by
from service.domain.restriction.timeline import RestrictionTimeline
from service.projections import MODELS, restrictions
from service.projections.read_model import ReadModel, of_streams, things
from service.projections.tables import CONTESTED, INSTRUMENT, REPORTED, bounded

Place = tuple[str, ...]
TOGETHER = 100
"""How many things are looked at together."""


@dataclass(frozen=True)
class Found:
    """A record of a thing that is not followed, and those who are."""

    thing: Any
    aside: SetAside
    followed: Sequence[Claim]


def place_of(one: Found) -> Place:
    return one.thing.stream, one.aside.event, one.aside.reason


@dataclass(frozen=True)
class Conflicts:
    """What was known at a log position of things of one country, or of all."""

    connection: Connection
    at: int
    country: str | None
    on: date
    """The day on which reports are held against the acts of their instrument (rule 34)."""

    def page(self, after: Place | None, limit: int) -> tuple[list[Found], bool]:
        """The conflicts behind a place, at most so many; and whether more follow."""
        found: list[Found] = []
        for some in self._things(after[0] if after else ""):
            of_these = sorted([*self._within(some), *self._of_instruments(some)], key=place_of)
            found += [one for one in of_these if after is None or place_of(one) > after]
            if len(found) > limit:
                break
        return found[:limit], len(found) > limit

    def _things(self, start: str) -> Iterator[list[Any]]:
        """The things of which a record may contradict another, in order of their streams, from one stream on."""
        noun, _, _ = start.partition("/")
        for model in sorted(MODELS, key=lambda one: one.noun):
            if model.noun == noun:
                same = of_streams(self.connection, model, self.at, [start]).values()
                yield [one for one in same if self.country is None or model.concerns(one, self.country)]
            if model.noun >= noun:
                yield from self._of_noun(model, start if model.noun == noun else "")

    def _of_noun(self, model: ReadModel[Any], after: str) -> Iterator[list[Any]]:
        keys = [CONTESTED, REPORTED] if model is restrictions.MODEL else [CONTESTED]
        more: dict[str, Any] = {"country": self.country, "having": [keys], "limit": TOGETHER}
        while found := things(self.connection, model, self.at, after=after, **more):
            yield found
            if len(found) < TOGETHER:
                return
            after = found[-1].stream

    def _within(self, some: Sequence[Any]) -> Iterator[Found]:
        """Records that contradict a higher tier of the same thing."""
        for thing in some:
            for aside in getattr(thing, "set_aside", ()):
                if aside.conflicting:
                    yield Found(thing, aside, _followed(thing.claims, aside))

    def _of_instruments(self, some: Sequence[Any]) -> Iterator[Found]:
        """Reports that contradict a higher tier of the same instrument on a day (rule 34)."""
        reports = {one.stream: one for one in some if isinstance(one, RestrictionTimeline) and not one.announced}
        numbers = {number_of(one.on(self.on).instrument) for one in reports.values()}
        keys = sorted(bounded(f"{INSTRUMENT}{number}") for number in numbers if number)
        if not keys:
            return
        same = things(self.connection, restrictions.MODEL, self.at, country=self.country, having=[keys])
        for report, other in contradicted_reports([one.on(self.on) for one in same]):
            if report.stream in reports:
                for aside in set_aside_by(report, other):
                    yield Found(report.timeline, aside, other.claims)


def _followed(claims: Sequence[Claim], aside: SetAside) -> list[Claim]:
    return [claim for claim in claims if aside.event not in claim.events and claim.rank >= aside.tier.rank]
