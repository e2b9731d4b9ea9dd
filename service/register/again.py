"""An answer as it is sent, kept for whoever asks the same again."""

from datetime import date

from service.projections.kept import kept_of
from service.register.ask import answer
from service.register.known import Known
from service.register.shapes import Question


def answer_text(question: Question, known: Known, on: date) -> str:
    """The answer as JSON. What it says of the state of knowledge is written anew: that moves with the log."""
    if known.at.open:
        return answer(question, known, on).model_dump_json(by_alias=True)
    moving = known.at.model_dump_json()

    def find() -> tuple[str, ...]:
        return tuple(answer(question, known, on).model_dump_json(by_alias=True).split(moving))

    kept = kept_of(known.connection.engine)
    asked = "answer", question.model_dump_json(by_alias=True, exclude_unset=True), on
    return moving.join(kept.once(known.connection, known.at.seen, asked, find, lambda found: sum(map(len, found))))
