"""The rows of a sheet as they are written in a file, whatever their columns say: what the service and the command line
that asks another one have in common.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import dropwhile

MEDIA_TYPE = "text/csv"
DELIMITERS = (",", ";", "\t")
MARK = "\ufeff"
"""The byte order mark, by which some spreadsheets know UTF-8."""
# The wide forms are what some spreadsheets read as the narrow ones. Blanks before it, also those that show as nothing,
# do not keep every program from running a formula.
STARTS_A_FORMULA = re.compile(r"[\t\r\n]|[\s\u200b\u2060\ufeff]*[=+\-@＝＋－＠]")
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*", re.ASCII)
"""What is a number, with its sign, is no formula."""


def rows_of(text: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """The rows from the one that names the columns on. Raises csv.Error."""
    return dropwhile(is_empty, csv.reader(text, strict=True, delimiter=delimiter))


def is_empty(row: Sequence[str]) -> bool:
    return not any(cell.strip() for cell in row)


def delimiter_of(text: str) -> str:
    """What the first line has most of: a comma where it has none."""
    first = text.lstrip().partition("\n")[0]
    return max(DELIMITERS, key=first.count)


def misfit(cells: int, columns: int) -> str | None:
    """What is wrong with a line that has another number of cells than the first line."""
    return None if cells == columns else f"the line has {cells} cells, and the first line names {columns} columns"


def row_of(cells: Iterable[str], delimiter: str) -> str:
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=delimiter).writerow(cells)
    return made.getvalue()


def as_it_was(cell: str) -> str:
    """A cell that was sent, as it comes back: a number with its sign stays one."""
    return cell if NUMBER.fullmatch(cell) else harmless(cell)


def harmless(cell: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{cell}" if STARTS_A_FORMULA.match(cell) else cell
