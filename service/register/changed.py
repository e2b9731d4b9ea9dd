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
    """What an answer says, apart from what it rests on and how far the record reaches; of plain JSON."""
    next_change = answer.next_change
    return {
        **{name: getattr(answer, name) for name in PLAIN},
        "basis": [_part(one, "restriction", "state", "since", "through") for one in answer.basis],
        "possible": sorted((_part(one, "restriction", "control", "state") for one in answer.possible), key=_order),
        "licenses": {"official": answer.licenses.official.min, "reported": answer.licenses.reported.min},
        "known": sorted((_part(one, "license", "state") for one in answer.licenses.known), key=_order),
        "next_change": next_change
        and {"about": next_change.about, "earliest": next_change.earliest and next_change.earliest.isoformat()},
    }


def _part(part: Part, *names: str) -> dict[str, Any]:
    return {name: getattr(part, name) for name in names}


def _order(part: dict[str, Any]) -> list[str]:
    return [str(value) for value in part.values()]
