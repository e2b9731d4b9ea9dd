"""Determinations for people with a spreadsheet: questions as CSV in, answers as CSV out (RFC 4180, UTF-8).

A first line names the columns; cells lie between commas, semicolons or tabs, as the first line has them. An empty cell
asks nothing. Columns of one's own are kept. A row that is no question is told so in `problem`, and the others are
answered. A cell of an answer that a spreadsheet would run as a formula is written behind an apostrophe.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rapidfuzz import process

from service.domain.invalid import MOST_ERRORS
from service.domain.participants import ROLES
from service.errors import FieldError, InvalidRequest, MalformedRequest
from service.register.parts import Answer, MatchedParty
from service.register.shapes import NOTICE

MEDIA_TYPE = "text/csv"
MEDIA_TYPE_OF_ANSWERS = "text/csv; charset=utf-8; header=present"
PLAIN = (
    "controller",
    "destination",
    "final_destination",
    "origin",
    "shipped_from",
    "content_percent",
    "end_use",
    "as_of",
    "known_at",
    "public_by",
)
COMMODITY = {
    "commodity": "name",
    "hs": "hs",
    "control_code": "control_code",
    "cas": "cas",
    "description": "description",
}
PARAMETERS, QUANTITY = "parameters", ("quantity", "quantity_unit")
PARTIES = ("exporter", "end_user", *ROLES)
PARTS_OF_A_PARTY = {"": "name", "_country": "country", "_company": "company"}
COLUMNS = (
    *PLAIN,
    *COMMODITY,
    PARAMETERS,
    *QUANTITY,
    *(f"{party}{part}" for party in PARTIES for part in PARTS_OF_A_PARTY),
)
ANSWERED = (
    "headline",
    "control",
    "standing",
    "standing_cause",
    "covered",
    "possible_controls",
    "basis",
    "matched",
    "would_settle_it",
    "licenses_official_min",
    "licenses_reported_min",
    "next_change",
    "next_change_earliest",
    "recorded_through",
    "checked_through",
    "known_at_position",
    "notice",
    "problem",
)
DELIMITERS = (",", ";", "\t")
MOST_COLUMNS = 200
"""Three times as many as there are. Each line of the answer has all of them."""
ALIKE = 85
"""From which score on a column of one's own is taken for a misspelled one: left unread, it would change the answer."""
# The wide forms are what some spreadsheets read as the narrow ones. Blanks before it, also those that show as nothing,
# do not keep every program from running a formula.
STARTS_A_FORMULA = re.compile(r"[\t\r\n]|[\s\u200b\u2060\ufeff]*[=+\-@＝＋－＠]")


@dataclass(frozen=True)
class Line:
    """A line below the names: its cells by column, and what is wrong with it where it does not fit the columns."""

    number: int
    cells: dict[str, str]
    problem: str | None = None


@dataclass(frozen=True)
class Sheet:
    """The names of the columns that are kept, and the lines."""

    names: list[str]
    delimiter: str
    lines: list[Line]


def read(body: bytes, most: int) -> Sheet:
    """The sheet that was sent. Raises MalformedRequest, InvalidRequest."""
    try:
        text = body.decode("utf-8-sig")
        delimiter = delimiter_of(text)
        written = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
        # One line of names, and one more than there may be: that is enough to refuse what has too many.
        rows = list(islice((row for row in written if any(cell.strip() for cell in row)), most + 2))
    except (UnicodeDecodeError, csv.Error) as unread:
        raise MalformedRequest("The body is not CSV in UTF-8.") from unread
    if not rows:
        raise InvalidRequest("The first line names the columns.", [FieldError("", f"some of {', '.join(COLUMNS)}")])
    names, lines = [name.strip() for name in rows[0]], rows[1:]
    _check(names)
    if not 1 <= len(lines) <= most:
        raise InvalidRequest("A sheet holds questions.", [FieldError("", f"1 to {most} lines below the names")])
    kept = [name for name in names if name not in ANSWERED]
    return Sheet(kept, delimiter, [_line(at, names, row) for at, row in enumerate(lines, 1)])


def delimiter_of(text: str) -> str:
    """What the first line has most of: a comma where it has none."""
    first = text.lstrip().partition("\n")[0]
    return max(DELIMITERS, key=first.count)


def _check(names: Sequence[str]) -> None:
    """Raises InvalidRequest for a column that stands twice or is misspelled, and where no column says which goods."""
    if len(names) > MOST_COLUMNS:
        raise InvalidRequest("The sheet has too many columns.", [FieldError("/0", f"at most {MOST_COLUMNS} columns")])
    misspelled = (FieldError(f"/0/{at}", said) for at, name in enumerate(names) if (said := _misspelled(name)))
    faults = list(islice(misspelled, MOST_ERRORS))
    if len(set(names)) < len(names):
        faults.append(FieldError("/0", "duplicate column"))
    if not faults and not set(COMMODITY) & set(names):
        faults.append(FieldError("/0", f"no column says which goods: one of {', '.join(COMMODITY)}"))
    if faults:
        raise InvalidRequest(f"The columns are {', '.join(COLUMNS)}, and any of your own.", faults)


def _misspelled(name: str) -> str | None:
    if name in (*COLUMNS, *ANSWERED):
        return None
    found = process.extractOne(name.casefold().replace(" ", "_"), COLUMNS, score_cutoff=ALIKE)
    return f"there is no such column; do you mean {found[0]}?" if found else None


def _line(at: int, names: Sequence[str], row: Sequence[str]) -> Line:
    cells = dict(zip(names, (cell.strip() for cell in row), strict=False))
    return Line(at, cells, misfit(len(row), len(names)))


def misfit(cells: int, columns: int) -> str | None:
    """What is wrong with a line that has another number of cells than the first line."""
    return None if cells == columns else f"the line has {cells} cells, and the first line names {columns} columns"


def question_of(line: Line) -> dict[str, Any]:
    """The line as a question's JSON."""
    cells = line.cells
    asked: dict[str, Any] = {name: cells[name] for name in PLAIN if cells.get(name)}
    asked["commodity"] = {field: cells[column] for column, field in COMMODITY.items() if cells.get(column)}
    if cells.get(PARAMETERS):
        asked["commodity"]["parameters"] = _parameters(cells[PARAMETERS])
    value, unit = (cells.get(name) for name in QUANTITY)
    if value:
        asked["quantity"] = {"value": value, "unit": unit or ""}
    for party in PARTIES:
        name, country, company = (cells.get(f"{party}{part}") for part in PARTS_OF_A_PARTY)
        found = _party(name, country, company)
        if found and party in ROLES:
            asked.setdefault("parties", []).append({"role": party, **found})
        elif found:
            asked[party] = found
    return asked


def _parameters(cell: str) -> dict[str, str]:
    """ "dysprosium_percent=1.9 terbium_percent=0": each behind its name."""
    pairs = (part.partition("=") for part in cell.replace(";", " ").replace(",", " ").split())
    return {name: value for name, _, value in pairs}


def _party(name: str | None, country: str | None, company: str | None) -> dict[str, Any] | None:
    if company:
        return {"company": company}
    if name:
        return {"name": name, **({"country": country} if country else {})}
    return {"undisclosed": True, "country": country} if country else None


def written(sheet: Sheet, answers: Iterable[Answer | str]) -> Iterator[str]:
    """The sheet again, line by line, each with its answer behind it, or with the problem that it has none for."""
    yield _row(sheet, [*sheet.names, *ANSWERED])
    for line, answer in zip(sheet.lines, answers, strict=True):
        told = dict.fromkeys(ANSWERED, "") | (
            {"problem": answer} if isinstance(answer, str) else dict(_answered(answer))
        )
        yield _row(sheet, [*(line.cells.get(name, "") for name in sheet.names), *told.values()])


def _row(sheet: Sheet, cells: Iterable[str]) -> str:
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=sheet.delimiter).writerow([harmless(cell) for cell in cells])
    return made.getvalue()


def _answered(answer: Answer) -> Iterator[tuple[str, str]]:
    for name in ("headline", "control", "standing", "standing_cause", "covered", "recorded_through", "checked_through"):
        yield name, str(getattr(answer, name) or "")
    yield "possible_controls", " ".join(dict.fromkeys(one.control for one in answer.possible))
    yield "basis", "; ".join(one.number or one.title for one in answer.basis)
    yield "matched", "; ".join(_matched(one) for one in answer.question.matched or ())
    yield "would_settle_it", " ".join(one.ask for one in answer.turns_on)
    yield "licenses_official_min", str(answer.licenses.official.min)
    yield "licenses_reported_min", str(answer.licenses.reported.min)
    change = answer.next_change
    yield "next_change", f"{change.title} {change.what}" if change else ""
    yield "next_change_earliest", str(change.earliest or change.latest or "") if change else ""
    yield "known_at_position", str(answer.known_at.position)
    yield "notice", NOTICE


def _matched(one: MatchedParty) -> str:
    alike = ", ".join(f"{near.name} {near.score}" for near in one.alike or ())
    return f"{one.role}: {one.name} ({one.how.replace('_', ' ')}{f'; alike: {alike}' if alike else ''})"


def harmless(cell: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{cell}" if STARTS_A_FORMULA.match(cell) else cell
