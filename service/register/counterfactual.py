"""What would change an answer: the same question, asked again with one thing otherwise."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from service.domain.answer import Control, Covered
from service.domain.determine import Determination, Knowledge, determine
from service.domain.license.considered import LicenseConsidered
from service.domain.restriction.considered import Considered
from service.domain.scope import Dimension, Subject
from service.domain.truth import Truth


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """With one thing otherwise, the answer would be this. `about` is the stream of that thing."""

    about: str
    text: str
    control: Control
    covered: Covered | None


def counterfactuals(subject: Subject, knowledge: Knowledge, on: date, found: Determination) -> Iterator[Counterfactual]:
    """Without each provision that decides; and with each license that fails in one dimension alone."""
    for one in found.decisive:
        others = [provision for provision in knowledge.provisions if provision.stream != one.provision.stream]
        would = determine(subject, replace(knowledge, provisions=others), on)
        if (would.control, would.covered) != (found.control, found.covered):
            yield Counterfactual(one.provision.stream, _without(one), would.control, would.covered)
    for held in found.licenses:
        failing = [dimension for dimension in held.match.dimensions if dimension.truth is Truth.NO]
        if held.state.active is not Truth.NO and len(failing) == 1:
            yield Counterfactual(held.license.stream, _but_for(held, failing[0]), found.control, "possible")


def _without(one: Considered) -> str:
    """Names the rule, and whom or what it singles out."""
    singled_out = [d.because for d in one.match.dimensions if d.name in ("end_users", "exporters", "end_uses")]
    special = [because for because in singled_out if not because.startswith("it reaches all")]
    since = f" since {one.provision.since}" if one.provision.since else ""
    why = f" ({'; '.join(special)}{since})" if special else since
    return f"Without {one.provision.stream}{why}."


def _but_for(held: LicenseConsidered, failing: Dimension) -> str:
    return f"{held.license.stream} would do, but for this: {failing.because}."
