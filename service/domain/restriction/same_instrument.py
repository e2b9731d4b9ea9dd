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
from service.domain.truth import Truth

NUMBER = re.compile(r"(?<!\d)(\d+)\s*(?:/(?:[A-Z]+/)?|\bof\b)\s*((?:19|20)\d\d)(?!\d)")


def number_of(instrument: Instrument | None) -> str | None:
    """An instrument's number in one spelling: 62/2025 for "No. 62 of 2025"; None where it has none."""
    stated = instrument.number if instrument else None
    if stated is None:
        return None
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


def _against(one: Considered, same: Sequence[Considered]) -> Considered:
    timeline = one.provision.timeline
    if timeline.announced is not None or timeline.proposed is not None:
        return one
    higher = [o for o in same if o.provision.tier.rank > one.provision.tier.rank and o.match.truth is not Truth.NO]
    if not higher or not all(_contradicts(other, one) for other in higher):
        return one
    reason = f"a higher tier says otherwise of the same instrument ({higher[0].provision.stream})"
    asides = tuple(SetAside(claim.event, claim.tier, reason, True) for claim in one.provision.claims)
    provision = replace(one.provision, left_out=(*one.provision.left_out, *asides))
    return replace(one, provision=provision, contradicted=True)


def _contradicts(other: Considered, report: Considered) -> bool:
    """Whether a provision rules out how a report says that things stand, or of which kind they are."""
    says = [phase for phase in ("in_force", "suspended", "ended") if getattr(report.state, phase) is not Truth.NO]
    ruled_out = bool(says) and all(getattr(other.state, phase) is Truth.NO for phase in says)
    return ruled_out or not set(other.provision.kinds) & set(report.provision.kinds)
