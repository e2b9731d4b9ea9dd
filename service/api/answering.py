"""The questions of one request, answered from one state of the log."""

from collections.abc import Iterable
from contextlib import ExitStack
from datetime import date
from typing import Any, Self

from pydantic import ValidationError

from service.api.http.register import Register, day_of
from service.domain.invalid import field_errors
from service.errors import InvalidRequest
from service.projections.budget import within
from service.register.ask import answer
from service.register.known import Known
from service.register.parts import Answer
from service.register.shapes import KnownAt, Question

MOST_AT_ONCE = 20
"""More answers than these are sent one by one, while the next ones are made."""


def question_of(posted: Any, pointer: str) -> Question:
    try:
        return Question.model_validate(posted)
    except ValidationError as invalid:
        raise InvalidRequest("The question cannot be read.", field_errors(invalid, posted, pointer)) from invalid


class Answering:
    """Answers the questions of one request from one state of the log.

    How long a request holds a connection is limited, and a client may read slowly: another one is taken for every
    MOST_AT_ONCE answers. What was known at a log position is the same in each. `known_at` are the log positions and
    instants that any of the questions is about.
    """

    def __init__(self, register: Register, known_at: Iterable[int | str | None]) -> None:
        self.register = register
        self._known_at = frozenset(known_at)
        self._held = ExitStack()
        self._answered = 0
        self._at: dict[tuple[int | str | None, str | None], KnownAt] = {}
        self._known: dict[tuple[int | str | None, str | None], Known] = {}

    def __enter__(self) -> Self:
        self._connection = self._held.enter_context(self.register.deriving(*self._known_at))
        self._least = self.register.head.position
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    def answer(self, question: Question, pointer: str) -> Answer:
        """Raises InvalidRequest, PositionAhead."""
        on, known = self.next(question, pointer)
        with within(self.register.answer_budget_ms):
            return answer(question, known, on)

    def next(self, question: Question, pointer: str) -> tuple[date, Known]:
        """What `check` tells, for a question that is answered now."""
        if self._answered and self._answered % MOST_AT_ONCE == 0:
            self._held.close()
            later = self.register.replicas.reading(lambda head: head.position >= self._least)
            self._connection, _ = self._held.enter_context(later)
            self._known = {}
        self._answered += 1
        return self.check(question, pointer)

    def check(self, question: Question, pointer: str) -> tuple[date, Known]:
        """The day that a question is about, and what was known for it. Raises InvalidRequest, PositionAhead."""
        return self.known(question.as_of, question.known_at, question.public_by, pointer)

    def known(
        self, as_of: str | None, known_at: int | str | None, public_by: str | None, pointer: str
    ) -> tuple[date, Known]:
        """The same by the days of a question alone. Raises InvalidRequest, PositionAhead."""
        on = day_of(as_of, self.register.today(), f"{pointer}/as_of")
        times = (known_at, public_by)
        if times not in self._at:
            self._at[times] = self.register.known_at(self._connection, known_at, f"{pointer}/", public_by=public_by)
        if times not in self._known:
            self._known[times] = Known(self._connection, self._at[times])
        return on, self._known[times]
