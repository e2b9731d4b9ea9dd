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
from service.domain.dates import Bounds, bounds, period_of, some_day_of
from service.domain.resolve import Agree, Resolved, distinct, drives, resolve
from service.domain.restriction.courses import is_agreed
from service.domain.restriction.description import Description
from service.domain.restriction.events import RestrictionReported
from service.domain.restriction.schedule import SAYS, day_of, one_of
from service.domain.restriction.timeline import Override, RestrictionTimeline
from service.domain.scope import Commodities, Destinations, IncludingCountries, Scope, match_destination
from service.domain.truth import Truth

DESCRIBING = ("restriction.announced", "restriction.reported")


def restriction_timeline(ledger: Ledger) -> RestrictionTimeline | None:
    """The provision that a stream is about; None where nothing that stands describes it."""
    moving, idle = drives(ledger.claims)
    drafts = [claim for claim in moving if claim.type == "restriction.proposed"]
    describing = [claim for claim in moving if claim.type in DESCRIBING] or drafts
    kinds, controller = resolve("kind", describing), resolve("controller", describing)
    if kinds.claim is None or controller.claim is None:
        return None
    said, rivals = _described(describing)
    starts, ends = resolve("in_force.from_", describing), resolve("in_force.through", describing)
    announced = _announcement(describing)
    start = some_day_of(starts.values) or _effective_start(announced)
    acts, outranked = _acts(moving, announced or kinds.claim)
    only_drafted = describing is drafts
    of_draft = [act for act in acts if only_drafted or (drafts and announced and _before(act, announced_on(announced)))]
    plain = RestrictionTimeline(
        stream=ledger.stream,
        controller=controller.value,
        tier=kinds.claim.tier,
        as_first_described=said,
        as_drafted=_described(drafts)[0] if drafts else None,
        announced=announced,
        announced_on=announced_on(announced) if announced else None,
        proposed=drafts[-1] if drafts else None,
        first_start=period_of(starts.values or _written(start), ends.values),
        starts=start,
        stated_end=some_day_of(ends.values),
        acts=tuple(act for act in acts if act not in of_draft),
        acts_on_draft=tuple(of_draft),
        overrides=(),
        claims=tuple(moving),
        set_aside=(*ledger.set_aside, *idle, *rivals, *_rivals(controller, starts, ends)),
        position=ledger.position,
        reported_lines=_reported_lines(describing),
    )
    overrides, contradicting = _overrides(plain)
    return replace(plain, overrides=overrides, set_aside=(*plain.set_aside, *outranked, *contradicting))


def _described(describing: Sequence[Claim]) -> tuple[Description, list[SetAside]]:
    """What claims say that a provision is, and the claims of lower tiers that say otherwise."""
    kinds, (scopes, rival_scopes) = resolve("kind", describing), _scopes(describing)
    said = Description(
        kinds=kinds.values,
        scopes=scopes,
        label=resolve("provision", describing).value,
        instrument=resolve("instrument", describing).value,
        shares_at_least=resolve("share_at_least_percent", describing).values,
        volumes=tuple(resolve("volume", describing).value or ()),
        bars_license_types=tuple(resolve("bars_license_types", describing).value or ()),
    )
    return said, [*rival_scopes, *_rivals(kinds)]


def announced_on(claim: Claim) -> Bounds:
    """The day of an announcement: as stated, else of its source or of its taking effect, the earlier one (rule 37)."""
    stated = getattr(claim.data, "announced_on", None)
    if stated:
        return bounds(stated)
    day = min(claim.speaks_through, claim.day.latest or date.max)
    return Bounds(day, day)


def _effective_start(announced: Claim | None) -> Bounds | None:
    """Where no period is stated at all, the measure starts on the day on which its announcement took effect (rule 37).

    A period whose start nobody stated says that the start is open.
    """
    if announced is None or announced.day.earliest is None or getattr(announced.data, "in_force", None) is not None:
        return None
    return announced.day


def _written(day: Bounds | None) -> tuple[str, ...]:
    """A day as EDTF text."""
    if day is None:
        return ()
    first, last = (one.isoformat() if one else ".." for one in (day.earliest, day.latest))
    return (first if first == last else f"{first}/{last}",)


def _before(act: Claim, day: Bounds) -> bool:
    """Whether an act was certainly made before a day: it speaks of the draft."""
    made = day_of(act).latest
    return made is not None and day.earliest is not None and made < day.earliest


def _rivals(*fields: Resolved) -> list[SetAside]:
    return [aside for field in fields for aside in field.set_aside]


def _scopes(describing: Sequence[Claim]) -> tuple[tuple[Scope, ...], list[SetAside]]:
    """What it reaches, several where equal tiers disagree; and the claims of lower tiers that say otherwise.

    Commodities are a set: every claim adds its own to it. The other dimensions stand as the highest tier says.
    """
    found = {name: resolve(f"scope.{name}", describing, agree) for name, agree in DIMENSIONS.items()}
    stated = {name: field.values for name, field in found.items() if field.values}
    chosen = [dict(zip(stated, values, strict=True)) for values in product(*stated.values())]
    goods, wider = _goods(describing)
    return tuple(Scope(commodities=goods, **one) for one in chosen), [*_rivals(*found.values()), *wider]


def _goods(describing: Sequence[Claim]) -> tuple[Commodities, list[SetAside]]:
    """The goods of all claims together. All goods, where a claim of the highest tier says so; in a lower tier's mouth
    these are wider words for what a higher one lists, and are set aside (rule 7)."""
    stating = [(claim, scope) for claim in describing if (scope := getattr(claim.data, "scope", None))]
    highest = max((claim.rank for claim, _ in stating), default=0)
    sweeping = [claim for claim, scope in stating if scope.commodities == "all"]
    if any(claim.rank == highest for claim in sweeping):
        return "all", []
    reason = "a higher tier says more exactly which goods it is about"
    wider = [SetAside(claim.event, claim.tier, reason, False) for claim in sweeping]
    return distinct(line for _, scope in stating for line in scope.named_goods()), wider


def _reported_lines(describing: Sequence[Claim]) -> tuple[tuple[ScopedCommodity, Claim], ...]:
    """The commodities that only claims of a lower tier than the best one state, each with its claim."""
    stating = [(claim, scope) for claim in describing if (scope := getattr(claim.data, "scope", None))]
    highest = max((claim.rank for claim, _ in stating), default=0)
    said = [line for claim, scope in stating if claim.rank == highest for line in scope.named_goods()]
    lower = ((claim, scope) for claim, scope in stating if claim.rank < highest)
    return tuple((line, claim) for claim, scope in lower for line in scope.named_goods() if line not in said)


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
    return max(announcements, key=lambda claim: (not is_agreed(claim), claim.rank, -claim.position), default=None)


def _acts(moving: Sequence[Claim], base: Claim) -> tuple[tuple[Claim, ...], list[SetAside]]:
    """The acts that stand, in order of their day, and those that would undo what a higher tier set.

    What an authority says that it will do undoes nothing, and is possible whatever the tier of the text (rule 13).
    """
    rank, acts, outranked = base.rank, [], []
    for claim in sorted(moving, key=_in_order):
        if claim.type in DESCRIBING or claim.type == "restriction.proposed":
            continue
        if claim.rank < rank and not (is_agreed(claim) and claim.tier.issuing):
            outranked.append(SetAside(claim.event, claim.tier, "a higher tier set the state that it would undo", True))
        else:
            acts.append(claim)
            rank = rank if is_agreed(claim) else claim.rank
    return tuple(acts), outranked


def _overrides(provision: RestrictionTimeline) -> tuple[tuple[Override, ...], list[SetAside]]:
    """The reports that say otherwise than acts and dates, where their tier lets them; those it does not, set aside."""
    overrides: list[Override] = []
    contradicting = []
    before = provision
    for report in sorted(provision.claims, key=_in_order):
        if not isinstance(report.data, RestrictionReported):
            continue
        phase, day = SAYS[report.data.state], day_of(report)
        # Most reports say what is known already.
        if len(before.overrides) < len(overrides):
            before = replace(provision, overrides=tuple(overrides))
        on = day.latest or date.max
        standing = one_of([before.state_in(acts, on) for acts in before.courses(on)])
        if provision.announced is None and not overrides:
            overrides.append(Override(day, phase, report))
        elif getattr(standing, phase) is Truth.YES:
            continue
        elif report.rank < _rank_on(before, day):
            reason = f"it says {_words(phase)}; a higher-tier source says {_words(standing.word)}"
            contradicting.append(SetAside(report.event, report.tier, reason, True))
        else:
            disputed = bool(overrides) and overrides[-1].day == day and overrides[-1].claim.rank == report.rank
            overrides.append(Override(day, phase, report, disputed))
    return tuple(overrides), contradicting


def _rank_on(provision: RestrictionTimeline, day: Bounds) -> int:
    """The rank of the tier that set the state on a day: the latest act or override up to then, else the description."""
    setters = [(act.day, act.rank) for act in provision.acts]
    setters += [(override.day, override.claim.rank) for override in provision.overrides]
    before = [
        (found.latest, rank) for found, rank in setters if found.latest and day.latest and found.latest <= day.latest
    ]
    return max(before)[1] if before else provision.tier.rank


def _in_order(claim: Claim) -> tuple[date, int]:
    return day_of(claim).latest or date.max, claim.position


def _words(state: str) -> str:
    return state.replace("_", " ")
