"""`lodestone screen`: a sheet of questions of any length, answered row by row."""

import csv
import io
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Annotated, TextIO

import typer

from service.api.http import spreadsheet
from service.client import Client, Declined
from service.commands import show
from service.commands.post import patiently
from service.commands.target import Key, Url, register
from service.errors import BodyTooLarge, InvalidRequest, MalformedRequest
from service.terminal import bar, complain, telling

app = typer.Typer()

AT_ONCE = 200
"""How many rows go into one request: few enough that a bar moves and little is asked again after an interruption."""
TRIES = 60
"""How often rows are sent at most: a service that limits requests a minute makes a long sheet wait, and none end."""
PINNED = "known_at"
"""The column that pins all rows to one state of knowledge, so that row 1 and row 100,000 are answered alike."""
AT_POSITION = spreadsheet.ANSWERED.index("known_at_position")
Row = list[str]


@dataclass(frozen=True)
class Sheet:
    """A file of questions: how it is written, what its columns are called, and how many rows it has."""

    file: Path
    delimiter: str
    names: Row
    count: int

    @property
    def kept(self) -> Row:
        """The columns that the answer repeats."""
        return [name for name in self.names if name not in spreadsheet.ANSWERED]

    def rows(self) -> Iterator[Row]:
        return islice(_rows(self.file, self.delimiter), 1, None)


@app.command(rich_help_panel="Ask and record")
def screen(
    file: Annotated[Path, typer.Argument(help="The questions as CSV (docs/screener.md), as many rows as you like.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where the answers go: the same rows, and more columns.")
    ],
    *,
    at_once: Annotated[int, typer.Option(min=1, max=1_000, help="How many rows go into one request.")] = AT_ONCE,
    url: Url = None,
    key: Key = None,
) -> None:
    """Answer a sheet of questions (CSV) of any length, row by row, and go on where it was interrupted.

    A row that cannot be read is told so in the column `problem`; the others are answered. All rows are answered from
    one state of the log. The same command again goes on after the last row that was answered. Nothing is recorded.
    """
    started = time.monotonic()
    with telling():
        sheet = _sheet(file)
        done, position = _done(sheet, output)
    with register(url, key) as client, bar("Screening") as progress:
        progress(done, sheet.count)
        position = position or client.get("/v1/events", {"limit": 1}).headers["position"]
        rows = islice(sheet.rows(), done, None)
        with writing(output) as written:
            if written.tell() == 0:
                written.write(_line(_columns(sheet), sheet.delimiter))
            while block := list(islice(rows, at_once)):
                written.writelines(_line(row, sheet.delimiter) for row in _answered(client, sheet, block, position))
                written.flush()
                done += len(block)
                progress(done, sheet.count)
    _tell(sheet, output, time.monotonic() - started)


@contextmanager
def writing(output: Path) -> Iterator[TextIO]:
    """Raises InvalidRequest where the file cannot be written."""
    try:
        opened = output.open("a", encoding="utf-8", newline="")
    except OSError as failed:
        raise InvalidRequest(f"The file {output} cannot be written: {failed.strerror}.") from failed
    with opened:
        yield opened


def _rows(file: Path, delimiter: str) -> Iterator[Row]:
    """The rows that hold something. Raises InvalidRequest, MalformedRequest."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            found = csv.reader(opened, strict=True, delimiter=delimiter)
            yield from (row for row in found if any(cell.strip() for cell in row))
    except OSError as unread:
        raise InvalidRequest(f"The file {file} cannot be read: {unread.strerror}.") from unread
    except (UnicodeDecodeError, csv.Error) as unread:
        raise MalformedRequest(f"{file} is not CSV in UTF-8: save it as “CSV UTF-8”.") from unread


def _sheet(file: Path) -> Sheet:
    """Raises InvalidRequest, MalformedRequest."""
    delimiter = spreadsheet.delimiter_of(_first_line(file))
    rows = _rows(file, delimiter)
    names = [name.strip() for name in next(rows, [])]
    count = sum(1 for _ in rows)
    if not count:
        raise InvalidRequest(f"{file} has no rows below the names of its columns.")
    return Sheet(file, delimiter, names, count)


def _first_line(file: Path) -> str:
    try:
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as opened:
            return next((line for line in opened if line.strip()), "")
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
    end = 0
    with output.open(encoding="utf-8", errors="replace", newline="") as opened:
        for row in csv.reader(opened, delimiter=delimiter):
            end += len(_line(row, delimiter).encode())
            yield end, row


def _columns(sheet: Sheet) -> Row:
    return [*sheet.kept, *spreadsheet.ANSWERED]


def _cells(sheet: Sheet, row: Row) -> Row:
    """The cells of a row as the answer repeats them."""
    cells = dict(zip(sheet.names, (cell.strip() for cell in row), strict=False))
    return [spreadsheet.harmless(cells.get(name, "")) for name in sheet.kept]


def _line(row: Row, delimiter: str) -> str:
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=delimiter).writerow(row)
    return made.getvalue()


def _answered(client: Client, sheet: Sheet, block: list[Row], position: str) -> Iterator[Row]:
    """Each row of a block with its answer, or with what is wrong with it."""
    good = [row for row in block if len(row) == len(sheet.names)]
    answers = _asked(client, sheet, good, position)
    for row in block:
        misfit = spreadsheet.misfit(len(row), len(sheet.names))
        yield _refused(sheet, row, misfit) if misfit else next(answers)


def _asked(client: Client, sheet: Sheet, rows: list[Row], position: str) -> Iterator[Row]:
    """The answers of the register, in as many requests as it takes: a request that is too large is cut in two."""
    if not rows:
        return
    pinned = PINNED not in sheet.names
    names = [*sheet.names, PINNED] if pinned else sheet.names
    lines = [names, *([*row, position] if pinned else row for row in rows)]
    body = "".join(_line(row, sheet.delimiter) for row in lines).encode()
    try:
        reply = patiently(lambda: client.post("/v1/determinations", body, spreadsheet.MEDIA_TYPE), TRIES)
    except Declined as declined:
        if declined.status != BodyTooLarge.status:
            raise
        if len(rows) == 1:
            yield _refused(sheet, rows[0], str(declined))
        else:
            half = len(rows) // 2
            yield from _asked(client, sheet, rows[:half], position)
            yield from _asked(client, sheet, rows[half:], position)
        return
    found = csv.reader(io.StringIO(reply.body.decode(), newline=""), delimiter=sheet.delimiter)
    at = len(sheet.kept)
    yield from (row[:at] + row[at + pinned :] for row in islice(found, 1, None))


def _refused(sheet: Sheet, row: Row, problem: str) -> Row:
    return [*_cells(sheet, row), *("" for _ in spreadsheet.ANSWERED[:-1]), problem]


def _tell(sheet: Sheet, output: Path, taken_s: float) -> None:
    """How many rows have which control, and how many a problem."""
    width = len(sheet.kept)
    rows = (row[width:] for _, row in islice(_written(output, sheet.delimiter), 1, None))
    found = Counter("problem" if row[-1] else row[spreadsheet.ANSWERED.index("control")] for row in rows)
    show.table(("Control", "Rows"), [(show.word(name), f"{count:,}") for name, count in found.most_common()])
    complain.print(f"{sum(found.values()):,} rows are answered in {output}. This run took {taken_s:.0f} seconds.")
    if found["problem"]:
        complain.print(f"{found['problem']:,} of them could not be read: see the column problem.")
