"""Tables and sentences: coloured and fitted where a terminal is, plain and unbroken otherwise.

A table on a terminal that is too narrow for it becomes one small block for each row; where no terminal is, lines with
tabs between the cells.
"""

import re
import unicodedata
from collections.abc import Sequence

import typer
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from service.terminal import say

GAP = 2
WRAPPED = 24
"""What is wider may be broken between its words, down to this."""

# What moves the cursor, and what turns the direction of the text around it, can make a terminal show what is not there.
UNSHOWABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

STYLES = {
    "prohibited": "bold red",
    "presumption_of_denial": "red",
    "quota": "yellow",
    "license_required": "yellow",
    "conditional": "yellow",
    "notification": "yellow",
    "not_yet_in_force": "cyan",
    "suspended": "cyan",
    "not_restricted": "green",
    "undetermined": "magenta",
    "yes": "green",
    "yes_with_conditions": "green",
    "confirmed": "green",
    "reported": "cyan",
    "possible": "magenta",
    "pending": "cyan",
    "no": "red",
    "none": "red",
    "no_data": "dim",
    "unknown": "dim",
}


def clean(text: object) -> str:
    """A text of the register without what a terminal would obey."""
    return UNSHOWABLE.sub("�", unicodedata.normalize("NFC", str(text)))


def word(name: str) -> Text:
    """A word of the API as people read it: `license_required` is "license required"."""
    return Text(clean(name).replace("_", " "), style=STYLES.get(name, ""))


def sentence(text: str | Text, style: str = "", indent: int = 0) -> None:
    """One paragraph. On a terminal it is broken between words."""
    shown = text if isinstance(text, Text) else Text(clean(text), style=style)
    lines = shown.wrap(say, max(say.width - indent, 10)) if say.is_terminal else [shown]
    for line in lines:
        line.rstrip()
        say.print(Text(" " * indent).append_text(line))


def heading(text: str) -> None:
    say.print()
    sentence(text, "bold")


def table(titles: Sequence[str], rows: Sequence[Sequence[str | Text]], heads: int = 1, header: bool = True) -> None:
    """`heads` says how many of the first cells make the heading of a block. Without `header` the rows stand alone."""
    cells = [[cell if isinstance(cell, Text) else Text(" ".join(clean(cell).split())) for cell in row] for row in rows]
    if not say.is_terminal:
        for line in ([titles] if header else []) + [[cell.plain for cell in row] for row in cells]:
            # Not by rich, which would turn the tabs into blanks.
            typer.echo("\t".join(line))
        return
    filled = [at for at in range(len(titles)) if any(row[at].plain for row in cells)]
    titles, cells = [titles[at] for at in filled], [[row[at] for at in filled] for row in cells]
    needed = [_needed([title, *(row[at].plain for row in cells)]) for at, title in enumerate(titles)]
    if sum(needed) + GAP * (len(needed) - 1) <= say.width:
        _columns(titles, cells, header)
    else:
        _blocks(titles, cells, sum(at < heads for at in filled))


def _needed(texts: Sequence[str]) -> int:
    """The width that a column has to have, so that no word is broken."""
    words = max(cell_len(word) for text in texts for word in [text[:0], *text.split()])
    return max(words, min(WRAPPED, max(cell_len(text) for text in texts)))


def _columns(titles: Sequence[str], rows: Sequence[Sequence[Text]], header: bool) -> None:
    shown = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, show_header=header, header_style="bold")
    shown.padding = (0, GAP, 0, 0)
    for at, title in enumerate(titles):
        texts = [title, *(row[at].plain for row in rows)]
        narrow = max(cell_len(text) for text in texts) <= WRAPPED
        shown.add_column(title, no_wrap=narrow, min_width=_needed(texts), overflow="fold")
    for row in rows:
        shown.add_row(*row)
    say.print(shown, soft_wrap=False)


def _blocks(titles: Sequence[str], rows: Sequence[Sequence[Text]], heads: int) -> None:
    """The first cells as a heading, the others below it, each behind its title."""
    for row in rows:
        first = Text("  ").join(cell for cell in row[:heads] if cell.plain)
        first.stylize("bold")
        sentence(first)
        for title, cell in zip(titles[heads:], row[heads:], strict=True):
            if cell.plain:
                sentence(Text.assemble((f"{title}: ", "dim"), cell), indent=2)
