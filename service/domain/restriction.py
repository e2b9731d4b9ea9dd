"""A provision's state on a day, from the claims about it.

Acts (announced, suspended, repealed) change the state; a report says how things stood. In force, expiry and the lapse
of a suspension follow from dates. An act or a report never ends or revives a state that a higher tier set.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from operator import eq

from service.domain.catalogue.restriction import Instrument, RestrictionReported, RestrictionSuspended
from service.domain.claims import Claim, Ledger, SetAside
from service.domain.dates import Bounds, Period, bounds, passed, reached, some_day_of
from service.domain.resolve import Agree, Resolved, distinct, drives, resolve
from service.domain.scope import Destinations, IncludingCountries, Scope, match_destination
from service.domain.sources import Tier
from service.domain.timeline import Transition, day_after
from service.domain.truth import Truth, all_of, any_of

DESCRIBING = ("restriction.announced", "restriction.reported")
SAYS = {"in_force": "in_force", "still_applies": "in_force", "suspended": "suspended", "lifted": "ended"}
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
    in_force: Period | None
    starts: Bounds | None
    ends: Bounds | None
    """Bounds of the day on which it starts, and of its last day. Equal tiers that disagree widen them."""
    acts: tuple[Claim, ...]
    overrides: tuple[Override, ...]
    claims: tuple[Claim, ...]
    set_aside: tuple[SetAside, ...]
    position: int

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


def provision_of(ledger: Ledger) -> Provision | None:
    """The provision that a stream is about; None where nothing that stands describes it."""
    moving, idle = drives(ledger.claims)
    describing = [claim for claim in moving if claim.type in DESCRIBING]
    kinds, controller = resolve("kind", describing), resolve("controller", describing)
    if kinds.claim is None or controller.claim is None:
        return None
    starts, ends = resolve("in_force.from_", describing), resolve("in_force.through", describing)
    scopes, rival_scopes = _scopes(describing)
    announced = _announcement(describing)
    acts, outranked = _acts(moving, announced or kinds.claim)
    period = Period(from_=starts.value, through=ends.value) if starts.values or ends.values else None
    plain = Provision(
        stream=ledger.stream,
        kinds=kinds.values,
        controller=controller.value,
        scopes=scopes,
        instrument=resolve("instrument", describing).value,
        label=resolve("provision", describing).value,
        tier=kinds.claim.tier,
        announced=announced,
        in_force=period,
        starts=some_day_of(starts.values),
        ends=some_day_of(ends.values),
        acts=acts,
        overrides=(),
        claims=tuple(moving),
        set_aside=(*ledger.set_aside, *idle, *rival_scopes, *_rivals(kinds, controller, starts, ends)),
        position=ledger.position,
    )
    overrides, contradicting = _overrides(plain)
    return replace(plain, overrides=overrides, set_aside=(*plain.set_aside, *outranked, *contradicting))


def _rivals(*fields: Resolved) -> list[SetAside]:
    return [aside for field in fields for aside in field.set_aside]


def _scopes(describing: Sequence[Claim]) -> tuple[tuple[Scope, ...], list[SetAside]]:
    """What it reaches, several where equal tiers disagree; and the claims of lower tiers that say otherwise.

    Commodities are a set: every claim adds its own to it. The other dimensions stand as the highest tier says.
    """
    scopes = [scope for claim in describing if (scope := getattr(claim.data, "scope", None))]
    lines = distinct(line for scope in scopes for line in scope.commodities)
    found = {name: resolve(f"scope.{name}", describing, agree) for name, agree in DIMENSIONS.items()}
    stated = {name: field.values for name, field in found.items() if field.values}
    chosen = [dict(zip(stated, values, strict=True)) for values in product(*stated.values())]
    return tuple(Scope(commodities=lines, **one) for one in chosen), _rivals(*found.values())


def _includes(followed: Destinations, other: Destinations) -> bool:
    """Whether two statements of destinations can both be true: some countries named among others may be."""
    if isinstance(other, IncludingCountries):
        return all(match_destination(country, followed).truth is not Truth.NO for country in other.including)
    return followed == other


DIMENSIONS: dict[str, Agree] = {"destinations": _includes} | dict.fromkeys(
    ("exporters", "end_users", "end_uses", "abroad"), eq
)


def _announcement(describing: Sequence[Claim]) -> Claim | None:
    announcements = [claim for claim in describing if claim.type == "restriction.announced"]
    return max(announcements, key=lambda claim: (claim.rank, -claim.position), default=None)


def _acts(moving: Sequence[Claim], base: Claim) -> tuple[tuple[Claim, ...], list[SetAside]]:
    """The acts that stand, in order of their day, and those that would undo what a higher tier set."""
    rank, acts, outranked = base.rank, [], []
    for claim in sorted(moving, key=_in_order):
        if claim.type in DESCRIBING:
            continue
        if claim.rank < rank:
            outranked.append(SetAside(claim.event, claim.tier, "a higher tier set the state that it would undo", True))
        else:
            acts.append(claim)
            rank = claim.rank
    return tuple(acts), outranked


def _overrides(provision: Provision) -> tuple[tuple[Override, ...], list[SetAside]]:
    """The reports that say otherwise than acts and dates, where their tier lets them; those it does not, set aside."""
    overrides: list[Override] = []
    contradicting = []
    for report in sorted(provision.claims, key=_in_order):
        if not isinstance(report.data, RestrictionReported):
            continue
        phase, day = SAYS[report.data.state], _day_of(report)
        before = replace(provision, overrides=tuple(overrides))
        standing = state_at(before, day.latest or date.max)
        if provision.announced is None and not overrides:
            overrides.append(Override(day, phase, report))
        elif getattr(standing, phase) is Truth.YES:
            continue
        elif report.rank < _rank_on(before, day):
            reason = f"it says {phase.replace('_', ' ')}, and a higher tier says {standing.word.replace('_', ' ')}"
            contradicting.append(SetAside(report.event, report.tier, reason, True))
        else:
            disputed = bool(overrides) and overrides[-1].day == day and overrides[-1].claim.rank == report.rank
            overrides.append(Override(day, phase, report, disputed))
    return tuple(overrides), contradicting


def _rank_on(provision: Provision, day: Bounds) -> int:
    """The rank of the tier that set the state on a day: the latest act or override up to then, else the description."""
    setters = [(act.day, act.rank) for act in provision.acts]
    setters += [(override.day, override.claim.rank) for override in provision.overrides]
    before = [
        (found.latest, rank) for found, rank in setters if found.latest and day.latest and found.latest <= day.latest
    ]
    return max(before)[1] if before else provision.tier.rank


def _in_order(claim: Claim) -> tuple[date, int]:
    return _day_of(claim).latest or date.max, claim.position


def _day_of(claim: Claim) -> Bounds:
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
    later = [_day_of(act) for act in provision.acts]
    return not any(override.day.latest < day.latest <= on for day in later if day.latest and override.day.latest)


def _known_through(provision: Provision, before: Override) -> date:
    """The last day, before an override's own, of which an act, a report or the announcement's source speaks."""
    days = [_day_of(claim).latest for claim in provision.claims if claim is not before.claim]
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
    ended = any_of((expired, *(reached(act.day, on) for act in _repeals(provision))))
    suspended = any_of(_suspended(act, on) for act in provision.acts)
    return ProvisionState(
        not_yet_in_force=all_of((known, started.negated(), suspended.negated(), ended.negated())),
        in_force=all_of((started, suspended.negated(), ended.negated())),
        suspended=all_of((known, suspended, ended.negated())),
        ended=all_of((known, ended)),
    )


def _repeals(provision: Provision) -> list[Claim]:
    return [act for act in provision.acts if act.type == "restriction.repealed"]


def _suspended(act: Claim, on: date) -> Truth:
    if not isinstance(act.data, RestrictionSuspended):
        return Truth.NO
    last = act.data.period.last
    over = passed(last, on) if last else Truth.NO
    return all_of((reached(_day_of(act), on), over.negated()))


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
    for act in provision.acts:
        if isinstance(act.data, RestrictionSuspended):
            yield "is suspended", _day_of(act)
            if act.data.period.last:
                yield "applies again, its suspension having lapsed", day_after(act.data.period.last)
    for act in _repeals(provision):
        yield "is repealed", act.day


def _confirmed(provision: Provision, day: Bounds) -> bool:
    """Whether a claim speaks of the provision on or after that day: its source's day, or the day of its report."""
    if day.latest is None:
        return False
    said = [max(claim.speaks_through, _day_of(claim).latest or date.min) for claim in provision.claims]
    return any(last >= day.latest for last in said)
