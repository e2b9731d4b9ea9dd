"""The lines of a sheet as questions, and their answers: a bad line does not keep the others from theirs."""

from collections.abc import Iterator

from service.api.answering import Answering, question_of
from service.api.http import sheet_cells, spreadsheet
from service.api.http.register import Register
from service.api.http.sheet_columns import column_at
from service.errors import FieldError, InvalidRequest
from service.projections.budget import within
from service.register.ask import determined, told
from service.register.listings import listings
from service.register.shapes import Question
from service.register.typed import check_words, in_words_of_record

A_PARAMETER = "/commodity/parameters/"


def questions(register: Register, sheet: spreadsheet.Sheet) -> list[tuple[str, Question]]:
    """The questions of a sheet, each with its place. Raises InvalidRequest for the first line that is none."""
    with Answering(register, _known_at(sheet)) as answering:
        lines = (line for line in sheet.lines if not line.empty)
        return [(_place(line), _told_by_columns(answering, sheet, line)) for line in lines]


def answers(register: Register, sheet: spreadsheet.Sheet) -> Iterator[spreadsheet.Answered | str]:
    """The answer to each line, with who of its parties is listed; or what is wrong with it. An empty line has none."""
    with Answering(register, _known_at(sheet)) as answering:
        for line in sheet.lines:
            try:
                yield "" if line.empty else _answered(answering, _question(answering, sheet, line), _place(line))
            except InvalidRequest as refused:
                yield _problem(refused, line)


def _known_at(sheet: spreadsheet.Sheet) -> list[str | None]:
    """As the cells say it, None where they say nothing."""
    return [line.cells.get("known_at", "").strip() or None for line in sheet.lines]


def _told_by_columns(answering: Answering, sheet: spreadsheet.Sheet, line: spreadsheet.Line) -> Question:
    """Raises InvalidRequest, with the columns as its places."""
    try:
        return _question(answering, sheet, line)
    except InvalidRequest as refused:
        raise InvalidRequest(refused.detail, _by_columns(refused, line)) from refused


def _place(line: spreadsheet.Line) -> str:
    return f"/{line.number}"


def _question(answering: Answering, sheet: spreadsheet.Sheet, line: spreadsheet.Line) -> Question:
    """Raises InvalidRequest."""
    at = _place(line)
    if line.problem:
        raise InvalidRequest("A line does not fit the columns.", [FieldError(at, line.problem)])
    asked = sheet_cells.question_of(line.cells, sheet.delimiter, at)
    on, known = answering.known(asked.get("as_of"), asked.get("known_at"), asked.get("public_by"), at)
    return question_of(in_words_of_record(asked, known, on, at), at)


def _by_columns(refused: InvalidRequest, line: spreadsheet.Line) -> list[FieldError]:
    """What is wrong with a line, at the columns where it stands."""
    filled, at = [column for column, cell in line.cells.items() if cell.strip()], _place(line)
    places = [(one.pointer.removeprefix(at), one.detail) for one in refused.errors]
    named = [
        (place, f"{place.removeprefix(A_PARAMETER)}: {said}" if A_PARAMETER in place else said)
        for place, said in places
    ]
    return [FieldError(f"{at}/{column_at(place, filled)}" if place else at, detail) for place, detail in named]


def _answered(answering: Answering, question: Question, at: str) -> spreadsheet.Answered:
    on, known = answering.next(question, at)
    with within(answering.register.answer_budget_ms):
        found = determined(question, known, on)
        check_words(found, at)
        return told(found), listings(found)


def _problem(refused: InvalidRequest, line: spreadsheet.Line) -> str:
    said = (f"{one.pointer.removeprefix(_place(line)).strip('/')}: {one.detail}" for one in _by_columns(refused, line))
    return "; ".join(one.removeprefix(": ") for one in said) or refused.detail
