"""Reports on streams of their own that speak of an instrument on record (rule 34).

Such a report sets nothing that a provision of that instrument, told by a higher tier, contradicts: it is shown as the
conflict that it is.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from service.domain.claims import SetAside
from service.domain.restriction.considered import Considered
from service.domain.restriction.events import Instrument
from service.domain.restriction.timeline import RestrictionOnDay
from service.domain.truth import Truth

NUMBER = re.compile(r"(?<!\d)(\d+)\s*(?:/(?:[A-Z]+/)?|\bof\b)\s*((?:19|20)\d\d)(?!\d)")


def number_of(instrument: Instrument | None) -> str | None:
    """An instrument's number in one spelling; None where it has none."""
    stated = instrument.number if instrument else None
    return None if stated is None else one_spelling(stated)


def one_spelling(stated: str) -> str:
    """62/2025 for "No. 62 of 2025"."""
    found = NUMBER.search(stated)
    return f"{int(found[1])}/{found[2]}" if found else " ".join(stated.casefold().split())


def against_higher_tiers(considered: Sequence[Considered]) -> list[Considered]:
    """The same, with the reports marked that a higher tier's provision of their instrument contradicts."""
    by_number: dict[tuple[str, str], list[Considered]] = {}
    for one in considered:
        if number := number_of(one.provision.instrument):
            by_number.setdefault((one.provision.controller, number), []).append(one)
    told_apart = {id(one): same for same in by_number.values() if len(same) > 1 for one in same}
    return [_against(one, told_apart[id(one)]) if id(one) in told_apart else one for one in considered]


def contradicted_reports(found: Sequence[RestrictionOnDay]) -> list[tuple[RestrictionOnDay, RestrictionOnDay]]:
    """Each report that a provision of its instrument of a higher tier contradicts on a day, with that provision."""
    by_number: dict[tuple[str, str], list[RestrictionOnDay]] = {}
    for one in found:
        if number := number_of(one.instrument):
            by_number.setdefault((one.controller, number), []).append(one)
    pairs = ((one, _contradicted_by(one, same)) for same in by_number.values() for one in same)
    return [(one, other) for one, other in pairs if other is not None]


def set_aside_by(report: RestrictionOnDay, other: RestrictionOnDay) -> tuple[SetAside, ...]:
    reason = f"a higher tier says otherwise of the same instrument ({other.stream})"
    return tuple(SetAside(claim.event, claim.tier, reason, True) for claim in report.claims)


def _against(one: Considered, same: Sequence[Considered]) -> Considered:
    other = _contradicted_by(one.provision, [o.provision for o in same if o.match.truth is not Truth.NO])
    if other is None:
        return one
    asides = set_aside_by(one.provision, other)
    provision = replace(one.provision, left_out=(*one.provision.left_out, *asides))
    return replace(one, provision=provision, contradicted=True)


def _contradicted_by(report: RestrictionOnDay, same: Sequence[RestrictionOnDay]) -> RestrictionOnDay | None:
    if report.timeline.announced is not None or report.timeline.proposed is not None:
        return None
    higher = [other for other in same if other.tier.rank > report.tier.rank]
    return higher[0] if higher and all(_contradicts(other, report) for other in higher) else None


def _contradicts(other: RestrictionOnDay, report: RestrictionOnDay) -> bool:
    """Whether a provision rules out how a report says that things stand, or of which kind they are."""
    says = [phase for phase in ("in_force", "suspended", "ended") if getattr(report.state, phase) is not Truth.NO]
    ruled_out = bool(says) and all(getattr(other.state, phase) is Truth.NO for phase in says)
    return ruled_out or not set(other.kinds) & set(report.kinds)
