"""A provision's state on a day, from the acts and the reports about it. In force, expiry and the lapse of a suspension
follow from dates: they are computed, and never recorded."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from service.domain.claims import Claim, SetAside
from service.domain.commodity.match import Definitions, ScopedCommodity, compare
from service.domain.dates import Bounds, Period, bounds, passed, reached
from service.domain.resolve import distinct
from service.domain.restriction.events import (
    Instrument,
    RestrictionAmended,
    RestrictionReported,
    RestrictionSuspended,
    RestrictionSuspensionExtended,
)
from service.domain.scope import Scope
from service.domain.sources import Tier
from service.domain.transitions import Transition, day_after
from service.domain.truth import Truth, all_of, any_of

ENDINGS = ("restriction.repealed", "restriction.withdrawn")
WORDS = {
    "restriction.repealed": "is repealed",
    "restriction.withdrawn": "is withdrawn",
    "restriction.amended": "is amended",
}
PHASES = ("not_yet_in_force", "in_force", "suspended", "ended")


@dataclass(frozen=True, slots=True)
class Override:
    """A report that says otherwise than the acts and dates do, or all that is known. It holds until a later act."""

    day: Bounds
    phase: str
    claim: Claim
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Provision:
    """What is known of a provision, tiers resolved, before any day is asked about."""

    stream: str
    kinds: tuple[str, ...]
    """Several where equal tiers disagree: each is possible."""
    controller: str
    scopes: tuple[Scope, ...]
    instrument: Instrument | None
    label: str | None
    tier: Tier
    announced: Claim | None
    proposed: Claim | None
    """Set where nothing but a proposal is known: that is no law."""
    in_force: Period | None
    starts: Bounds | None
    ends: Bounds | None
    """Bounds of the day on which it starts, and of its last day. Equal tiers that disagree widen them."""
    acts: tuple[Claim, ...]
    overrides: tuple[Override, ...]
    claims: tuple[Claim, ...]
    set_aside: tuple[SetAside, ...]
    position: int
    shares_at_least: tuple[str, ...] = ()
    """Of an affiliates rule: the share in percent from which it reaches, several where equal tiers disagree."""
    reported_lines: tuple[tuple[ScopedCommodity, Claim], ...] = ()
    """The commodities of its scopes that only lower tiers state, each with its claim."""

    @property
    def kind(self) -> str:
        return self.kinds[0]

    @property
    def disputed(self) -> bool:
        return len(self.kinds) > 1 or len(self.scopes) > 1


@dataclass(frozen=True, slots=True)
class ProvisionState:
    """A provision on a day. The phases exclude each other: at most one is certain. All NO: not announced yet."""

    not_yet_in_force: Truth = Truth.NO
    in_force: Truth = Truth.NO
    suspended: Truth = Truth.NO
    ended: Truth = Truth.NO

    @property
    def word(self) -> str:
        """The phase that is certain; else `undetermined`, or `not_announced`."""
        certain = [phase for phase in PHASES if getattr(self, phase) is Truth.YES]
        nothing = all(getattr(self, phase) is Truth.NO for phase in PHASES)
        return certain[0] if certain else "not_announced" if nothing else "undetermined"

    def weakened(self, *others: str) -> "ProvisionState":
        """What was certain is only possible, and so are other phases."""
        phases = {phase: min(getattr(self, phase), Truth.POSSIBLE) for phase in PHASES}
        return ProvisionState(**phases | dict.fromkeys(others, Truth.POSSIBLE))


def day_of(claim: Claim) -> Bounds:
    """The day that a claim speaks of: a report's own, a suspension's first, else the act's."""
    if isinstance(claim.data, RestrictionReported):
        return bounds(claim.data.on)
    if isinstance(claim.data, RestrictionSuspended) and claim.data.period.from_:
        return claim.data.period.first
    return claim.day


def announced_by(provision: Provision, on: date) -> Truth:
    """Whether it was announced on that day. Where no day is stated, the source's own stands for it."""
    claim = provision.announced
    if claim is None:
        return Truth.POSSIBLE
    stated = getattr(claim.data, "announced_on", None)
    return reached(bounds(stated) if stated else Bounds(claim.day.latest, claim.day.latest), on)


def state_at(provision: Provision, on: date) -> ProvisionState:
    """The provision's phases on a day: from its acts and dates, and from the reports that say otherwise.

    A report is certain from its day on, until a later act. Before it, back to the last day of which something else is
    known, what it says is possible and nothing is certain.
    """
    governing = next((o for o in reversed(provision.overrides) if _governs(provision, o, on)), None)
    state = ProvisionState(**{governing.phase: Truth.YES}) if governing else _scheduled(provision, on)
    if governing and governing.disputed:
        state = state.weakened()
    ahead = next((o for o in provision.overrides if reached(o.day, on) is not Truth.YES), None)
    if ahead and on > _known_through(provision, before=ahead):
        # What is lifted had been in force before, on which days is not known.
        return state.weakened(ahead.phase, *(("in_force",) if ahead.phase == "ended" else ()))
    return state


def _governs(provision: Provision, override: Override, on: date) -> bool:
    if reached(override.day, on) is not Truth.YES:
        return False
    later = [day_of(act) for act in provision.acts]
    return not any(override.day.latest < day.latest <= on for day in later if day.latest and override.day.latest)


def _known_through(provision: Provision, before: Override) -> date:
    """The last day, before an override's own, of which an act, a report or the announcement's source speaks."""
    days = [day_of(claim).latest for claim in provision.claims if claim is not before.claim]
    days.append(provision.announced.speaks_through if provision.announced else None)
    limit = before.day.latest or date.max
    return max((day for day in days if day and day < limit), default=date.min)


def _scheduled(provision: Provision, on: date) -> ProvisionState:
    """What the announcement, the acts and the calendar say. What only reports speak of is on from the first of them."""
    if provision.announced is None:
        reports = [reached(override.day, on) for override in provision.overrides[:1]]
        known = started = Truth.YES if any_of(reports) is Truth.YES else Truth.NO
    else:
        started = reached(provision.starts, on) if provision.starts else Truth.NO
        known = any_of((announced_by(provision, on), started))
    expired = passed(provision.ends, on) if provision.ends else Truth.NO
    ended = any_of((expired, *(reached(act.day, on) for act in _endings(provision))))
    suspended = any_of(one.covers(on) for one in suspensions(provision))
    return ProvisionState(
        not_yet_in_force=all_of((known, started.negated(), suspended.negated(), ended.negated())),
        in_force=all_of((started, suspended.negated(), ended.negated())),
        suspended=all_of((known, suspended, ended.negated())),
        ended=all_of((known, ended)),
    )


def _endings(provision: Provision) -> list[Claim]:
    return [act for act in provision.acts if act.type in ENDINGS]


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days on which the provision does not apply. `lifted`: the first day on which an act makes it apply again."""

    first: Bounds
    last: Bounds | None
    lifted: Bounds | None = None

    def covers(self, on: date) -> Truth:
        over = any_of((passed(self.last, on) if self.last else Truth.NO, _reached(self.lifted, on)))
        return all_of((reached(self.first, on), over.negated()))


def _reached(day: Bounds | None, on: date) -> Truth:
    return reached(day, on) if day else Truth.NO


def suspensions(provision: Provision) -> list[Suspension]:
    """The suspensions as their extensions and reinstatements leave them, in order."""
    found: list[Suspension] = []
    for act in provision.acts:
        if isinstance(act.data, RestrictionSuspended):
            found.append(Suspension(day_of(act), act.data.period.last))
        elif isinstance(act.data, RestrictionSuspensionExtended):
            period = act.data.period
            if found and not period.from_:
                found[-1] = replace(found[-1], last=period.last)
            else:
                found.append(Suspension(period.first if period.from_ else act.day, period.last))
        elif act.type == "restriction.reinstated":
            found = [one if one.lifted else replace(one, lifted=act.day) for one in found]
    return found


def described_on(provision: Provision, on: date) -> Provision:
    """The provision with the amendments that have come by a day. One that may have come leaves both possible."""
    kinds, scopes, label = provision.kinds, provision.scopes, provision.label
    for act in provision.acts:
        come = reached(act.day, on) if isinstance(act.data, RestrictionAmended) else Truth.NO
        if come is Truth.NO or not isinstance(act.data, RestrictionAmended):
            continue
        before = (kinds, scopes) if come is Truth.POSSIBLE else ((), ())
        kinds = tuple(distinct((*before[0], act.data.kind))) if act.data.kind else kinds
        scopes = tuple(distinct((*before[1], act.data.scope))) if act.data.scope else scopes
        label = act.data.provision or label
    return replace(provision, kinds=kinds, scopes=scopes, label=label)


def narrowed(provision: Provision, definitions: Definitions) -> Provision:
    """The provision without the commodities that a lower tier names more widely than a higher one.

    A newspaper that speaks of rare-earth magnets says of the announcement that lists some of them nothing more than the
    announcement does. Its words are set aside; goods of another kind that it adds stay, with its own tier.
    """
    wider = [(line, claim) for line, claim in provision.reported_lines if _takes_in(line, provision, definitions)]
    if not wider:
        return provision
    dropped, reason = [line for line, _ in wider], "a higher tier says more exactly which goods it is about"
    claims = {claim.event: SetAside(claim.event, claim.tier, reason, False) for _, claim in wider}
    scopes = [
        scope.model_copy(update={"commodities": [line for line in scope.commodities if line not in dropped]})
        for scope in provision.scopes
    ]
    return replace(provision, scopes=tuple(scopes), set_aside=(*provision.set_aside, *claims.values()))


def _takes_in(line: ScopedCommodity, provision: Provision, definitions: Definitions) -> bool:
    """Whether goods that a higher tier lists are a part of the line."""
    reported = [one for one, _ in provision.reported_lines]
    said = [one for scope in provision.scopes for one in scope.commodities if one not in reported]
    whole = line.model_copy(update={"match": "exact"})
    return any(compare(one.plain(), whole, definitions).truth is Truth.YES for one in said)


def transitions(provision: Provision) -> list[Transition]:
    """The changes that dates bring by themselves, in no order: start, end, suspension and its lapse."""
    return [
        Transition(provision.stream, what, day, confirmed=_confirmed(provision, day)) for what, day in _dated(provision)
    ]


def _dated(provision: Provision) -> Iterator[tuple[str, Bounds]]:
    if provision.announced and provision.starts:
        yield "enters into force", provision.starts
    if provision.announced and provision.ends:
        yield "expires", day_after(provision.ends)
    for one in suspensions(provision):
        yield "is suspended", one.first
        if one.lifted:
            yield "applies again", one.lifted
        elif one.last:
            yield "applies again, its suspension having lapsed", day_after(one.last)
    for act in provision.acts:
        if act.type in WORDS:
            yield WORDS[act.type], act.day


def _confirmed(provision: Provision, day: Bounds) -> bool:
    """Whether a claim speaks of the provision on or after that day: its source's day, or the day of its report."""
    if day.latest is None:
        return False
    said = [max(claim.speaks_through, day_of(claim).latest or date.min) for claim in provision.claims]
    return any(last >= day.latest for last in said)
