"""The cells of a line as a question's JSON: days, numbers and countries as people write them in spreadsheets."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from service.api.http.sheet_columns import (
    COMMODITY,
    COUNTRIES,
    DAYS,
    PARAMETERS,
    PARTIES,
    PARTS_OF_A_PARTY,
    PLAIN,
    QUANTITY,
)
from service.domain.commodity.match import hs_digits
from service.domain.countries import code_of, name_of, spelled_alike
from service.domain.participants import ROLES
from service.domain.parties import names_nobody
from service.errors import FieldError, InvalidRequest
from service.register.typed import day_typed

DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)", re.ASCII)
IN_THOUSANDS = re.compile(r"[1-9]\d{0,2}(\.\d{3})+", re.ASCII)
"""In a sheet with decimal commas, dots between groups of three digits: of a whole number, or a decimal point."""
COMMA_SHEET = ";"
"""What separates the cells where a comma stands in a number."""
NUMBERS = ("content_percent", QUANTITY[0])
GOODS = " or ".join((", ".join([*COMMODITY][:-1]), [*COMMODITY][-1]))
Read = Callable[[str], str]


def question_of(cells: Mapping[str, str], delimiter: str, pointer: str) -> dict[str, Any]:
    """The question that a line asks, and nothing of it checked that its shape checks. Raises InvalidRequest."""
    return Cells(cells, delimiter, pointer).question()


class Cells:
    """The cells of one line, read one by one; what cannot be read is told at the end, all of it."""

    def __init__(self, cells: Mapping[str, str], delimiter: str, pointer: str) -> None:
        self._cells = {column: cell.strip() for column, cell in cells.items()}
        self._commas, self._pointer = delimiter == COMMA_SHEET, pointer
        self._faults = list[FieldError]()

    def question(self) -> dict[str, Any]:
        asked: dict[str, Any] = {column: self._read(column) for column in PLAIN if self._cells.get(column)}
        asked["commodity"] = dict(self._commodity())
        if not asked["commodity"]:
            self._faults.append(FieldError(f"{self._pointer}/commodity", f"which goods? Fill in {GOODS}"))
        if self._cells.get(QUANTITY[0]):
            asked["quantity"] = {"value": self._read(QUANTITY[0]), "unit": self._cells.get(QUANTITY[1], "").upper()}
        for role in PARTIES:
            found = self._party(role)
            if found and role in ROLES:
                asked.setdefault("parties", []).append({"role": role, **found})
            elif found:
                asked[role] = found
        if self._faults:
            raise InvalidRequest("The line cannot be read.", self._faults)
        return asked

    def _read(self, column: str) -> str:
        reader: Read = str
        if column in COUNTRIES or column in DAYS:
            reader = day_typed if column in DAYS else _country
        elif column in NUMBERS:
            reader = self._number
        return self._told(column, reader, self._cells[column])

    def _told(self, at: str, reader: Read, cell: str) -> str:
        try:
            return reader(cell)
        except ValueError as unread:
            self._faults.append(FieldError(f"{self._pointer}/{at}", str(unread)))
            return ""

    def _commodity(self) -> Iterator[tuple[str, Any]]:
        """Digits are a customs code, as elsewhere, whichever of the two columns they stand in."""
        for column, field in COMMODITY.items():
            if cell := self._cells.get(column):
                coded = column == "commodity" and hs_digits(cell).isdecimal()
                yield ("hs" if coded else field), cell
        if cell := self._cells.get(PARAMETERS):
            yield PARAMETERS, dict(self._parameters(cell))

    def _parameters(self, cell: str) -> Iterator[tuple[str, str]]:
        """ "dysprosium_percent=1.9 terbium_percent=0": each behind its name."""
        text = DECIMAL_COMMA.sub("\0", cell) if self._commas else cell
        for part in re.sub(r"\s*=\s*", "=", text.replace(";", " ").replace(",", " ")).split():
            name, equals, value = part.replace("\0", ",").partition("=")
            if not (name and equals and value):
                fault = f"{name or part} is not written NAME=VALUE, such as dysprosium_percent=1.9"
                self._faults.append(FieldError(f"{self._pointer}/{PARAMETERS}", fault))
                continue
            yield name, self._told(PARAMETERS, self._number, value)

    def _number(self, cell: str) -> str:
        """A number; in a sheet with semicolons, one with a decimal comma too. Raises ValueError."""
        if not self._commas:
            return cell
        if IN_THOUSANDS.fullmatch(cell):
            raise ValueError(f"{cell} may be {cell.replace('.', '')}, or a decimal: write one of them without the dot")
        whole, comma, rest = cell.partition(",")
        if not comma:
            return cell
        return f"{whole.replace('.', '') if IN_THOUSANDS.fullmatch(whole) else whole}.{rest}"

    def _party(self, role: str) -> dict[str, Any] | None:
        """A placeholder, such as "-" or "n/a", is an empty cell."""
        name, country, company = (self._cells.get(f"{role}{part}", "") for part in PARTS_OF_A_PARTY)
        name, country, company = (
            "" if names_nobody(cell) and not code_of(cell) else cell for cell in (name, country, company)
        )
        if company:
            return {"company": company}
        home = {"country": self._told(f"{role}_country", _country, country)} if country else {}
        if name:
            return {"name": name, **home}
        return {"undisclosed": True, **home} if home else None


def _country(cell: str) -> str:
    """A country's code, by its code or its name. What looks like a code is told by the question's own shape.

    Raises ValueError, with those that are spelled alike.
    """
    if (code := code_of(cell)) or len(cell) == 2:
        return code or cell
    alike = " or ".join(f"{name_of(one)} ({one})" for one in spelled_alike(cell))
    raise ValueError(f"no country is called {cell}; {f'did you mean {alike}?' if alike else 'write a code such as IN'}")
