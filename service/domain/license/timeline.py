"""A license's state on a day, from the claims about it.

Active, expired and exhausted are computed. A license whose end nobody stated is certain up to the last day that a
source speaks of it, and possible after. What holds in every course of events that the days leave open is certain.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from service.domain.claims import Claim, Ledger, SetAside
from service.domain.dates import Bounds, bounds, reached
from service.domain.license.acts import GONE, HELD, PENDING, REFUSED, SAID, Step, World, steps_of, worlds
from service.domain.license.events import LicenseAmended, LicenseReported
from service.domain.license.terms import SaidLine, Terms, amended_lines, terms_of, without
from service.domain.license.uses import Use, exhausted, uses_of
from service.domain.quantities import Count
from service.domain.resolve import distinct, drives, resolve
from service.domain.sources import Tier
from service.domain.transitions import Transition, day_after
from service.domain.truth import Truth, all_of, any_of

DESCRIBING = ("license.granted", "license.reported", "license.applied")
SPEAK_OF_IT_AS_HELD = ("granted", "amended", "suspended", "reinstated", "partially_revoked")
ACTS_IN_WORDS = {
    "suspended": "is suspended",
    "reinstated": "is reinstated",
    "amended": "is amended",
    "partially_revoked": "is revoked in part",
    "revoked": "is revoked",
    "surrendered": "is surrendered",
}


@dataclass(frozen=True, slots=True)
class License:
    """What is known of a license, tiers resolved, before any day is asked about. `terms` are those at first."""

    stream: str
    type: str
    issuer: str
    terms: Terms
    counts: tuple[tuple[Tier, Count], ...]
    steps: tuple[Step, ...]
    """What moves its state, in order of the days."""
    uses: tuple[Use, ...]
    claims: tuple[Claim, ...]
    """All that moves or describes it; its uses stand apart."""
    set_aside: tuple[SetAside, ...]
    tier: Tier
    position: int

    @property
    def destinations(self) -> tuple[str, ...]:
        """Every destination that it is for, at first or as amended."""
        later = (data.destination for data in self._amendments() if data.destination)
        return tuple(dict.fromkeys((*self.terms.destinations, *later)))

    @property
    def lines(self) -> list[SaidLine]:
        """Every line that it has, at first or as amended."""
        return [*self.terms.lines, *(line for step in self.steps for line in amended_lines(step.claim))]

    @property
    def held_by_word_of(self) -> list[Tier]:
        """The tiers that say that it was issued, and not merely applied for."""
        return [claim.tier for claim in self.claims if _says_issued(claim)]

    def _amendments(self) -> Iterator[LicenseAmended]:
        return (step.claim.data for step in self.steps if isinstance(step.claim.data, LicenseAmended))


def _says_issued(claim: Claim) -> bool:
    if isinstance(claim.data, LicenseReported):
        return SAID.get(claim.data.state, claim.data.state) in (*HELD, *GONE)
    return claim.type == "license.granted"


@dataclass(frozen=True, slots=True)
class LicenseState:
    """A license on a day. `granted`: it was issued, whatever became of it. `cause` says why it is not usable."""

    granted: Truth
    active: Truth
    pending: Truth
    cause: str | None
    open_ended: bool
    """Nobody stated its end, and the day is past the last one that a source speaks of."""
    suspended: Truth = Truth.NO

    @property
    def word(self) -> str:
        if self.active is Truth.YES:
            return "active"
        if self.cause:
            return self.cause
        if self.pending is Truth.YES:
            return "pending"
        return "undetermined" if any_of((self.active, self.pending, self.granted)) else "not_granted"


def license_of(ledger: Ledger) -> License | None:
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
    return License(
        stream=ledger.stream,
        type=type_.value or "individual",
        issuer=issuer.value,
        terms=terms,
        counts=tuple((claim.tier, c) for claim in describing if (c := getattr(claim.data, "count", None))),
        steps=steps,
        uses=uses,
        claims=tuple(claim for claim in moving if claim.type != "license.used"),
        set_aside=asides,
        tier=tier,
        position=ledger.position,
    )


def terms_on(license_: License, on: date) -> list[Terms]:
    """The terms that may hold on a day: several where the day of an amendment is vague. Revoked lines are out."""
    return distinct(without(world.terms, world.revoked_lines) for world in worlds(license_.terms, license_.steps, on))


def state_at(license_: License, on: date) -> LicenseState:
    """Whether the license was issued, is active, is pending on a day: what holds in every world is certain."""
    found = [_in_world(license_, world, on) for world in worlds(license_.terms, license_.steps, on)]
    active = consensus(state.active for state in found)
    return LicenseState(
        granted=consensus(state.granted for state in found),
        active=active,
        pending=consensus(state.pending for state in found),
        cause=found[0].cause if active is Truth.NO else None,
        open_ended=any(state.open_ended for state in found),
        suspended=consensus(state.suspended for state in found),
    )


def consensus(truths: Iterable[Truth]) -> Truth:
    """What holds in all of several worlds holds; what holds in some is possible."""
    found = set(truths)
    return found.pop() if len(found) == 1 else Truth.POSSIBLE


def _in_world(license_: License, world: World, on: date) -> LicenseState:
    """The state in one course of events, in which only the dates are left to read."""
    terms = without(world.terms, world.revoked_lines)
    held, expired = world.held(on), world.expired(on)
    begun = reached(terms.starts, on) if terms.starts else Truth.YES
    spent = exhausted(terms, license_.uses, on)
    open_ended = _open_ended(license_, world, on)
    still = Truth.POSSIBLE if open_ended else Truth.YES
    issued = Truth(2 * world.issued)
    return LicenseState(
        granted=issued,
        active=all_of((held, begun, expired.negated(), spent.negated(), still)),
        pending=Truth(2 * (world.phase in PENDING)),
        cause=_cause(world.phase, held, expired, spent, begun),
        open_ended=open_ended,
        suspended=all_of((Truth(2 * (world.phase == "suspended")), held.negated(), expired.negated())),
    )


def _cause(phase: str, held: Truth, expired: Truth, spent: Truth, begun: Truth) -> str | None:
    """Why it certainly cannot be used. Revoked stays the cause after the old end date; suspended gives way to it."""
    if phase in (*REFUSED, *GONE):
        return phase
    if phase not in HELD:
        return None
    dated = (
        (expired, "expired"),
        (held.negated(), "suspended"),
        (spent, "exhausted"),
        (begun.negated(), "not_yet_valid"),
    )
    return next((cause for truth, cause in dated if truth is Truth.YES), None)


def _open_ended(license_: License, world: World, on: date) -> bool:
    if world.phase not in HELD:
        return False
    if not world.outlived and world.terms.validity and world.terms.validity.through is not None:
        return False
    last = speaks_through(license_)
    return last is None or on > last


def speaks_through(license_: License) -> date | None:
    """The last day that a source speaks of the license as held: its publication, a report's day, or an act's."""
    return max((day for claim in license_.claims for day in _spoken_of(claim) if day), default=None)


def _spoken_of(claim: Claim) -> Iterator[date | None]:
    if isinstance(claim.data, LicenseReported):
        if SAID.get(claim.data.state, claim.data.state) in HELD:
            yield bounds(claim.data.on).latest
    elif claim.type.partition(".")[2] in SPEAK_OF_IT_AS_HELD:
        yield claim.day.latest
        yield from (source.speaks_through for source in claim.sources)


def transitions(license_: License) -> list[Transition]:
    """The changes that dates bring by themselves: the validity's start and end, acts, the lapse of a suspension."""
    return [
        Transition(license_.stream, what, day, confirmed=_confirmed(license_, day)) for what, day in _dated(license_)
    ]


def _dated(license_: License) -> Iterator[tuple[str, Bounds]]:
    world = worlds(license_.terms, license_.steps, date.max)[0]
    if world.issued and world.terms.starts:
        yield "becomes valid", world.terms.starts
    for step, following in zip(license_.steps, [*license_.steps[1:], None], strict=True):
        if step.act in ACTS_IN_WORDS and not step.report:
            yield ACTS_IN_WORDS[step.act], step.day
        period = getattr(step.claim.data, "period", None)
        if period and period.last and not _comes_first(following, period.last):
            yield "may be used again, its suspension having lapsed", day_after(period.last)
    if world.terms.ends and not world.outlived and world.phase not in (*REFUSED, *GONE):
        yield "expires", day_after(world.terms.ends)


def _comes_first(following: Step | None, last: Bounds) -> bool:
    """Whether an act ended a suspension before it could lapse."""
    if following is None or following.act not in ("reinstated", "revoked", "surrendered"):
        return False
    return bool(following.day.latest and last.latest and following.day.latest <= last.latest)


def _confirmed(license_: License, day: Bounds) -> bool:
    """Whether a claim speaks of the license on or after that day: its source's day, or the day of its report."""
    latest = day.latest
    return latest is not None and any(_said_through(claim) >= latest for claim in license_.claims)


def _said_through(claim: Claim) -> date:
    if isinstance(claim.data, LicenseReported):
        return bounds(claim.data.on).latest or date.min
    return claim.speaks_through
