"""`lodestone screen`: a sheet of questions of any length, answered row by row."""

import csv
import io
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Annotated

import typer

from service.api.http import sheet_rows
from service.api.http.sheet_columns import ANSWERED, OWN, check, kept_of, names_a_party, read_of
from service.client import Client, Declined
from service.commands import show
from service.commands.post import patiently
from service.commands.target import Key, Url, register
from service.errors import BodyTooLarge, FieldError, InvalidRequest, MalformedRequest
from service.terminal import Exit, bar, complain, telling

app = typer.Typer()

AT_ONCE = 200
"""How many rows go into one request: few enough that a bar moves and little is asked again after an interruption."""
TRIES = 60
"""How often rows are sent at most: a service that limits requests a minute makes a long sheet wait, and none end."""
PINNED = "known_at"
"""The column that pins all rows to one state of knowledge, so that row 1 and row 100,000 are answered alike."""
AT_POSITION, CONTROL, LISTED = (ANSWERED.index(name) for name in ("known_at_position", "control", "listed"))
SPOKEN_ROWS, SPOKEN_S = 1_000, 60.0
"""After how many rows, or seconds, it says how far it is where no terminal shows a bar."""
EMPTY = "empty row"
Row = list[str]


@dataclass(frozen=True)
class Sheet:
    """A file of questions: how it is written, what its columns are called, and how many rows it has.

    `own`: columns that are kept unread, whatever they are called. `mark`: it begins with a byte order mark.
    """

    file: Path
    delimiter: str
    names: Row
    count: int
    mark: bool
    own: frozenset[str] = frozenset()

    @property
    def sent(self) -> Row:
        """The names of the columns as the register reads them."""
        return [f"{OWN}{name}" if name in self.own else name for name in self.names]

    @property
    def kept(self) -> Row:
        """The columns that the answer repeats."""
        return [name for name, sent in zip(self.names, self.sent, strict=True) if kept_of([sent])]

    def rows(self) -> Iterator[Row]:
        return islice(_rows(self.file, self.delimiter), 1, None)


@app.command(rich_help_panel="Ask and record")
def screen(
    file: Annotated[Path, typer.Argument(help="The questions as CSV (docs/screener.md), as many rows as you like.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where the answers go: the same rows, and more columns.")
    ],
    *,
    own: Annotated[
        list[str] | None, typer.Option(metavar="COLUMN", help="Keep this column unread; may be repeated.")
    ] = None,
    at_once: Annotated[int, typer.Option(min=1, max=1_000, help="How many rows go into one request.")] = AT_ONCE,
    url: Url = None,
    key: Key = None,
) -> None:
    """Answer a sheet of questions (CSV) of any length, row by row, and go on where it was interrupted.

    Which columns are read and which are only kept is told first. A row that cannot be read is told so in the column
    `problem`; the others are answered, and the command ends with 5. All rows are answered from one state of the log.
    The same command again goes on after the last row that was answered. Nothing is recorded.
    """
    started = time.monotonic()
    with telling():
        sheet = _sheet(file, own or [])
        done, position = _done(sheet, output)
    _tell_columns(sheet)
    with register(url, key) as client, bar("Screening") as progress:
        progress(done, sheet.count)
        if done:
            complain.print(f"Going on after row {done:,} of {sheet.count:,}.")
        position = position or client.get("/v1/events", {"limit": 1}).headers["position"]
        rows, spoken = islice(sheet.rows(), done, None), (done, started)
        try:
            while block := list(islice(rows, at_once)):
                _write(sheet, output, list(_answered(client, sheet, block, position)))
                done += len(block)
                progress(done, sheet.count)
                spoken = _spoken(spoken, done, sheet)
        except KeyboardInterrupt:
            complain.print(
                f"Stopped with {done:,} of {sheet.count:,} rows in {output}. The same command goes on there."
            )
            raise
    _end(sheet, output, time.monotonic() - started)


def _spoken(before: tuple[int, float], done: int, sheet: Sheet) -> tuple[int, float]:
    """Says now and then how far it is where no bar shows it; when it last did, in rows and seconds."""
    rows, at, now = *before, time.monotonic()
    if complain.is_terminal or (done - rows < SPOKEN_ROWS and now - at < SPOKEN_S):
        return before
    complain.print(f"{done:,} of {sheet.count:,} rows.")
    return done, now


def _write(sheet: Sheet, output: Path, rows: Sequence[Row]) -> None:
    """Adds rows to the answers; before the first ones, the names of the columns: what is refused leaves no file.

    Raises InvalidRequest where the file cannot be written.
    """
    try:
        with output.open("a", encoding="utf-8", newline="") as written:
            heads = [_columns(sheet)] if written.tell() == 0 else []
            mark = sheet_rows.MARK if heads and sheet.mark else ""
            written.write(mark + "".join(sheet_rows.row_of(row, sheet.delimiter) for row in (*heads, *rows)))
    except OSError as failed:
        raise InvalidRequest(f"The file {output} cannot be written: {failed.strerror}.") from failed


def _tell_columns(sheet: Sheet) -> None:
    """Which columns are read and which are only kept, before anything is asked: a name is no proof of being read."""
    read, answered = read_of(sheet.sent), [name for name in sheet.sent if name in ANSWERED]
    kept = [name for name in sheet.kept if name in sheet.own or name not in read]
    complain.print(f"Read: {', '.join(read)}.")
    complain.print(f"Kept unread: {', '.join(kept) or 'none'}.")
    if answered:
        complain.print(f"Replaced, as they hold an earlier answer: {', '.join(answered)}.")
    if not names_a_party(read):
        complain.print("No column names a party: nobody is looked up in lists of parties.")


def _rows(file: Path, delimiter: str) -> Iterator[Row]:
    """The rows from the one that names the columns on. Raises InvalidRequest, MalformedRequest."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            yield from sheet_rows.rows_of(opened, delimiter)
    except OSError as unread:
        raise InvalidRequest(f"The file {file} cannot be read: {unread.strerror}.") from unread
    except (UnicodeDecodeError, csv.Error) as unread:
        raise MalformedRequest(f"{file} is not CSV in UTF-8: save it as “CSV UTF-8”.") from unread


def _sheet(file: Path, own: Sequence[str]) -> Sheet:
    """Raises InvalidRequest, MalformedRequest."""
    first = _first_line(file)
    delimiter = sheet_rows.delimiter_of(first.removeprefix(sheet_rows.MARK))
    rows = _rows(file, delimiter)
    names = [name.strip() for name in next(rows, [])]
    if unknown := [name for name in own if name not in names]:
        raise InvalidRequest(f"{file} has no such column.", [FieldError("--own", name) for name in unknown])
    sheet = Sheet(file, delimiter, names, sum(1 for _ in rows), first.startswith(sheet_rows.MARK), frozenset(own))
    if not sheet.count:
        raise InvalidRequest(f"{file} has no rows below the names of its columns.")
    _check(sheet)
    return sheet


def _check(sheet: Sheet) -> None:
    """Raises InvalidRequest as the register would, with the columns by their names."""
    try:
        check(sheet.sent)
    except InvalidRequest as refused:
        faults = [FieldError(_column(sheet, one.pointer), one.detail) for one in refused.errors]
        raise InvalidRequest(
            "The columns of the sheet cannot be read as they are. --own COLUMN keeps one unread.", faults
        ) from refused


def _column(sheet: Sheet, pointer: str) -> str:
    at = pointer.removeprefix("/0/")
    return sheet.names[int(at)] if at.isdecimal() else "the columns"


def _first_line(file: Path) -> str:
    try:
        with file.open(encoding="utf-8", errors="replace", newline="") as opened:
            first = opened.readline()
            mark = sheet_rows.MARK if first.startswith(sheet_rows.MARK) else ""
            lines = chain([first.removeprefix(mark)], opened)
            return mark + next((line for line in lines if line.strip()), "")
    except OSError as unread:
        raise InvalidRequest(f"The file {file} cannot be read: {unread.strerror}.") from unread


def _done(sheet: Sheet, output: Path) -> tuple[int, str | None]:
    """How many rows an earlier run answered, and from which log position. What it left half written is cut off.

    Raises InvalidRequest where the file holds something else.
    """
    size, width = output.stat().st_size if output.exists() else 0, len(sheet.kept)
    expected: Iterator[Row] = chain([_columns(sheet)], (_cells(sheet, row) for row in sheet.rows()))
    count, whole, position = 0, 0, None
    for end, row in _written(output, sheet.delimiter) if size else ():
        if end > size:
            break
        if row[: len(wanted := next(expected, []))] != wanted or not wanted:
            raise InvalidRequest(f"{output} holds something else than answers to {sheet.file}: name another file.")
        position = position or (row[width + AT_POSITION] if count else None)
        count, whole = count + 1, end
    if whole < size:
        with output.open("r+b") as opened:
            opened.truncate(whole)
    return max(count - 1, 0) if count else 0, position


def _written(output: Path, delimiter: str) -> Iterator[tuple[int, Row]]:
    """Each row of a file of answers, with the place where it ends: past the file's end where it was cut off."""
    with output.open(encoding="utf-8", errors="replace", newline="") as opened:
        end = len(sheet_rows.MARK.encode()) if opened.read(1) == sheet_rows.MARK else 0
        opened.seek(end)
        for row in csv.reader(opened, delimiter=delimiter):
            end += len(sheet_rows.row_of(row, delimiter).encode())
            yield end, row


def _columns(sheet: Sheet) -> Row:
    return [*map(sheet_rows.harmless, sheet.kept), *ANSWERED]


def _cells(sheet: Sheet, row: Row) -> Row:
    """The cells of a row as the answer repeats them."""
    cells = dict(zip(sheet.names, row, strict=False))
    return [sheet_rows.as_it_was(cells.get(name, "")) for name in sheet.kept]


def _answered(client: Client, sheet: Sheet, block: list[Row], position: str) -> Iterator[Row]:
    """Each row of a block with its answer, or with what is wrong with it; an empty one with neither."""
    problems = ["" if sheet_rows.is_empty(row) else sheet_rows.misfit(len(row), len(sheet.names)) for row in block]
    asked = [row for row, problem in zip(block, problems, strict=True) if problem is None]
    answers = _asked(client, sheet, asked, position)
    for row, problem in zip(block, problems, strict=True):
        yield next(answers) if problem is None else _unanswered(sheet, row, problem)


def _asked(client: Client, sheet: Sheet, rows: list[Row], position: str) -> Iterator[Row]:
    """The answers of the register, in as many requests as it takes: a request that is too large is cut in two."""
    if not rows:
        return
    pinned = PINNED not in sheet.sent
    names = [*sheet.sent, PINNED] if pinned else sheet.sent
    lines = [names, *([*row, position] if pinned else row for row in rows)]
    body = "".join(sheet_rows.row_of(row, sheet.delimiter) for row in lines).encode()
    try:
        reply = patiently(lambda: client.post("/v1/determinations", body, sheet_rows.MEDIA_TYPE), TRIES)
    except Declined as declined:
        if declined.status != BodyTooLarge.status:
            raise
        if len(rows) == 1:
            yield _unanswered(sheet, rows[0], str(declined))
        else:
            half = len(rows) // 2
            yield from _asked(client, sheet, rows[:half], position)
            yield from _asked(client, sheet, rows[half:], position)
        return
    found = csv.reader(io.StringIO(reply.body.decode(), newline=""), delimiter=sheet.delimiter)
    at = len(sheet.kept)
    yield from (row[:at] + row[at + pinned :] for row in islice(found, 1, None))


def _unanswered(sheet: Sheet, row: Row, problem: str) -> Row:
    return [*_cells(sheet, row), *("" for _ in ANSWERED[:-1]), problem]


def _end(sheet: Sheet, output: Path, taken_s: float) -> None:
    """Tells how many rows have which control, how many name a listed party, and how many have a problem, which the
    command's status says too."""
    found, listed = Counter[str](), 0
    for _, row in islice(_written(output, sheet.delimiter), 1, None):
        answer = row[len(sheet.kept) :]
        found["problem" if answer[-1] else answer[CONTROL] or EMPTY] += 1
        listed += bool(answer[LISTED])
    show.table(("Control", "Rows"), [(show.word(name), f"{count:,}") for name, count in found.most_common()])
    answered = found.total() - found["problem"] - found[EMPTY]
    complain.print(f"{answered:,} rows are answered in {output}. This run took {taken_s:.0f} seconds.")
    complain.print(f"{listed:,} of them name a party that is listed or may be: see the column listed.")
    if found["problem"]:
        complain.print(f"{found['problem']:,} rows could not be read: see the column problem.")
        raise typer.Exit(Exit.ROWS_UNREAD)
