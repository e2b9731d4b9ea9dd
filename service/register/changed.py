"""Which of several questions are answered otherwise than they were at an earlier log position."""

from typing import Any

from service.domain.answer import Control, Covered, Standing
from service.register.parts import Answer, Part

PLAIN = ("control", "standing", "standing_cause", "covered")


class Was(Part):
    """What a question was answered then. `index` is its place among the questions, from 0."""

    index: int
    headline: str
    control: Control
    standing: Standing
    standing_cause: str | None = None
    covered: Covered | None = None


def was(index: int, then: Answer, now: Answer) -> Was | None:
    """What was answered then, where it is answered otherwise now; that more is on record makes no difference alone."""
    if said(then) == said(now):
        return None
    return Was(index=index, headline=then.headline, **{name: getattr(then, name) for name in PLAIN})


def said(answer: Answer) -> dict[str, Any]:
    """What an answer says, apart from what it rests on and how far the record reaches."""
    return {
        **{name: getattr(answer, name) for name in PLAIN},
        "basis": [(one.restriction, one.state, one.since, one.through) for one in answer.basis],
        "possible": sorted((one.restriction, one.control, one.state) for one in answer.possible),
        "licenses": (answer.licenses.official.min, answer.licenses.reported.min),
        "known": sorted((one.license, one.state) for one in answer.licenses.known),
        "next_change": answer.next_change and (answer.next_change.about, answer.next_change.earliest),
    }
