"""What moves a license's state, step by step, and the states in which it may be on a day.

The days are vague, so several courses of events may fit: each is a world. Those acts that have certainly come by a day
are in all of its worlds; those that may have come are added one by one, in order. What holds in every world is certain.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from service.domain.claims import Claim, SetAside
from service.domain.dates import ONE_DAY, Bounds, bounds, passed, reached
from service.domain.license.events import LicensePartiallyRevoked, LicenseReported, LicenseSuspended
from service.domain.license.terms import Terms, amended, amendment_of
from service.domain.truth import Truth

PENDING = ("applied", "under_review")
REFUSED = ("denied", "returned", "withdrawn")
HELD = ("granted", "suspended")
GONE = ("revoked", "surrendered", "expired", "exhausted")
OPEN = ("", *PENDING)
"""Nothing is decided yet: what follows is no contradiction, whoever says so."""

MOVES: dict[str, tuple[str, ...]] = {
    "applied": ("", *REFUSED, *GONE),
    "under_review": ("", "applied", *REFUSED),
    "granted": (*OPEN, *REFUSED),
    "denied": (*OPEN, *REFUSED, *HELD),
    "returned": (*OPEN, *REFUSED, *HELD),
    "withdrawn": (*OPEN, *REFUSED, *HELD),
    "suspended": (*OPEN, *HELD),
    "revoked": (*OPEN, *HELD),
    "surrendered": (*OPEN, *HELD),
}
"""The phases that an act moves a license out of, into its own. Out of others it does not: what is revoked stays so."""

SAID: dict[str, str] = {"active": "granted", "in_force": "granted", "still_applies": "granted", "lifted": "revoked"}
"""The phase that a report's state means, where it is not called the same."""
OF_THE_TERMS = ("amended", "partially_revoked")
PRESUPPOSE_A_GRANT = ("suspended", "reinstated", "revoked", "surrendered", *OF_THE_TERMS, "renewed")


@dataclass(frozen=True, slots=True)
class Step:
    """An act, or a report that says otherwise than the acts before it. `day` is when the license came to stand so.

    `disputed`: sources of equal tier disagree, so it may not have happened at all.
    """

    act: str
    day: Bounds
    claim: Claim
    report: bool = False
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class World:
    """A license after the steps of one course of events. `before`: where a reinstatement takes it back to."""

    terms: Terms
    phase: str = ""
    before: str = ""
    issued: bool = False
    suspended_through: Bounds | None = None
    revoked_lines: frozenset[int] = field(default_factory=frozenset)
    outlived: bool = False
    """A report found it held after its last day, so that day no longer tells when it ended."""

    def held(self, on: date) -> Truth:
        """Whether nothing but its dates and quantities keeps it from use: a suspension lapses by itself."""
        if self.phase == "suspended":
            return passed(self.suspended_through, on) if self.suspended_through else Truth.NO
        return Truth(2 * (self.phase == "granted"))

    def expired(self, on: date) -> Truth:
        return passed(self.terms.ends, on) if self.terms.ends and not self.outlived else Truth.NO

    def phase_on(self, on: date) -> str:
        """The phase, with what the dates have certainly brought by then."""
        if self.phase in HELD and self.expired(on) is Truth.YES:
            return "expired"
        return "granted" if self.held(on) is Truth.YES else self.phase


def after(world: World, step: Step) -> World:
    """The world with one more step."""
    if step.act == "amended":
        return _amended(world, step)
    if isinstance(step.claim.data, LicensePartiallyRevoked):
        return _without_lines(world, frozenset(step.claim.data.lines))
    if step.act == "reinstated":
        return replace(world, phase=world.before, before="") if world.before else world
    if step.report or world.phase in MOVES.get(step.act, ()):
        return _moved(world, step)
    return world


def _amended(world: World, step: Step) -> World:
    """With other terms. Lines that it puts in the place of those before are in force, whatever their numbers."""
    data = amendment_of(step.claim)
    replaced = data is not None and data.lines is not None
    revoked = frozenset[int]() if replaced else world.revoked_lines
    return replace(world, terms=amended(world.terms, step.claim), revoked_lines=revoked)


def _moved(world: World, step: Step) -> World:
    """Into the step's own phase."""
    period = step.claim.data.period if isinstance(step.claim.data, LicenseSuspended) else None
    found_held_late = step.report and step.act == "granted" and world.expired(step.day.latest or date.max) is Truth.YES
    return replace(
        world,
        phase=step.act,
        before=_before(world, step.act),
        issued=world.issued or step.act in (*HELD, *GONE),
        suspended_through=(period.last if period else None) if step.act == "suspended" else world.suspended_through,
        outlived=world.outlived or found_held_late,
    )


def _before(world: World, act: str) -> str:
    if act == "denied":
        return world.phase if world.phase in PENDING else "applied"
    if act == "suspended":
        return "granted"
    if act in ("revoked", "surrendered"):
        return world.phase if world.phase in HELD else "granted"
    return ""


def _without_lines(world: World, numbers: frozenset[int]) -> World:
    revoked = world.revoked_lines | numbers
    left = any(line.number not in revoked for line in world.terms.lines)
    if left or not world.terms.lines or world.phase not in HELD:
        return replace(world, revoked_lines=revoked)
    return replace(world, revoked_lines=revoked, phase="revoked", before=world.phase)


def worlds(terms: Terms, steps: Sequence[Step], on: date) -> list[World]:
    """Every course of events that fits the day, the one of certain acts alone first."""
    come = [(step, truth) for step in steps if (truth := reached(step.day, on)) is not Truth.NO]
    open_ = [index for index, (_, truth) in enumerate(come) if truth is Truth.POSSIBLE]
    found = []
    for count in range(len(open_) + 1):
        course = [step for index, (step, _) in enumerate(come) if index not in open_[count:]]
        found.append(_after_all(terms, course))
        if any(step.disputed for step in course):
            found.append(_after_all(terms, [step for step in course if not step.disputed]))
    return found


def _after_all(terms: Terms, steps: Iterable[Step]) -> World:
    world = World(terms)
    for step in steps:
        world = after(world, step)
    return world


def steps_of(moving: Sequence[Claim], terms: Terms, rank: int) -> tuple[tuple[Step, ...], list[SetAside]]:
    """What moves the license, in order; and what would undo what a higher tier set, which does not.

    `rank` is that of the tier that describes the license: it takes no less to amend it.
    """
    walk = _Walk(terms, rank)
    for step in _in_order(moving):
        walk.take(step)
    return tuple(walk.steps), walk.set_aside


def _in_order(moving: Sequence[Claim]) -> list[Step]:
    acts = [_step(claim) for claim in moving if claim.type != "license.used"]
    presupposing = [step.day.latest for step in acts if step.act in PRESUPPOSE_A_GRANT and step.day.latest]
    return sorted((_by_then(step, presupposing) for step in acts), key=_order)


def _step(claim: Claim) -> Step:
    if isinstance(claim.data, LicenseReported):
        state = claim.data.state
        return Step(SAID.get(state, state), bounds(claim.data.on), claim, report=True)
    day = claim.day
    if isinstance(claim.data, LicenseSuspended) and claim.data.period and claim.data.period.from_:
        day = claim.data.period.first
    return Step(claim.type.partition(".")[2], day, claim)


def _by_then(step: Step, presupposing: Sequence[date]) -> Step:
    """A grant of a vague day had come by the first act that presupposes it."""
    if step.act != "granted" or step.report:
        return step
    latest, earliest = step.day.latest, step.day.earliest or date.min
    by = min((day for day in presupposing if earliest <= day), default=None)
    return replace(step, day=Bounds(step.day.earliest, by)) if by and (latest is None or by < latest) else step


def _order(step: Step) -> tuple[date, bool, int]:
    return step.day.latest or date.max, step.report or step.act != "granted", step.claim.position


def _later(step: Step, than: Step) -> bool:
    return bool(step.day.earliest and than.day.latest and step.day.earliest > than.day.latest)


def _of_several(*steps: Step) -> bool:
    """Whether they may tell of different grants, since a source counts several licenses in one statement."""
    return any(getattr(step.claim.data, "count", None) is not None for step in steps)


class _Walk:
    """Goes through the steps in order and keeps those that count, with the tier that set the state so far."""

    def __init__(self, terms: Terms, rank: int) -> None:
        self.world = World(terms)
        self.described_by = rank
        self.rank = 0
        self.steps: list[Step] = []
        self.set_aside: list[SetAside] = []
        self.known_through: date | None = None

    def take(self, step: Step) -> None:
        if step.report:
            self._report(step)
        elif step.act in OF_THE_TERMS:
            self._terms(step)
        else:
            self._act(step)
        self._known(step)

    def _act(self, step: Step) -> None:
        following = after(self.world, step)
        merged = step.act == "granted" and self._same_grant(step)
        if following == self.world or merged:
            self.rank = max(self.rank, step.claim.rank) if step.act == self.world.phase else self.rank
        elif self.world.phase in OPEN or step.act in PENDING or step.claim.rank >= self.rank:
            refuses_what_is_held = step.act in REFUSED and self.world.phase in HELD
            equal = refuses_what_is_held and step.claim.rank == self.rank
            self._keep(replace(step, disputed=equal))
        else:
            self._outranked(step)

    def _same_grant(self, step: Step) -> bool:
        """Whether it tells again of the grant that is in effect. Then the higher tier says on which day that was."""
        grants = [index for index, kept in enumerate(self.steps) if kept.act == "granted" and not kept.report]
        if self.world.phase not in HELD or not grants:
            return False
        index, kept = grants[-1], self.steps[grants[-1]]
        rank = kept.claim.rank
        if _later(step, kept) and step.claim.rank < rank:
            self._outranked(step, "a higher tier says that it was granted earlier")
        elif _later(step, kept) and step.claim.rank > rank:
            self.steps[index] = step
            self._outranked(kept, "a higher tier says that it was granted later")
        elif _later(step, kept) and not _of_several(step, kept):
            self.steps[index] = replace(kept, day=Bounds(kept.day.earliest, step.day.latest))
        elif step.day.earliest and step.claim.rank > rank:
            self.steps[index] = step
        return True

    def _report(self, step: Step) -> None:
        day = step.day.latest or date.max
        standing = self.world.phase_on(day)
        if standing == step.act:
            self.rank = max(self.rank, step.claim.rank) if self.steps else step.claim.rank
        elif standing not in OPEN and step.claim.rank < self.rank:
            self._outranked(step)
        else:
            since = self.known_through + ONE_DAY if self.known_through and self.known_through < day else None
            self._keep(replace(step, day=Bounds(since, day), disputed=self._rival_of_the_last(step)))

    def _rival_of_the_last(self, step: Step) -> bool:
        """Whether two reports of equal tier say different things of one day."""
        last = self.steps[-1] if self.steps else None
        same_day = last is not None and last.report and last.day.latest == step.day.latest
        return same_day and last is not None and last.claim.rank == step.claim.rank

    def _terms(self, step: Step) -> None:
        if step.claim.rank < self.described_by:
            self._outranked(step)
        else:
            self._keep(step, sets_the_state=False)

    def _keep(self, step: Step, *, sets_the_state: bool = True) -> None:
        if self.world.phase in OPEN and step.act in ("suspended", *GONE):
            # It had been granted before, nobody says on which day.
            since = self.known_through + ONE_DAY if self.known_through else None
            latest = step.day.latest
            self.steps.append(
                Step("granted", Bounds(min(since, latest) if since and latest else since, latest), step.claim, True)
            )
        self.world = after(self.world, step)
        self.rank = step.claim.rank if sets_the_state else self.rank
        self.steps.append(step)

    def _outranked(self, step: Step, why: str = "a higher tier set the state that it would undo") -> None:
        reason = f"it says {step.act.replace('_', ' ')}, and {why}" if step.report else why
        self.set_aside.append(SetAside(step.claim.event, step.claim.tier, reason, True))

    def _known(self, step: Step) -> None:
        """How far the state is known: through the day of the step, and what the source of a grant can speak of."""
        days = [step.day.latest, step.claim.speaks_through if step.act == "granted" and not step.report else None]
        self.known_through = max((day for day in (self.known_through, *days) if day), default=None)
