"""Files of what a page shows: any table as CSV, any picture as SVG.

They are cut out of the page itself, so that they say what it says: `file=controls.csv` in the address of a page asks
for its table of this name. No page needs a route of its own for it.
"""

import csv
import io
import re
from html.parser import HTMLParser
from importlib.resources import files
from urllib.parse import parse_qsl, urlencode

from fastapi import Request, Response
from starlette.datastructures import QueryParams

from service.api.http.sheet_rows import harmless
from service.errors import NotFound

NAME = re.compile(r"([a-z][a-z-]{0,40})\.(csv|svg)")
NOT_IN_A_FILE_NAME = re.compile(r"[^A-Za-z0-9]+")
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
DRAWING = re.compile(r"<svg class=\"(?:time|map)\b[^>]*>.*?</svg>", re.DOTALL)
HEIGHT = re.compile(r"<svg [^>]*?\bheight=\"(\d+)\"")
SAID = re.compile(r"<svg [^>]*?\bdata-said=\"([^\"]*)\"")
LINK = re.compile(r" href=\"/[^\"]*\"")
WIDTH, MARGIN, LINE = 960, 20, 20
"""Of a picture as a file, in its own pixels."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""A picture brings its styles with it, and nothing else."""


def asked(request: Request) -> str | None:
    """The file that a request asks of its page. Its name is taken out of the address, which is then the page's own."""
    if request.method != "GET" or b"file=" not in request.scope["query_string"]:
        return None
    pairs = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    request.scope["query_string"] = urlencode([pair for pair in pairs if pair[0] != "file"]).encode()
    return next((value for name, value in pairs if name == "file"), None)


def place(path: str, query: QueryParams, file: str) -> str:
    """Where a file of a page is."""
    pairs = [*query.multi_items(), ("file", file)]
    return f"{path}?{urlencode(pairs)}"


def cut(request: Request, page: Response, file: str) -> Response:
    """A table or a picture of a page as a file. Raises NotFound."""
    named = NAME.fullmatch(file)
    html = bytes(page.body).decode()
    made = {"csv": _csv, "svg": _svg}[named[2]](html, named[1]) if named else None
    if made is None:
        raise NotFound("The page has no table or picture of this name.")
    content, media_type, policy = made
    where = NOT_IN_A_FILE_NAME.sub("-", request.url.path).strip("-")
    headers = {
        "Content-Disposition": f'attachment; filename="{where}-{file}"',
        "Content-Security-Policy": policy,
        "Cache-Control": page.headers["cache-control"],
        "Vary": page.headers["vary"],
    }
    return Response(content, media_type=media_type, headers=headers)


def _csv(html: str, name: str) -> tuple[bytes, str, str] | None:
    """With a byte order mark, without which spreadsheets read other scripts wrongly."""
    table = _Table(f"table-{name}")
    table.feed(html)
    if not table.rows:
        return None
    written = io.StringIO(newline="")
    csv.writer(written).writerows([harmless(_cell(one)) for one in row] for row in table.rows)
    return written.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8; header=present", "default-src 'none'"


def _cell(text: str) -> str:
    """The lines of a cell, with a semicolon between them."""
    return "; ".join(line for line in (" ".join(one.split()) for one in text.split("\n")) if line)


class _Table(HTMLParser):
    """The cells of the table with an id, as text. What is hidden from those who hear a page is left out."""

    def __init__(self, table: str) -> None:
        super().__init__()
        self.table, self.rows = table, list[list[str]]()
        self._inside = self._in_cell = False
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self._inside = given.get("id") == self.table
        elif not self._inside:
            return
        elif self._hidden or given.get("aria-hidden") == "true":
            self._hidden += tag != "br"
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self._in_cell = True
        elif tag in ("br", "li", "summary", "ul"):
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            self._hidden -= 1
        elif tag in ("td", "th"):
            self._in_cell = False
        elif tag == "table":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._in_cell and not self._hidden:
            self.rows[-1][-1] += data if data == "\n" else data.replace("\n", " ")


def _svg(html: str, name: str) -> tuple[bytes, str, str] | None:
    """The drawings of a picture one below the other, each under what it is of, in the colours of the pages."""
    found = re.search(rf'<figure id="picture-{name}"[^>]*>(.*?)</figure>', html, re.DOTALL)
    title = TITLE.search(html)
    if not found or not title:
        return None
    parts, y = [_line(title[1], LINE)], LINE + 10
    for drawing in DRAWING.findall(found[1]):
        if said := SAID.match(drawing):
            parts.append(_line(said[1], y + 15))
            y += LINE
        height = HEIGHT.match(drawing)
        parts.append(drawing.replace("<svg ", f'<svg x="{MARGIN}" y="{y}" width="{WIDTH - 2 * MARGIN}" ', 1))
        y += int(height[1]) if height else 0
    size = f'width="{WIDTH}" height="{y + MARGIN}" viewBox="0 0 {WIDTH} {y + MARGIN}"'
    start = f'<svg xmlns="http://www.w3.org/2000/svg" {size}><style>{_styles()}</style>'
    shared = "".join(re.findall(r"<defs>.*?</defs>", html, re.DOTALL))
    ground = '<rect class="paper" width="100%" height="100%"/>'
    content = start + shared + ground + LINK.sub("", "".join(parts)) + "</svg>"
    return content.encode(), "image/svg+xml", POLICY


def _line(text: str, y: int) -> str:
    return f'<text class="said" x="{MARGIN}" y="{y}">{text}</text>'


def _styles() -> str:
    folder = files("service.console") / "static"
    return "".join((folder / name).read_text(encoding="utf-8") for name in ("colours.css", "pictures.css"))
