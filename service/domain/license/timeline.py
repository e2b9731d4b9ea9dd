"""What is known of a license over time, from the claims about it. How it stands, it says only `on` a day."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from service.domain.claims import Claim, Ledger, SetAside
from service.domain.dates import ANY_DAY, ONE_DAY, Bounds, bounds, reached
from service.domain.kept import LastDays, Once
from service.domain.license.acts import GONE, HELD, SAID, Step, World, steps_of, worlds
from service.domain.license.events import LicenseRenewed, LicenseReported
from service.domain.license.on_day import LastSaid, LicenseOnDay, possible_terms, state_in
from service.domain.license.terms import SaidLine, Terms, amended_lines, amendment_of, terms_of
from service.domain.license.use_faults import checked_uses
from service.domain.license.uses import Uses, uses_of
from service.domain.quantities import Count
from service.domain.resolve import drives, resolve
from service.domain.sources import Tier
from service.domain.transitions import Transition
from service.domain.truth import Truth

DESCRIBING = ("license.granted", "license.reported", "license.applied")
STATES_LINES = (*DESCRIBING, "license.amended")
"""The types of events that state the lines of a license."""
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
    uses: Uses
    claims: tuple[Claim, ...]
    """All that moves or describes it; its uses stand apart."""
    set_aside: tuple[SetAside, ...]
    tier: Tier
    position: int
    _type: str
    _terms_at_first: Terms
    _on_days: LastDays[LicenseOnDay] = field(default_factory=LastDays, init=False, repr=False, compare=False)
    dated: Once[list[Transition]] = field(default_factory=Once, init=False, repr=False, compare=False)

    def on(self, day: date) -> LicenseOnDay:
        """The license as it stands on a day (rule 12)."""
        return self._on_days.on(day, self._on)

    def _on(self, day: date) -> LicenseOnDay:
        found, last_said = self.worlds_on(day), self.last_said
        return LicenseOnDay(
            stream=self.stream,
            type=self._type,
            issuer=self.issuer,
            day=day,
            possible_terms=possible_terms(found),
            state=state_in(found, self.uses, day, last_said.day if last_said else None),
            uses=self.uses,
            last_said=last_said,
            latest_act=max(self._befallen(day, found[0]), default=(date.min, 0)),
            renewed_as=tuple(self._renewed_as(day)),
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
    def issued(self) -> Bounds:
        """The day on which it was issued, as far as the first act or report that has it issued tells."""
        issuing = (step.day for step in self.steps if step.act in (*HELD, *GONE))
        return next(issuing, ANY_DAY)

    @property
    def last_said(self) -> LastSaid | None:
        """The last that a source speaks of it as held: its publication, a report's day, or an act's."""
        said = [LastSaid(day, claim) for claim in self.claims for day in _spoken_of(claim) if day]
        return max(said, key=lambda one: (one.day, one.claim.rank, one.claim.position), default=None)

    def _befallen(self, day: date, world: World) -> Iterator[tuple[date, int]]:
        """The days of its acts, its uses and its expiry, those that have certainly come, each with its position."""
        for step in self.steps:
            if step.day.latest and step.day.latest <= day:
                yield step.day.latest, step.claim.position
        for use in self.uses:
            if use.made(day) is Truth.YES:
                yield max(draw.day.latest or day for draw in use.draws), use.claims[-1].position
        ends = world.terms.ends
        if ends and ends.latest and ends.latest < day:
            yield ends.latest + ONE_DAY, self.position

    def _renewed_as(self, day: date) -> Iterator[str]:
        for claim in self.claims:
            if isinstance(claim.data, LicenseRenewed) and claim.data.renewed_as and reached(claim.day, day):
                yield claim.data.renewed_as


def may_have_line(ledger: Ledger, number: int) -> bool:
    """Whether the license has a line of that number on some day, or no source says which lines it has (rule 25)."""
    timeline = license_timeline(ledger)
    lines = timeline.every_line if timeline else ()
    return not lines or number in {line.number for line in lines}


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
    told, rival_uses = uses_of(moving)
    uses, faults = checked_uses(told, lambda day: worlds(terms, steps, day))
    reported = bool(uses) or any(getattr(claim.data, "uses_reported", None) for claim in describing)
    fields = (*type_.set_aside, *issuer.set_aside, *rival_terms)
    asides = (*ledger.set_aside, *idle, *fields, *outranked, *rival_uses, *faults)
    return LicenseTimeline(
        stream=ledger.stream,
        issuer=issuer.value,
        counts=tuple((claim.tier, c) for claim in describing if (c := getattr(claim.data, "count", None))),
        steps=steps,
        uses=Uses(uses, reported),
        claims=tuple(claim for claim in moving if claim.type != "license.used"),
        set_aside=asides,
        tier=tier,
        position=ledger.position,
        _type=type_.value or "individual",
        _terms_at_first=terms,
    )
