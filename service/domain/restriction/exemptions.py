"""Which exemption lifts which rule of the same authority."""

from collections.abc import Iterable

from service.domain.dates import Period
from service.domain.restriction.considered import Considered, is_list
from service.domain.restriction.timeline import RestrictionOnDay
from service.domain.truth import Truth, all_of

CLASSES_OF_USES = {"civil", "military"}


def exempted(one: Considered, exemptions: Iterable[Considered]) -> Truth:
    """Whether an exemption of the same authority lifts a rule for this question.

    A rule about named parties is lifted by an exemption that is as special: one that names the party, or stands inside
    its own window or use (rule 17).
    """
    same = [other for other in exemptions if _same_authority(one.provision, other.provision)]
    if _is_about_parties(one):
        same = [other for other in same if _is_special(other.provision, one.provision)]
    return max((all_of((other.state.in_force, other.match.truth)) for other in same), default=Truth.NO)


def _is_about_parties(one: Considered) -> bool:
    scopes = one.provision.scopes
    return bool(one.passes_on) or any(scope.exporters != "all" or scope.end_users != "all" for scope in scopes)


def _is_special(exemption: RestrictionOnDay, rule: RestrictionOnDay) -> bool:
    """Whether an exemption was made for some parties, for a use of its own, or for a time after the rule began."""
    scope = exemption.scope
    names = is_list(scope.exporters) or is_list(scope.end_users)
    own_use = scope.end_uses != "all" and not set(scope.end_uses) <= CLASSES_OF_USES
    return names or own_use or _is_window_of(exemption.in_force, rule.in_force)


def _is_window_of(window: Period | None, period: Period | None) -> bool:
    """Whether a period has both its ends stated, and does not begin before the other one."""
    if window is None or window.last is None or not window.from_:
        return False
    begins, ruled_from = window.first.earliest, period.first.latest if period and period.from_ else None
    return begins is not None and ruled_from is not None and begins >= ruled_from


def _same_authority(one: RestrictionOnDay, other: RestrictionOnDay) -> bool:
    """Whether one authority stands behind both. Where it is not stated, the country stands for it."""
    if one.controller != other.controller:
        return False
    authorities = {p.instrument.authority for p in (one, other) if p.instrument and p.instrument.authority}
    return len(authorities) < 2
