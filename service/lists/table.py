"""A list as a table: CSV with the columns name, aliases, country, list, from, through, source.

Aliases and countries are parted by semicolons. `source` is the address or the number of the notice.
"""

import csv
import io
import re
from collections.abc import Mapping

from service.errors import FieldError, InvalidRequest
from service.lists.entries import MOST_ENTRIES, Edition, Entry, country, day, limited, once

COLUMNS = ("name", "aliases", "country", "list", "from", "through", "source")
NEEDED = ("name", "list")


def editions(raw: bytes) -> list[Edition]:
    """The lists of the table, by their name. Raises InvalidRequest, naming the line."""
    try:
        text = limited(raw).decode("utf-8-sig")
    except UnicodeDecodeError as unread:
        raise InvalidRequest("The file is not in UTF-8.") from unread
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    entries: dict[str, list[Entry]] = {}
    try:
        if set(rows.fieldnames or ()) != set(COLUMNS):
            raise InvalidRequest(f"The first line names the columns: {', '.join(COLUMNS)}.")
        for count, row in enumerate(rows):
            if count == MOST_ENTRIES:
                raise InvalidRequest(f"A list has at most {MOST_ENTRIES} entries.")
            entries.setdefault((row["list"] or "").strip(), []).append(_entry(row, f"line {rows.line_num}"))
    except csv.Error as malformed:
        raise InvalidRequest(f"Line {rows.line_num} is no CSV: {malformed}.") from malformed
    return [Edition(_code(list_), list_, None, tuple(held)) for list_, held in sorted(entries.items())]


def _code(list_: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "-", list_.upper()).strip("-")


def _entry(row: Mapping[str, str | None], where: str) -> Entry:
    missing = [name for name in NEEDED if not (row[name] or "").strip()]
    if missing or None in row or None in row.values():
        fault = f"{missing[0]} is missing" if missing else f"there are {len(COLUMNS)} columns"
        raise InvalidRequest("An entry has a name and a list, and all columns.", [FieldError(where, fault)])
    told = {name: text or "" for name, text in row.items()}
    source = told["source"].strip()
    address = source.startswith(("http://", "https://"))
    return Entry(
        name=once([told["name"]])[0],
        aliases=once(told["aliases"].split(";")),
        countries=tuple(code for code in map(country, told["country"].split(";")) if code),
        first=day(told["from"].strip(), f"{where}, from"),
        last=day(told["through"].strip(), f"{where}, through"),
        notice=source or None,
        url=source if address else None,
    )
