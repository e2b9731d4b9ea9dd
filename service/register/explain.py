"""A determination as an answer: its reasons in order, as data and as sentences, and all that it rests on."""

from collections.abc import Iterator, Sequence
from datetime import date

from service.domain.claims import Claim, SetAside
from service.domain.countries import name_of
from service.domain.determine import Considered, Determination
from service.domain.license import changes
from service.domain.license.considered import LicenseConsidered
from service.domain.license.on_day import LicenseOnDay
from service.domain.license.terms import SaidLine
from service.domain.license.timeline import LicenseTimeline
from service.domain.quantities import written
from service.domain.restriction import timeline as restriction
from service.domain.restriction.timeline import Provision
from service.domain.scope import ScopeMatch
from service.domain.transitions import Transition
from service.domain.truth import Truth
from service.register.counterfactual import Counterfactual
from service.register.shapes import (
    NOTICE,
    Amount,
    Answer,
    CounterfactualView,
    DimensionView,
    KnownAt,
    LicensesView,
    LicenseView,
    LineView,
    Outcome,
    PossibleView,
    ProvisionView,
    ReasonView,
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
        unconfirmed_since=(transition.day.earliest or transition.day.latest) if inferred else None,
    )


def set_aside_view(stream: str, aside: SetAside) -> SetAsideView:
    return SetAsideView(event=aside.event, about=stream, tier=aside.tier, reason=aside.reason)


def answer(found: Determination, on: date, known_at: KnownAt, recorded_through: date | None) -> Answer:
    """The whole answer to one question."""
    provisions = [
        one
        for one in found.considered
        if one.match.truth is not Truth.NO and (one.state.word != "not_announced" or one.proposed)
    ]
    held = [one for one in found.licenses if one.matches is not Truth.NO]
    bearing: list[Provision | LicenseTimeline] = [one.provision for one in provisions]
    bearing += [one.license for one in held]
    aside = [(thing.stream, one) for thing in bearing for one in thing.set_aside]
    dated = [t for one in provisions for t in restriction.transitions(one.provision)]
    dated += [t for one in held for t in changes.transitions(one.license)]
    return Answer(
        control=found.control,
        standing=found.standing,
        standing_cause=found.standing_cause,
        covered=found.covered,
        licenses=LicensesView(
            official=found.official, reported=found.reported, known=[license_view(one) for one in held]
        ),
        basis=[provision_view(one) for one in found.decisive],
        possible=[view for one in provisions if one.may_bear or one.proposed for view in _possible(one)],
        reasons=list(_reasons(found, on)),
        because=_events(found, provisions, held),
        set_aside=[set_aside_view(stream, one) for stream, one in aside],
        conflicts=[set_aside_view(stream, one) for stream, one in aside if one.conflicting],
        inferred=[transition_view(t, inferred=True) for t in dated if t.due(on) and not t.confirmed],
        next_change=next_change(dated, on),
        as_of=on,
        known_at=known_at,
        position=max((thing.position for thing in bearing), default=0),
        recorded_through=recorded_through,
        notice=NOTICE,
    )


def _events(found: Determination, provisions: Sequence[Considered], held: Sequence[LicenseConsidered]) -> list[str]:
    """The events that the answer rests on: what decides the control, or may, and the licenses that count."""
    deciding = found.decisive or [one for one in provisions if one.may_bear]
    claims = [claim for one in deciding for claim in one.provision.claims]
    claims += [claim for one in held for claim in one.license.claims]
    events = [event for claim in claims for event in claim.events]
    uses = [use for one in held if one.quantity or one.state.cause == "exhausted" for use in one.license.uses]
    events += [event for use in uses for event in use.events]
    return list(dict.fromkeys([*events, *(event for one in deciding for event in one.rests_on)]))


def next_change(dated: Sequence[Transition], on: date) -> TransitionView | None:
    """The first scheduled change after a day."""
    ahead = [transition for transition in dated if transition.ahead(on)]
    if not ahead:
        return None
    return transition_view(min(ahead, key=lambda t: (t.day.earliest or t.day.latest or date.max, t.stream)))


def provision_view(one: Considered) -> ProvisionView:
    provision, period = one.provision, one.provision.in_force
    return ProvisionView(
        restriction=provision.stream,
        instrument=provision.instrument,
        provision=provision.label,
        controller=provision.controller,
        kind=provision.kind,
        state=one.state.word,
        match=one.match.truth.word,
        since=period.from_ if period else None,
        through=period.through if period else None,
        tier=provision.tier,
        said_by=said_by(provision.claims),
    )


def license_view(one: LicenseConsidered) -> LicenseView:
    stated = [count for _, count in one.license.counts]
    return LicenseView(
        license=one.license.stream,
        issuer=one.license.issuer,
        state=one.on_day.state.word,
        match=one.matches.word,
        count=max(stated, key=lambda count: count.min) if stated else None,
        lines=line_views(one.on_day),
        tier=one.license.tier,
        said_by=said_by(one.license.claims),
    )


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
        remaining=Amount(value=written(left.least), unit=unit) if left and unit else None,
        remaining_at_most=Amount(value=written(left.most), unit=unit) if left and unit else None,
        revoked=license_.revoked(line),
    )


def counterfactual_view(one: Counterfactual) -> CounterfactualView:
    return CounterfactualView(about=one.about, text=one.text, control=one.control, covered=one.covered)


def _possible(one: Considered) -> list[PossibleView]:
    """What it may be: one entry for each kind that sources of equal tier say it is."""
    return [
        PossibleView(
            restriction=one.provision.stream,
            control=control,
            state="proposed" if one.proposed else one.state.word,
            because=_open(one),
        )
        for control in dict.fromkeys(one.controls)
    ]


def _open(one: Considered) -> str:
    """What leaves it open."""
    if one.proposed:
        return "it is proposed, and no law"
    if one.match.truth is not Truth.YES:
        return one.match.weakest.because
    if len(one.provision.kinds) > 1:
        return "sources of equal tier disagree about its kind"
    if one.provision.announced is None:
        return "no source says since when it has applied"
    return "the sources leave its days open"


def _dimensions(match: ScopeMatch) -> list[DimensionView]:
    return [DimensionView(dimension=d.name, match=d.truth.word, because=d.because) for d in match.dimensions]


def _reasons(found: Determination, on: date) -> Iterator[ReasonView]:
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
        outcome, text = "possible", f"{named} may apply on {on}: {_open(one)}."
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
    elif one.quantity and one.quantity.truth is Truth.NO:
        outcome, text = "does_not_cover", f"{stream} does not cover this: {one.quantity.because}."
    elif one.usable is Truth.YES and one.named and not (one.quantity and one.quantity.truth is Truth.POSSIBLE):
        outcome, text = "covers", f"{stream} is active on {on} and names the party asked about."
    else:
        outcome, text = "possible", f"{stream} may cover this on {on}: {_license_open(one)}."
    dimensions = ScopeMatch((*one.match.dimensions, *([one.quantity] if one.quantity else [])))
    return ReasonView(about=stream, outcome=outcome, text=text, dimensions=_dimensions(dimensions))


def _license_open(one: LicenseConsidered) -> str:
    dimensions = [*one.match.dimensions, *([one.quantity] if one.quantity else [])]
    parts = [d.because for d in dimensions if d.truth is Truth.POSSIBLE or d.name in ("licensee", "end_user")]
    if one.state.open_ended:
        parts.append("nobody stated its end, and no source speaks of it after its last report")
    elif one.state.granted is Truth.POSSIBLE:
        parts.append("the day of the grant is not exact")
    elif one.state.active is Truth.POSSIBLE:
        parts.append("the sources leave it open whether it is active that day")
    return "; ".join(dict.fromkeys(parts)) or "it names no one"


def _because(match: ScopeMatch) -> str:
    return (
        "; ".join(d.because for d in match.dimensions if not d.because.startswith("it reaches all")) or "it reaches all"
    )


def _name(provision: Provision) -> str:
    instrument = provision.instrument
    title = (instrument.number or instrument.title or instrument.id) if instrument else None
    what = title or provision.stream
    return f"{name_of(provision.controller)}'s {provision.kind.replace('_', ' ')} provision ({what})"
