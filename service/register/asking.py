"""A question with all that its answer is told from."""

from dataclasses import dataclass
from datetime import date

from service.domain.scope import Subject
from service.register.known import Known
from service.register.shapes import Question


@dataclass(frozen=True)
class Asking:
    question: Question
    subject: Subject
    on: date
    known: Known
    recorded_through: date | None
    checked_through: date | None = None
    """The day through which the sources of every country asked about were looked through; None where of one none says
    so."""

    in_a_status: bool = False

    @property
    def full(self) -> bool:
        return self.question.detail == "full"
