"""Everything that was considered for an answer, dimension by dimension, also what does not match."""

from collections.abc import Iterator, Sequence
from datetime import date

from service.domain.claims import Claim, SetAside
from service.domain.countries import whose
from service.domain.determine import Determination
from service.domain.license.considered import LicenseConsidered
from service.domain.license.on_day import LicenseOnDay
from service.domain.license.terms import SaidLine
from service.domain.quantities import written
from service.domain.restriction.considered import Considered
from service.domain.restriction.timeline import RestrictionOnDay
from service.domain.scope import ScopeMatch
from service.domain.transitions import Transition
from service.domain.truth import Truth
from service.register.counterfactual import Counterfactual
from service.register.parts import Outcome, QuotaPart, ReasonView
from service.register.shapes import (
    Amount,
    CounterfactualView,
    DimensionView,
    LineView,
    SaidBy,
    SetAsideView,
    TransitionView,
)

CONCLUSIONS = {
    "prohibited": "The export is prohibited.",
    "presumption_of_denial": "A license is needed, and is to be presumed denied.",
    "quota": "The export falls under a quota.",
    "license_required": "A license is required.",
    "conditional": "The export is allowed under a condition.",
    "notification": "The export is to be notified.",
    "not_yet_in_force": "A measure is announced and not yet in force.",
    "suspended": "The measure is on the books and does not apply for now.",
    "not_restricted": "What was announced for this no longer restricts it.",
    "undetermined": "Nothing is certain; what may apply is listed.",
    "no_data": "Nothing is recorded for this question on this day. That is no clearance.",
}


def reasons(found: Determination, on: date) -> Iterator[ReasonView]:
    """Each provision and license considered, those that match first, then the conclusion."""
    for one in sorted(found.considered, key=lambda c: (-c.match.truth, c.provision.stream)):
        yield _provision_reason(one, on)
    for held in sorted(found.licenses, key=lambda c: (-c.matches, c.license.stream)):
        yield _license_reason(held, on)
    text = f"{CONCLUSIONS[found.control]} Standing: {found.standing}"
    text += f" ({found.standing_cause.replace('_', ' ')})." if found.standing_cause else "."
    yield ReasonView(about=None, outcome="conclusion", text=text, dimensions=[])


def _provision_reason(one: Considered, on: date) -> ReasonView:
    provision = one.provision
    named = _name(provision)
    state = one.state.word.replace("_", " ")
    outcome: Outcome
    if one.match.truth is Truth.NO:
        outcome, text = "does_not_match", f"{named} does not reach this: {one.match.weakest.because}."
    elif one.applies is Truth.YES:
        outcome, text = "applies", f"{named} is in force on {on}, and it matches: {_because(one.match)}."
    elif one.may_bear or one.proposed:
        outcome, text = "possible", f"{named} may apply on {on}: {what_is_open(one)}."
    else:
        outcome, text = "not_now", f"{named} matches, and is {state} on {on}."
    return ReasonView(about=provision.stream, outcome=outcome, text=text, dimensions=_dimensions(one.match))


def _license_reason(one: LicenseConsidered, on: date) -> ReasonView:
    stream, state = one.license.stream, one.state.word.replace("_", " ")
    outcome: Outcome
    if one.matches is Truth.NO:
        failing = one.match.weakest
        outcome, text = "does_not_cover", f"{stream} does not cover this: {failing.because}."
    elif one.state.active is Truth.NO:
        outcome, text = "does_not_cover", f"{stream} is {state} on {on}."
    elif one.barred.truth is Truth.YES:
        outcome, text = "does_not_cover", f"{stream} cannot be used: {one.barred.because}."
    elif one.quantity and one.quantity.truth is Truth.NO:
        outcome, text = "does_not_cover", f"{stream} does not cover this: {one.quantity.because}."
    elif one.usable is Truth.YES and one.named and not (one.quantity and one.quantity.truth is Truth.POSSIBLE):
        outcome, text = "covers", f"{stream} is active on {on} and names the party asked about."
    else:
        outcome, text = "possible", f"{stream} may cover this on {on}: {license_open(one)}."
    dimensions = ScopeMatch((*one.match.dimensions, *([one.quantity] if one.quantity else [])))
    return ReasonView(about=stream, outcome=outcome, text=text, dimensions=_dimensions(dimensions))


def what_is_open(one: Considered) -> str:
    """What leaves it open whether a provision applies."""
    if one.proposed:
        return "it is proposed and not yet law"
    if one.may_have_successor:
        return f"it was replaced by {one.provision.successor}, of which nothing is recorded"
    if one.match.truth is not Truth.YES:
        return one.match.weakest.because
    if len(one.provision.kinds) > 1:
        return "sources of equal tier disagree about its kind"
    if one.provision.timeline.announced is None:
        return "no source says since when it has applied"
    return "no source says for certain whether it applies on this day"


def license_open(one: LicenseConsidered) -> str:
    """What leaves it open whether a license serves."""
    dimensions = [*one.match.dimensions, *([one.quantity] if one.quantity else [])]
    parts = [d.because for d in dimensions if d.truth is Truth.POSSIBLE or d.name in ("licensee", "end_user")]
    if one.state.open_ended:
        parts.append("no source states its end, and none speaks of it after its last report")
    elif one.state.granted is Truth.POSSIBLE:
        parts.append("the day of the grant is not exact")
    elif one.state.active is Truth.POSSIBLE:
        parts.append("the sources leave it open whether it is active that day")
    if not parts and one.parties.unnamed:
        roles = " or ".join(role.replace("_", " ") for role in one.parties.unnamed)
        return f"it names its {roles}, and the question names none"
    return "; ".join(dict.fromkeys(parts)) or "it names no one"


def _dimensions(match: ScopeMatch) -> list[DimensionView]:
    return [DimensionView(dimension=d.name, match=d.truth.word, because=d.because) for d in match.dimensions]


def _because(match: ScopeMatch) -> str:
    return (
        "; ".join(d.because for d in match.dimensions if not d.because.startswith("it reaches all")) or "it reaches all"
    )


def _name(provision: RestrictionOnDay) -> str:
    instrument = provision.instrument
    title = (instrument.number or instrument.title or instrument.id) if instrument else None
    what = title or provision.stream
    return f"{whose(provision.controller)} {provision.kind.replace('_', ' ')} provision ({what})"


def said_by(claims: Sequence[Claim]) -> list[SaidBy]:
    """Who says so, each source once, the highest tier first."""
    pairs = [pair for claim in claims for pair in claim.said]
    return [
        SaidBy(
            event=event,
            tier=source.tier,
            speaker=source.speaker.name if source.speaker else None,
            office=source.speaker.office if source.speaker else None,
            side=source.speaker.side if source.speaker else None,
            publisher=source.publisher,
            published_at=source.published_at,
            quote=source.quote,
        )
        for event, source in sorted(pairs, key=lambda pair: -pair[1].tier.rank)
    ]


def transition_view(transition: Transition, *, inferred: bool = False) -> TransitionView:
    return TransitionView(
        about=transition.stream,
        what=transition.what,
        earliest=transition.day.earliest,
        latest=transition.day.latest,
        agreed=transition.agreed,
        unconfirmed_since=(transition.day.earliest or transition.day.latest) if inferred else None,
    )


def quota_part(found: RestrictionOnDay) -> QuotaPart | None:
    """What is left of a quota on its day."""
    quota = found.quota
    if quota is None:
        return None
    states = None if quota.state else list(quota.states)
    return QuotaPart(state=quota.state, states=states, volume=list(quota.volumes) or None)


def set_aside_view(stream: str, aside: SetAside) -> SetAsideView:
    return SetAsideView(event=aside.event, about=stream, tier=aside.tier, reason=aside.reason)


def next_change(dated: Sequence[Transition], on: date) -> TransitionView | None:
    """The first scheduled change after a day."""
    ahead = [transition for transition in dated if transition.ahead(on)]
    if not ahead:
        return None
    return transition_view(min(ahead, key=lambda t: (t.day.earliest or t.day.latest or date.max, t.stream)))


def line_views(license_: LicenseOnDay) -> list[LineView]:
    """The lines of a license on a day. Where an amendment's day is vague, as they are without it."""
    return [_line_view(line, license_) for line in license_.lines]


def _line_view(line: SaidLine, license_: LicenseOnDay) -> LineView:
    left = license_.remaining(line)
    unit = line.line.quantity.unit if line.line.quantity else None
    return LineView(
        line=line.number,
        commodity=line.line.commodity,
        quantity=line.line.quantity,
        remaining=Amount(value=written(left.least), unit=unit) if left and left.least is not None and unit else None,
        remaining_at_most=Amount(value=written(left.most), unit=unit) if left and unit else None,
        revoked=license_.revoked(line),
        overdrawn=left is not None and left.overdrawn,
    )


def counterfactual_view(one: Counterfactual) -> CounterfactualView:
    return CounterfactualView(about=one.about, text=one.text, control=one.control, covered=one.covered)
