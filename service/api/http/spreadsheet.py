"""Determinations for people with a spreadsheet: questions as CSV in, answers as CSV out (RFC 4180, UTF-8).

A first line names the columns. An empty cell asks nothing. A cell of an answer that a spreadsheet would run as a
formula is written behind an apostrophe.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from service.errors import FieldError, InvalidRequest, MalformedRequest
from service.register.parts import Answer
from service.register.shapes import NOTICE

MEDIA_TYPE = "text/csv"
MEDIA_TYPE_OF_ANSWERS = "text/csv; charset=utf-8; header=present"
PLAIN = ("controller", "destination", "end_use", "as_of", "known_at", "public_by")
COMMODITY = {
    "commodity": "name",
    "hs": "hs",
    "control_code": "control_code",
    "cas": "cas",
    "description": "description",
}
PARTIES = ("exporter", "end_user")
COLUMNS = (*PLAIN, *COMMODITY, *(f"{party}{part}" for party in PARTIES for part in ("", "_country", "_company")))
ANSWERED = (
    "headline",
    "control",
    "standing",
    "standing_cause",
    "covered",
    "licenses_official_min",
    "licenses_reported_min",
    "possible_controls",
    "matched",
    "next_change",
    "next_change_earliest",
    "recorded_through",
    "known_at_position",
    "notice",
)
# The wide forms are what some spreadsheets read as the narrow ones.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def questions_of(body: bytes, most: int) -> tuple[list[str], list[dict[str, Any]]]:
    """The column names, and each row as a question's JSON. Raises MalformedRequest, InvalidRequest."""
    try:
        text = body.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as unread:
        raise MalformedRequest("The body is not CSV in UTF-8.") from unread
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        raise InvalidRequest("The first line names the columns.", [FieldError("", f"some of {', '.join(COLUMNS)}")])
    names, lines = [name.strip() for name in rows[0]], rows[1:]
    unknown = [FieldError(f"/0/{at}", "no such column") for at, name in enumerate(names) if name not in COLUMNS]
    if unknown or len(set(names)) < len(names):
        faults = unknown or [FieldError("/0", "a column stands twice")]
        raise InvalidRequest(f"The columns are {', '.join(COLUMNS)}.", faults)
    if not 1 <= len(lines) <= most:
        raise InvalidRequest("A sheet holds questions.", [FieldError("", f"1 to {most} lines below the names")])
    return names, [_question(dict(zip(names, _cells(row, names, at), strict=True))) for at, row in enumerate(lines, 1)]


def _cells(row: Sequence[str], names: Sequence[str], at: int) -> list[str]:
    if len(row) != len(names):
        raise InvalidRequest("A line does not fit the columns.", [FieldError(f"/{at}", f"{len(names)} cells")])
    return [cell.strip() for cell in row]


def _question(cells: dict[str, str]) -> dict[str, Any]:
    asked: dict[str, Any] = {name: cells[name] for name in PLAIN if cells.get(name)}
    asked["commodity"] = {field: cells[column] for column, field in COMMODITY.items() if cells.get(column)}
    for party in PARTIES:
        found = _party(cells.get(party), cells.get(f"{party}_country"), cells.get(f"{party}_company"))
        if found:
            asked[party] = found
    return asked


def _party(name: str | None, country: str | None, company: str | None) -> dict[str, Any] | None:
    if company:
        return {"company": company}
    if name:
        return {"name": name, **({"country": country} if country else {})}
    return {"undisclosed": True, "country": country} if country else None


def sheet(names: Sequence[str], questions: Iterable[dict[str, Any]], answers: Iterable[Answer]) -> str:
    """The questions again, each with its answer behind it."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([*names, *ANSWERED])
    for question, answer in zip(questions, answers, strict=True):
        cells = [*(_asked(question, name) for name in names), *_answered(answer)]
        writer.writerow([harmless(cell) for cell in cells])
    return written.getvalue()


def _asked(question: dict[str, Any], name: str) -> str:
    if name in COMMODITY:
        return str(question["commodity"].get(COMMODITY[name], ""))
    for party in PARTIES:
        if name.startswith(party):
            field = {"": "name", "_country": "country", "_company": "company"}[name.removeprefix(party)]
            return str(question.get(party, {}).get(field, ""))
    return str(question.get(name, ""))


def _answered(answer: Answer) -> Iterator[str]:
    yield from (answer.headline, answer.control, answer.standing, answer.standing_cause or "", answer.covered)
    yield from (str(answer.licenses.official.min), str(answer.licenses.reported.min))
    yield " ".join(dict.fromkeys(one.control for one in answer.possible))
    yield "; ".join(f"{one.role}: {one.company or one.name}" for one in answer.question.matched or ())
    change = answer.next_change
    yield f"{change.about} {change.what}" if change else ""
    yield str(change.earliest or change.latest or "") if change else ""
    yield from (str(answer.recorded_through or ""), str(answer.known_at.position), NOTICE)


def harmless(cell: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(STARTS_A_FORMULA) else cell
