"""Small parts that things and answers share: who says so, what was set aside, what a date brings."""

from collections.abc import Sequence
from datetime import date

from service.domain.claims import Claim, SetAside
from service.domain.license.on_day import LicenseOnDay
from service.domain.license.terms import SaidLine
from service.domain.quantities import written
from service.domain.restriction.timeline import RestrictionOnDay
from service.domain.transitions import Transition
from service.register.counterfactual import Counterfactual
from service.register.parts import QuotaPart
from service.register.shapes import (
    Amount,
    CounterfactualView,
    LineView,
    SaidBy,
    SetAsideView,
    TransitionView,
)


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
