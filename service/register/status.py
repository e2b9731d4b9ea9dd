"""What a status shows: of many determinations those that have something to say, the strictest first, in pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from service.domain.determine import CONTROLS
from service.domain.license.standing import BEST_FIRST
from service.domain.truth import Truth
from service.register.ask import Determined, detailed, determined, row
from service.register.goods import key_of
from service.register.known import Known
from service.register.parts import Row
from service.register.shapes import Question

Place = tuple[str, ...]


@dataclass(frozen=True)
class PageAsked:
    """Which page of a status: from behind which place on, of how many rows, and of how many bytes at most. It has one
    row at least."""

    after: Place | None
    limit: int
    most_bytes: int


def rows_of(
    questions: Sequence[Question], known: Known, on: date, detail: Literal["brief", "full"]
) -> list[Determined]:
    """Each question determined; those that have nothing to say are left out. In the order in which they are shown."""
    asked = (detailed(one, detail) for one in questions)
    found = (determined(one, known, on, in_a_status=True) for one in asked)
    return sorted((one for one in found if says_something(one)), key=place_of)


def says_something(one: Determined) -> bool:
    """Whether anything is in force, possible, announced, suspended or ended with evidence, or is licensed."""
    whole = one.whole
    licensed = any(held.matches is not Truth.NO for held in whole.licenses)
    proposed = any(each.proposed and each.match.truth is not Truth.NO for each in whole.considered)
    return whole.control != "no_data" or licensed or proposed


def place_of(one: Determined) -> Place:
    """The strictest control first; beside one control, the surest standing."""
    question, whole = one.asking.question, one.whole
    ranks = f"{CONTROLS.index(whole.control):02}", f"{BEST_FIRST.index(whole.standing):02}"
    return *ranks, question.controller or "", *key_of(question.commodity)


def page(found: Sequence[Determined], asked: PageAsked) -> tuple[list[Row], Place | None]:
    """The rows behind a place, as many as are asked for and as fit; and the place of the last, where more follow."""
    left = [one for one in found if asked.after is None or place_of(one) > asked.after]
    shown = list(_fitting(left[: asked.limit], asked.most_bytes))
    return shown, place_of(left[len(shown) - 1]) if len(shown) < len(left) else None


def _fitting(found: Sequence[Determined], most_bytes: int) -> Iterator[Row]:
    taken = 0
    for one in found:
        made = row(one)
        size = len(made.model_dump_json(by_alias=True).encode())
        if taken and taken + size > most_bytes:
            return
        taken += size
        yield made
