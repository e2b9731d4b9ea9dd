"""Determinations: many questions at once, each answered with its reasons."""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from service.api.answering import Known, answer
from service.api.bodies import json_body
from service.api.register import Here, Register, day_of, known_at
from service.api.schemas import Answers
from service.api.things import rendered
from service.domain.answer import Answer, Question
from service.domain.invalid import field_errors
from service.errors import FieldError, InvalidRequest
from service.log import read

router = APIRouter(prefix="/v1/determinations", tags=["determinations"])


@router.post("", operation_id="determine", response_model=Answers, summary="Ask")
async def determine(request: Request, register: Here) -> Response:
    """Answers `{"questions": [...]}`, or one question by itself, in order. Nothing is recorded.

    All questions of a request are answered from one state of the log.
    """
    body = await json_body(request, register.max_body_bytes)
    questions = _questions(body, register.max_questions)
    return await run_in_threadpool(_answered, register, questions)


def _questions(body: Any, most: int) -> list[tuple[str, Question]]:
    if not (isinstance(body, dict) and "questions" in body):
        return [("", _question(body, ""))]
    others = [FieldError(f"/{name}", "there is no such field beside questions") for name in body if name != "questions"]
    listed = body["questions"]
    if others or not isinstance(listed, list) or not 1 <= len(listed) <= most:
        fault = FieldError("/questions", f"a list of 1 to {most} questions")
        raise InvalidRequest("A request holds questions.", others[:20] or [fault])
    return [(f"/questions/{index}", _question(one, f"/questions/{index}")) for index, one in enumerate(listed)]


def _question(posted: Any, pointer: str) -> Question:
    try:
        return Question.model_validate(posted)
    except ValidationError as invalid:
        raise InvalidRequest("The question cannot be read.", field_errors(invalid, posted, pointer)) from invalid


def _answered(register: Register, questions: list[tuple[str, Question]]) -> Response:
    with register.reading() as connection:
        head = read.read_head(connection)
        known_by_position: dict[Any, Known] = {}
        answers: list[Answer] = []
        for pointer, question in questions:
            on = day_of(question.as_of, register, f"{pointer}/as_of")
            if question.known_at not in known_by_position:
                at = known_at(connection, question.known_at, f"{pointer}/known_at")
                known_by_position[question.known_at] = Known(connection, at)
            answers.append(answer(question, known_by_position[question.known_at], on))
    return rendered(Answers(answers=answers), head.position)
