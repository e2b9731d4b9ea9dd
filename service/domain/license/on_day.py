"""A license on a day: how it stands, whom and what it is for, and what is left of it.

Active, expired and exhausted are computed. A license whose end nobody stated is certain up to the last day that a
source speaks of it, and possible after. What holds in every course of events that the days leave open is certain.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from service.domain.claims import Claim
from service.domain.dates import Period, reached
from service.domain.license.acts import GONE, HELD, PENDING, REFUSED, World
from service.domain.license.events import Conditions
from service.domain.license.terms import LicenseParty, SaidLine, Terms, without
from service.domain.license.uses import Remaining, Uses, exhausted, left_of
from service.domain.resolve import distinct
from service.domain.truth import Truth, all_of, any_of

State = Literal[
    "active",
    "pending",
    "undetermined",
    "not_granted",
    "denied",
    "returned",
    "withdrawn",
    "suspended",
    "revoked",
    "surrendered",
    "expired",
    "exhausted",
    "not_yet_valid",
]
"""The words for how a license stands. `not_granted`: nothing was issued or applied for by then."""


@dataclass(frozen=True, slots=True)
class LicenseState:
    """How a license stands. `granted`: it was issued, whatever became of it. `cause` says why it is not usable."""

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


@dataclass(frozen=True, slots=True)
class LastSaid:
    """The last day that a source speaks of a license as held, and the claim that does."""

    day: date
    claim: Claim


@dataclass(frozen=True, slots=True, eq=False)
class LicenseOnDay:
    """What a license is on a day, with the amendments that have come by then (rule 12).

    `possible_terms` has several where the day of an amendment is vague: first those without it. Whom, what and where to
    it is for are read from the first of them.
    """

    stream: str
    type: str
    issuer: str
    day: date
    possible_terms: tuple[Terms, ...]
    state: LicenseState
    uses: Uses
    last_said: LastSaid | None
    """Who last spoke of it as held."""
    latest_act: tuple[date, int]
    """The day of the last thing that befell it by then, its expiry and its uses too, and the log position."""
    renewed_as: tuple[str, ...] = ()
    """The licenses that it was renewed as by then."""

    @property
    def terms(self) -> Terms:
        return self.possible_terms[0]

    @property
    def destinations(self) -> tuple[str, ...]:
        return self.terms.destinations

    @property
    def parties(self) -> tuple[LicenseParty, ...]:
        return self.terms.parties

    @property
    def lines(self) -> list[SaidLine]:
        """Its lines by number, those that were revoked among them."""
        return sorted((*self.terms.lines, *self.terms.revoked_lines), key=lambda line: line.number)

    @property
    def validity(self) -> Period | None:
        return self.terms.validity

    @property
    def conditions(self) -> tuple[Conditions, ...]:
        return self.terms.conditions

    def revoked(self, line: SaidLine) -> bool:
        return line in self.terms.revoked_lines

    def remaining(self, line: SaidLine) -> Remaining | None:
        """What may still be shipped under a line; None where nobody can say, or it was revoked."""
        return None if self.revoked(line) else left_of(line, self.terms, self.uses, self.day)


def possible_terms(worlds: Iterable[World]) -> tuple[Terms, ...]:
    """The terms that may hold: several where the day of an amendment is vague. Revoked lines are out."""
    return tuple(distinct(without(world.terms, world.revoked_lines) for world in worlds))


def state_in(worlds: Sequence[World], uses: Uses, on: date, spoken_of_through: date | None) -> LicenseState:
    """Whether a license was issued, is active, is pending on a day: what holds in every world is certain."""
    found = [_in_world(world, uses, on, spoken_of_through) for world in worlds]
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


def _in_world(world: World, uses: Uses, on: date, spoken_of_through: date | None) -> LicenseState:
    """The state in one course of events, in which only the dates are left to read."""
    terms = without(world.terms, world.revoked_lines)
    held, expired = world.held(on), world.expired(on)
    begun = reached(terms.starts, on) if terms.starts else Truth.YES
    spent = exhausted(terms, uses, on)
    open_ended = _open_ended(world, on, spoken_of_through)
    still = Truth.POSSIBLE if open_ended else Truth.YES
    return LicenseState(
        granted=Truth(2 * world.issued),
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


def _open_ended(world: World, on: date, spoken_of_through: date | None) -> bool:
    if world.phase not in HELD:
        return False
    if not world.outlived and world.terms.validity and world.terms.validity.through is not None:
        return False
    return spoken_of_through is None or on > spoken_of_through
