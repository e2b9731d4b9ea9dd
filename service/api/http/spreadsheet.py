"""Determinations for people with a spreadsheet: questions as CSV in, answers as CSV out (RFC 4180, UTF-8).

A first line names the columns (`sheet_columns`); cells lie between commas, semicolons or tabs, as the first line has
them. An empty cell asks nothing, and an empty line comes back as one. What was sent comes back as it was, with a byte
order mark where it had one. A row that is no question is told so in `problem`, and the others are answered. A cell of
an answer that a spreadsheet would run as a formula is written behind an apostrophe.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from service.api.http.sheet_columns import ANSWERED, COLUMNS, PARTIES, check, kept_of
from service.api.http.sheet_rows import MARK, as_it_was, delimiter_of, harmless, is_empty, misfit, row_of, rows_of
from service.domain.screening import IDENTIFIES
from service.errors import FieldError, InvalidRequest, MalformedRequest
from service.register.listings import Listing
from service.register.parts import Answer, MatchedParty
from service.register.shapes import NOTICE

MEDIA_TYPE_OF_ANSWERS = "text/csv; charset=utf-8; header=present"
Answered = tuple[Answer, Sequence[Listing]]
"""An answer, and the listings that name a party of its question or may."""


@dataclass(frozen=True)
class Line:
    """A line below the names: its cells by column, as they were sent, and what is wrong with it where it does not fit
    the columns."""

    number: int
    cells: dict[str, str]
    problem: str | None = None

    @property
    def empty(self) -> bool:
        return not any(cell.strip() for cell in self.cells.values())


@dataclass(frozen=True)
class Sheet:
    """The names of the columns that are kept, and the lines. `mark`: it begins with a byte order mark."""

    names: list[str]
    delimiter: str
    lines: list[Line]
    mark: bool = False

    @property
    def asked(self) -> int:
        """How many lines hold anything."""
        return sum(not line.empty for line in self.lines)


def read(body: bytes, most: int) -> Sheet:
    """The sheet that was sent, with at most so many questions. Raises MalformedRequest, InvalidRequest."""
    try:
        text = body.decode("utf-8")
        mark, text = text.startswith(MARK), text.removeprefix(MARK)
        delimiter = delimiter_of(text)
        rows = rows_of(io.StringIO(text, newline=""), delimiter)
        names = [name.strip() for name in next(rows, [])]
        if not names:
            raise InvalidRequest("The first line names the columns.", [FieldError("", f"some of {', '.join(COLUMNS)}")])
        check(names)
        lines = list(_lines(names, rows, most))
    except (UnicodeDecodeError, csv.Error) as unread:
        raise MalformedRequest("The body is not CSV in UTF-8.") from unread
    sheet = Sheet(kept_of(names), delimiter, lines, mark)
    if not 1 <= sheet.asked <= most or len(lines) - sheet.asked > most:
        limits = f"1 to {most} lines below the names, and at most {most} empty ones"
        raise InvalidRequest("A sheet holds questions.", [FieldError("", limits)])
    return sheet


def _lines(names: Sequence[str], rows: Iterable[Sequence[str]], most: int) -> Iterator[Line]:
    """The lines, up to one more than there may be of questions, or of empty ones: enough to refuse too many."""
    counted = {True: 0, False: 0}
    for at, row in enumerate(rows, 1):
        line = Line(at, dict(zip(names, row, strict=False)), None if is_empty(row) else misfit(len(row), len(names)))
        yield line
        counted[line.empty] += 1
        if max(counted.values()) > most:
            return


def written(sheet: Sheet, answers: Iterable[Answered | str]) -> Iterator[str]:
    """The sheet again, line by line, each with its answer behind it, or with the problem that it has none for."""
    yield (MARK if sheet.mark else "") + row_of([*map(harmless, sheet.names), *ANSWERED], sheet.delimiter)
    for line, answer in zip(sheet.lines, answers, strict=True):
        told = dict.fromkeys(ANSWERED, "") | (
            {"problem": answer} if isinstance(answer, str) else dict(_answered(*answer))
        )
        own = (as_it_was(line.cells.get(name, "")) for name in sheet.names)
        yield row_of([*own, *map(harmless, told.values())], sheet.delimiter)


def _answered(answer: Answer, listings: Sequence[Listing]) -> Iterator[tuple[str, str]]:
    for name in ("headline", "control", "standing", "standing_cause", "covered", "recorded_through", "checked_through"):
        yield name, str(getattr(answer, name) or "")
    yield "listed", "; ".join(dict.fromkeys(map(_listed, listings)))
    yield "possible_controls", " ".join(dict.fromkeys(one.control for one in answer.possible))
    yield "basis", "; ".join(one.number or one.title for one in answer.basis)
    yield "matched", "; ".join(_matched(one) for one in answer.question.matched or () if one.company or one.alike)
    yield "would_settle_it", " ".join(dict.fromkeys(_would_settle(answer, listings)))
    yield "licenses_official_min", str(answer.licenses.official.min)
    yield "licenses_reported_min", str(answer.licenses.reported.min)
    change = answer.next_change
    yield "next_change", f"{change.title} {change.what}" if change else ""
    yield "next_change_earliest", str(change.earliest or change.latest or "") if change else ""
    yield "known_at_position", str(answer.known_at.position)
    yield "notice", NOTICE


def _would_settle(answer: Answer, listings: Sequence[Listing]) -> Iterator[str]:
    """The facts that would settle what is open; where none of them alone would, what keeps it open: goods that no
    record knows by their name, or by a control code, and parties whose names are only alike."""
    yield from (one.ask for one in answer.turns_on)
    if answer.turns_on or answer.control != "undetermined":
        return
    if answer.question.unknown_commodity:
        yield from ("commodity.name", "commodity.hs")
    if not answer.question.commodity.control_code:
        yield "commodity.control_code"
    yield from (one.role for one in listings if one.how not in IDENTIFIES and one.role in PARTIES)


def _listed(one: Listing) -> str:
    """ "end_user: Aerkomm Inc. by 11/2026 (name, 100)": whom, by which act, how the names were matched, how alike."""
    how = one.how.replace("_", " ")
    told = [how, *([str(one.score)] if one.score is not None else []), *([one.state] if one.state else [])]
    return f"{one.role}: {one.listed} by {one.act} ({', '.join(told)})"


def _matched(one: MatchedParty) -> str:
    alike = ", ".join(f"{near.name} {near.score}" for near in one.alike or ())
    how = [*([one.how.replace("_", " ")] if one.company else []), *([f"alike: {alike}"] if alike else [])]
    return f"{one.role}: {one.name} ({'; '.join(how)})"
