"""What is known of a license over time, from the claims about it. How it stands, it says only `on` a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from service.domain.claims import Claim, Ledger, SetAside
from service.domain.dates import bounds
from service.domain.license.acts import GONE, HELD, SAID, Step, World, steps_of, worlds
from service.domain.license.events import LicenseReported
from service.domain.license.on_day import LicenseOnDay, possible_terms, state_in
from service.domain.license.terms import SaidLine, Terms, amended_lines, amendment_of, terms_of
from service.domain.license.uses import Use, uses_of
from service.domain.quantities import Count
from service.domain.resolve import drives, resolve
from service.domain.sources import Tier

DESCRIBING = ("license.granted", "license.reported", "license.applied")
SPEAK_OF_IT_AS_HELD = ("granted", "amended", "suspended", "reinstated", "partially_revoked")


@dataclass(frozen=True, slots=True)
class LicenseTimeline:
    """A license over time, tiers resolved. It has no type, terms, lines or state as such: `on` a day it has them."""

    stream: str
    issuer: str
    counts: tuple[tuple[Tier, Count], ...]
    """How many licenses the claims say there are, each with its tier."""
    steps: tuple[Step, ...]
    """What moves its state, in order of the days."""
    uses: tuple[Use, ...]
    claims: tuple[Claim, ...]
    """All that moves or describes it; its uses stand apart."""
    set_aside: tuple[SetAside, ...]
    tier: Tier
    position: int
    _type: str
    _terms_at_first: Terms

    def on(self, day: date) -> LicenseOnDay:
        """The license as it stands on a day (rule 12)."""
        found, through = self.worlds_on(day), self.spoken_of_through
        return LicenseOnDay(
            stream=self.stream,
            type=self._type,
            issuer=self.issuer,
            day=day,
            possible_terms=possible_terms(found),
            state=state_in(found, self.uses, day, through),
            uses=self.uses,
            spoken_of_through=through,
        )

    def worlds_on(self, day: date) -> list[World]:
        """Every course of events that fits the day, the one of certain acts alone first."""
        return worlds(self._terms_at_first, self.steps, day)

    @property
    def every_destination(self) -> tuple[str, ...]:
        """Every destination that it is for on some day, at first or as amended. None: nobody states any."""
        later = (data.destination for step in self.steps if (data := amendment_of(step.claim)) and data.destination)
        return tuple(dict.fromkeys((*self._terms_at_first.destinations, *later)))

    @property
    def every_line(self) -> list[SaidLine]:
        """Every line that it has on some day, at first or as amended."""
        return [*self._terms_at_first.lines, *(line for step in self.steps for line in amended_lines(step.claim))]

    @property
    def issued_by_word_of(self) -> list[Tier]:
        """The tiers that say that it was issued, and not merely applied for."""
        return [claim.tier for claim in self.claims if _says_issued(claim)]

    @property
    def spoken_of_through(self) -> date | None:
        """The last day that a source speaks of it as held: its publication, a report's day, or an act's."""
        return max((day for claim in self.claims for day in _spoken_of(claim) if day), default=None)


def _says_issued(claim: Claim) -> bool:
    if isinstance(claim.data, LicenseReported):
        return SAID.get(claim.data.state, claim.data.state) in (*HELD, *GONE)
    return claim.type == "license.granted"


def _spoken_of(claim: Claim) -> Iterator[date | None]:
    if isinstance(claim.data, LicenseReported):
        if SAID.get(claim.data.state, claim.data.state) in HELD:
            yield bounds(claim.data.on).latest
    elif claim.type.partition(".")[2] in SPEAK_OF_IT_AS_HELD:
        yield claim.day.latest
        yield from (source.speaks_through for source in claim.sources)


def license_timeline(ledger: Ledger) -> LicenseTimeline | None:
    """The license that a stream is about; None where nothing that stands says who issued it."""
    moving, idle = drives(ledger.claims)
    describing = [claim for claim in moving if claim.type in DESCRIBING]
    type_, issuer = resolve("type", describing), resolve("issuer", describing)
    if issuer.claim is None:
        return None
    terms, rival_terms = terms_of(describing)
    tier = max((claim.tier for claim in describing), key=lambda tier: tier.rank)
    steps, outranked = steps_of(moving, terms, tier.rank)
    uses, rival_uses = uses_of(moving)
    asides = (*ledger.set_aside, *idle, *type_.set_aside, *issuer.set_aside, *rival_terms, *outranked, *rival_uses)
    return LicenseTimeline(
        stream=ledger.stream,
        issuer=issuer.value,
        counts=tuple((claim.tier, c) for claim in describing if (c := getattr(claim.data, "count", None))),
        steps=steps,
        uses=uses,
        claims=tuple(claim for claim in moving if claim.type != "license.used"),
        set_aside=asides,
        tier=tier,
        position=ledger.position,
        _type=type_.value or "individual",
        _terms_at_first=terms,
    )
