"""Determinations: many questions at once, each answered with its reasons."""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from service.api import sheets
from service.api.answering import MOST_AT_ONCE, Answering, question_of
from service.api.http import media, sheet_rows, spreadsheet
from service.api.http.bodies import json_body, media_type_of, raw_body
from service.api.http.direct import Direct
from service.api.http.parameters import Nothing
from service.api.http.register import Here, Register
from service.api.http.streaming import Streamed
from service.domain.invalid import MOST_ERRORS, pointer_of
from service.errors import FieldError, InvalidRequest
from service.projections.budget import within
from service.register.ask import answer_text
from service.register.changed import Was, was
from service.register.parts import Answer, Part
from service.register.shapes import NOTICE, Question


class AnswerList(Part):
    """One answer for each question, in their order."""

    answers: list[Answer]
    changed: Annotated[
        list[Was] | None,
        Field(description="Where the request gives `changed_since`: which questions were answered otherwise then."),
    ] = None
    notice: str = NOTICE


CHANGED_SINCE = "changed_since"
BEFORE = '{"answers":['
"""How the document begins: AnswerList's first field is the list of answers."""
QUESTIONS_A_REQUEST = 10
"""So many questions more take about as long as one request more."""
Asked = tuple[str, Question]
"""A question, and where in the request it stands."""
router = APIRouter(prefix="/v1/determinations", tags=["determinations"], route_class=Direct)


@router.post(
    "", operation_id="determine", response_model=AnswerList, summary="Ask", responses=media.also(csv=media.TEXT)
)
async def determine(request: Request, register: Here, _: Annotated[Nothing, Query()]) -> Response:
    """Answers `{"questions": [...]}`, or one question by itself, in order. Nothing is recorded.

    All questions of a request are answered from one state of the log. More than 20 answers are sent one by one while
    the next ones are made; together they are still one document. With `changed_since`, a log position beside
    `questions`, the response says which of them were answered otherwise then. A sheet of questions (`text/csv`) is
    answered by a sheet: its lines again, each with its answer behind it, or with what is wrong with it in the column
    `problem`; with `Accept: application/json`, as other questions.
    """
    accept = request.headers.getlist("accept")
    if media_type_of(request) == sheet_rows.MEDIA_TYPE:
        body = await raw_body(request, register.max_body_bytes, (sheet_rows.MEDIA_TYPE,))
        wanted = media.preferred(accept, (media.CSV, media.JSON))
        return await run_in_threadpool(_sheet, register, body, wanted)
    media.preferred(accept, (media.JSON,))
    body = await json_body(request, register.max_body_bytes, register.most)
    return await run_in_threadpool(_answered, register, body)


def _answered(register: Register, body: Any) -> Response:
    questions, since = _questions(body, register.max_questions), _changed_since(body)
    _charge(register, len(questions) * (1 if since is None else 2))
    return _in_json(register, questions, since)


def _charge(register: Register, questions: int) -> None:
    """A request of many questions counts as several. Raises TooManyRequests."""
    register.exchange.charge(questions // QUESTIONS_A_REQUEST)


def _sheet(register: Register, body: bytes, wanted: str) -> Response:
    sheet = spreadsheet.read(body, register.max_questions)
    _charge(register, sheet.asked)
    if wanted == media.JSON:
        return _in_json(register, sheets.questions(register, sheet))
    lines = spreadsheet.written(sheet, sheets.answers(register, sheet))
    if len(sheet.lines) > MOST_AT_ONCE:
        return Streamed(lines, spreadsheet.MEDIA_TYPE_OF_ANSWERS)
    return Response("".join(lines), media_type=spreadsheet.MEDIA_TYPE_OF_ANSWERS)


def _in_json(register: Register, questions: list[Asked], since: int | None = None) -> Response:
    """One document, whole or answer by answer."""
    if len(questions) > MOST_AT_ONCE:
        return Streamed(_parts(register, questions, since), media.JSON)
    return Response("".join(_parts(register, questions, since)), media_type=media.JSON)


def _parts(register: Register, questions: list[Asked], since: int | None) -> Iterator[str]:
    """The same document in parts: what stands before the answers, each of them, and what stands behind them."""
    changed = list[Was]()
    for index, one in enumerate(_texts(register, questions, since, changed)):
        yield f"{',' if index else BEFORE}{one}"
    rest = AnswerList(answers=[], changed=None if since is None else changed).model_dump_json(by_alias=True)
    yield rest.removeprefix(BEFORE)


def _questions(body: Any, most: int) -> list[Asked]:
    if not (isinstance(body, dict) and "questions" in body):
        return [("", question_of(body, ""))]
    unknown = (name for name in body if name not in ("questions", CHANGED_SINCE))
    others = [
        FieldError(pointer_of([name]), "unknown field next to questions") for name in islice(unknown, MOST_ERRORS)
    ]
    listed = body["questions"]
    if others or not isinstance(listed, list) or not 1 <= len(listed) <= most:
        fault = FieldError("/questions", f"a list of 1 to {most} questions")
        raise InvalidRequest("The request has no valid list of questions.", others or [fault])
    return [(f"/questions/{index}", question_of(one, f"/questions/{index}")) for index, one in enumerate(listed)]


def _changed_since(body: Any) -> int | None:
    """Raises InvalidRequest."""
    since = body.get(CHANGED_SINCE) if isinstance(body, dict) and "questions" in body else None
    if since is not None and (isinstance(since, bool) or not isinstance(since, int) or since < 0):
        raise InvalidRequest("The request cannot be read.", [FieldError(f"/{CHANGED_SINCE}", "a log position from 0")])
    return since


def _texts(register: Register, questions: list[Asked], since: int | None, changed: list[Was]) -> Iterator[str]:
    """The answers as they are sent."""
    if since is not None:
        yield from (one.model_dump_json(by_alias=True) for one in _answers(register, questions, since, changed))
        return
    with Answering(register, (one.known_at for _, one in questions)) as answering:
        for pointer, question in questions:
            answering.check(question, pointer)
        for pointer, question in questions:
            on, known = answering.next(question, pointer)
            with within(register.answer_budget_ms):
                text = answer_text(question, known, on)
            yield text


def _answers(register: Register, questions: list[Asked], since: int | None, changed: list[Was]) -> Iterator[Answer]:
    """The answers in order. What was answered otherwise at `since` is put into `changed`, which is whole at the end.

    Raises InvalidRequest, PositionAhead before the first answer.
    """
    with Answering(register, [since, *(one.known_at for _, one in questions)]) as answering:
        for pointer, question in questions:
            answering.check(question, pointer)
        if since is not None:
            answering.check(_as_known_at(questions[0][1], since), f"/{CHANGED_SINCE}")
        for index, (pointer, question) in enumerate(questions):
            now = answering.answer(question, pointer)
            if since is not None:
                then = answering.answer(_as_known_at(question, since), f"/{CHANGED_SINCE}")
                changed += [one for one in [was(index, then, now)] if one is not None]
            yield now


def answer_to(register: Register, question: Question) -> Answer:
    """Raises InvalidRequest, PositionAhead."""
    (found,) = _answers(register, [("", question)], None, [])
    return found


def _as_known_at(question: Question, position: int) -> Question:
    return question.model_copy(update={"known_at": position})
