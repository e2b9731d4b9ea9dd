"""The control: the strictest provision that is certainly in force and certainly matches.

What is only possible stands beside it, never folded into it. Where nothing is recorded the answer is `no_data`, which
is never a clearance.
"""

from collections.abc import Sequence

from service.domain.answer import STRICTEST_FIRST, Control
from service.domain.restriction.considered import Considered
from service.domain.truth import Truth


def control_of(considered: Sequence[Considered]) -> tuple[Control, tuple[Considered, ...]]:
    """The control, and the provisions that decide it."""
    rules = [one for one in considered if not (one.is_exemption or one.beside or one.contradicted)]
    applying = [one for one in rules if one.applies is Truth.YES]
    if applying:
        strictest = min((one.control for one in applying), key=STRICTEST_FIRST.index)
        return strictest, tuple(one for one in applying if one.control == strictest)
    if any(one.applies is Truth.POSSIBLE or one.may_have_successor for one in rules):
        return "undetermined", ()
    return _of_what_does_not_apply(rules)


def _of_what_does_not_apply(rules: Sequence[Considered]) -> tuple[Control, tuple[Considered, ...]]:
    """Where nothing may apply now: the state of all that may bear on the question (rule 14), else what was lifted."""
    live = [one for one in rules if one.live]
    if any(one.state.word == "undetermined" for one in live):
        return "undetermined", ()
    certain = [one for one in live if one.match.truth is Truth.YES] or live
    phases: tuple[tuple[str, Control], ...] = (("suspended", "suspended"), ("not_yet_in_force", "not_yet_in_force"))
    for phase, control in phases:
        decisive = tuple(one for one in certain if getattr(one.state, phase) is Truth.YES)
        if decisive:
            return control, decisive
    lifted = tuple(one for one in rules if _lifted(one))
    return ("not_restricted", lifted) if lifted else ("no_data", ())


def _lifted(one: Considered) -> bool:
    """Positive evidence that what was announced for this very question no longer restricts it."""
    ended = one.match.truth is Truth.YES and (one.state.ended is Truth.YES or one.exempted is Truth.YES)
    return ended or one.excluded or one.taken_out_by is not None


def beneath(considered: Sequence[Considered], decisive: Sequence[Considered]) -> tuple[Considered, ...]:
    """What certainly applies under the strictest, the strictest of it first (rule 20)."""
    above = {one.provision.stream for one in decisive}
    certain = (one for one in considered if one.applies is Truth.YES and not one.is_exemption)
    under = (one for one in certain if one.provision.stream not in above)
    return tuple(sorted(under, key=lambda one: (STRICTEST_FIRST.index(one.control), one.provision.stream)))
