"""From the claims about a provision to what is known of it: values by tier, acts that stand, reports that govern.

Acts (announced, suspended, repealed) change the state; a report says how things stood. An act or a report never ends or
revives a state that a higher tier set.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from operator import eq

from service.domain.claims import Claim, Ledger, SetAside
from service.domain.commodity.match import ScopedCommodity
from service.domain.dates import Bounds, period_of, some_day_of
from service.domain.resolve import Agree, Resolved, distinct, drives, resolve
from service.domain.restriction.events import RestrictionExtended, RestrictionReported
from service.domain.restriction.timeline import Override, Provision, day_of, state_at
from service.domain.scope import Destinations, IncludingCountries, Scope, match_destination
from service.domain.truth import Truth

DESCRIBING = ("restriction.announced", "restriction.reported")
SAYS = {"in_force": "in_force", "still_applies": "in_force", "suspended": "suspended", "lifted": "ended"}


def provision_of(ledger: Ledger) -> Provision | None:
    """The provision that a stream is about; None where nothing that stands describes it."""
    moving, idle = drives(ledger.claims)
    proposals = [claim for claim in moving if claim.type == "restriction.proposed"]
    describing = [claim for claim in moving if claim.type in DESCRIBING] or proposals
    kinds, controller = resolve("kind", describing), resolve("controller", describing)
    if kinds.claim is None or controller.claim is None:
        return None
    starts, ends = resolve("in_force.from_", describing), resolve("in_force.through", describing)
    scopes, rival_scopes = _scopes(describing)
    announced = _announcement(describing)
    acts, outranked = _acts(moving, announced or kinds.claim)
    through = _extended(acts) or ends.values
    period = period_of(starts.values, through)
    plain = Provision(
        stream=ledger.stream,
        kinds=kinds.values,
        controller=controller.value,
        scopes=scopes,
        instrument=resolve("instrument", describing).value,
        label=resolve("provision", describing).value,
        tier=kinds.claim.tier,
        announced=announced,
        proposed=proposals[-1] if describing == proposals and proposals else None,
        in_force=period,
        starts=some_day_of(starts.values),
        ends=some_day_of(through),
        acts=acts,
        overrides=(),
        claims=tuple(moving),
        set_aside=(*ledger.set_aside, *idle, *rival_scopes, *_rivals(kinds, controller, starts, ends)),
        position=ledger.position,
        shares_at_least=resolve("share_at_least_percent", describing).values,
        reported_lines=_reported_lines(describing),
    )
    overrides, contradicting = _overrides(plain)
    return replace(plain, overrides=overrides, set_aside=(*plain.set_aside, *outranked, *contradicting))


def _extended(acts: Sequence[Claim]) -> tuple[str, ...]:
    """The end that the last extension states, if there is one."""
    ends = [act.data.in_force.through for act in acts if isinstance(act.data, RestrictionExtended)]
    return (ends[-1],) if ends and ends[-1] else ()


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


def _reported_lines(describing: Sequence[Claim]) -> tuple[tuple[ScopedCommodity, Claim], ...]:
    """The commodities that only claims of a lower tier than the best one state, each with its claim."""
    stating = [(claim, scope) for claim in describing if (scope := getattr(claim.data, "scope", None))]
    highest = max((claim.rank for claim, _ in stating), default=0)
    said = [line for claim, scope in stating if claim.rank == highest for line in scope.commodities]
    lower = ((claim, scope) for claim, scope in stating if claim.rank < highest)
    return tuple((line, claim) for claim, scope in lower for line in scope.commodities if line not in said)


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
        if claim.type in DESCRIBING or claim.type == "restriction.proposed":
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
        phase, day = SAYS[report.data.state], day_of(report)
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
    return day_of(claim).latest or date.max, claim.position
