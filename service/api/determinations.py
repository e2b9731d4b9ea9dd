"""Determinations: many questions at once, each answered with its reasons."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from service.api.http import media, spreadsheet
from service.api.http.bodies import json_body, media_type_of, raw_body
from service.api.http.parameters import Nothing
from service.api.http.register import Here, Register, day_of
from service.api.http.rendering import rendered
from service.api.shape import Shape
from service.domain.invalid import field_errors, pointer_of
from service.errors import FieldError, InvalidRequest
from service.register.ask import answer
from service.register.known import Known
from service.register.parts import Answer
from service.register.shapes import NOTICE, Question


class AnswerList(Shape):
    """One answer for each question, in their order."""

    answers: list[Answer]
    notice: str = NOTICE


router = APIRouter(prefix="/v1/determinations", tags=["determinations"])


@router.post(
    "", operation_id="determine", response_model=AnswerList, summary="Ask", responses=media.also(csv=media.TEXT)
)
async def determine(request: Request, register: Here, _: Annotated[Nothing, Query()]) -> Response:
    """Answers `{"questions": [...]}`, or one question by itself, in order. Nothing is recorded.

    All questions of a request are answered from one state of the log. A sheet of questions (`text/csv`) is answered by
    a sheet: the questions again, each with its answer behind it; with `Accept: application/json`, as other questions.
    """
    accept = request.headers.getlist("accept")
    if media_type_of(request) == spreadsheet.MEDIA_TYPE:
        body = await raw_body(request, register.max_body_bytes, (spreadsheet.MEDIA_TYPE,))
        wanted = media.preferred(accept, (media.CSV, media.JSON))
        return await run_in_threadpool(_sheet, register, body, wanted)
    media.preferred(accept, (media.JSON,))
    questions = _questions(await json_body(request, register.max_body_bytes, register.most), register.max_questions)
    answers = await run_in_threadpool(_answers, register, questions)
    return rendered(register, AnswerList(answers=answers))


def _sheet(register: Register, body: bytes, wanted: str) -> Response:
    names, asked = spreadsheet.questions_of(body, register.max_questions)
    questions = [(f"/{at}", _question(one, f"/{at}")) for at, one in enumerate(asked, 1)]
    answers = _answers(register, questions)
    if wanted == media.JSON:
        return rendered(register, AnswerList(answers=answers))
    return Response(spreadsheet.sheet(names, asked, answers), media_type=spreadsheet.MEDIA_TYPE_OF_ANSWERS)


def _questions(body: Any, most: int) -> list[tuple[str, Question]]:
    if not (isinstance(body, dict) and "questions" in body):
        return [("", _question(body, ""))]
    others = [
        FieldError(pointer_of([name]), "there is no such field beside questions")
        for name in body
        if name != "questions"
    ]
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


def _answers(register: Register, questions: list[tuple[str, Question]]) -> list[Answer]:
    with register.reading() as connection:
        known: dict[tuple[Any, str | None], Known] = {}
        answers: list[Answer] = []
        for pointer, question in questions:
            on = day_of(question.as_of, register.today(), f"{pointer}/as_of")
            times = (question.known_at, question.public_by)
            if times not in known:
                at = register.known_at(connection, question.known_at, f"{pointer}/", public_by=question.public_by)
                known[times] = Known(connection, at)
            answers.append(answer(question, known[times], on))
    return answers
