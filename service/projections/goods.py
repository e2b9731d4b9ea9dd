"""Candidates by their goods: each line that a country's records name is held against the goods asked about once,
however many things name it, and only the things with a line that may match are read.

The matcher itself decides which lines may: so no candidate can be missed that it would have found.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice, takewhile
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Text, bindparam, select

from service.domain.commodity.codes import HEADING_DIGITS
from service.domain.commodity.match import Commodity, Definitions, ScopedCommodity, hs_digits, may_fall_under
from service.domain.event import JSON
from service.domain.kept import kept
from service.log.canonical import encode
from service.projections.budget import spend
from service.projections.depends import new_goods, note
from service.projections.kept import kept_of
from service.projections.tables import AT, COUNTRY, GOODS, LIVE, LONGEST_KEY_BYTES, lookups

ANY_GOODS = "*"
"""The goods of a record that names none, or more than a key holds."""
MOST_LINES = 400
"""How many lines things are looked up by. Goods that more lines may mean narrow little, and everything is read."""
MOST_KEYS = 2_000
"""How many keys are looked for by one statement."""
CODE_ALONE = {"hs", "match", "parameters"}


def keys_of_lines(lines: Any) -> Iterator[str]:
    """The keys of goods as a record writes them: a list of lines, or a word for all goods."""
    if not isinstance(lines, list) or not lines:
        yield f"{GOODS}{ANY_GOODS}"
        return
    yield from (f"{GOODS}{_text(line)}" for line in lines)


def _text(line: JSON) -> str:
    written = encode(line)
    # Beside the line, a key holds its first word and the country.
    return written.decode() if len(written) + len(GOODS) + len("CN ") <= LONGEST_KEY_BYTES else ANY_GOODS


_LINES = (
    select(lookups.c.key)
    .where(
        lookups.c.generation == LIVE,
        lookups.c.noun == bindparam("noun", type_=Text),
        lookups.c.key.between(bindparam("from", type_=Text), bindparam("to", type_=Text)),
        lookups.c.known_from <= AT,
    )
    .distinct()
)


def keys_for(
    connection: Connection, noun: str, countries: Sequence[str], at: int, asked: tuple[Commodity, Definitions]
) -> list[list[str]]:
    """Lists of keys: a thing of the countries whose goods may be those asked about has a key of one of them."""
    found, all_of = list[str](), list[str]()
    for country in countries:
        keys = _keys_of(country, noun, lines_of(connection, noun, country, at), asked)
        if keys is None:
            all_of.append(f"{COUNTRY}{country}")
        else:
            found += keys
    lists = [found[first : first + MOST_KEYS] for first in range(0, len(found), MOST_KEYS)]
    return [*lists, *([all_of] if all_of else [])]


def _keys_of(country: str, noun: str, found: "Lines", asked: tuple[Commodity, Definitions]) -> Sequence[str] | None:
    """Those of one country. None: so many that they would narrow little."""
    commodity, definitions = asked

    def find() -> tuple[Lines, Sequence[str] | None]:
        # Goods of which no parameter is stated may be more: those that they cannot be need no second look.
        plain = [commodity.model_copy(update={"parameters": {}})] if commodity.parameters else []
        each = *plain, commodity

        def may(text: str) -> bool:
            return all(_may(one, text, definitions, country) for one in each)

        texts = found.that(may, codes_of(commodity, definitions))
        return found, [f"{GOODS}{country} {text}" for text in texts] if len(texts) <= MOST_LINES else None

    # Which lines there were is told by the list itself, which stays the same for as long as no line is added.
    of, keys = definitions.once((commodity.facts, noun, country), find)
    return keys if of is found else find()[1]


def codes_of(asked: Commodity, definitions: Definitions) -> set[str]:
    """The digits of every customs code that goods asked about have, or that their name stands for."""
    meant = definitions.lines(asked.name) if asked.name else ()
    return {hs_digits(one.hs) for one in (asked, *(line.commodity for line in meant)) if one.hs}


class Lines:
    """The lines of goods of a country, as their records write them. Those that are a customs code alone lie in order.

    The matcher tells such a line by which codes are its beginning or it is the beginning of, and which share its
    heading. Of those that are so near to none of the goods' codes, what it says of one it says of all.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        coded: dict[str, list[str]] = {}
        self._others: list[str] = []
        for text in texts:
            line = _line(text)
            alone = line is not None and line.match == "exact" and line.model_fields_set <= {"hs", "match"}
            digits = hs_digits(line.hs or "") if line is not None and alone else ""
            (coded.setdefault(digits, []) if digits else self._others).append(text)
        self._coded = coded
        self._codes = sorted(coded)
        self.size_bytes = sum(map(len, (*self._others, *chain.from_iterable(coded.values())))) * TWICE

    @property
    def names(self) -> frozenset[str]:
        """The names of goods in them."""
        lines = map(_line, self._others)
        return frozenset(line.name for line in lines if line is not None and line.name)

    def that(self, may: Callable[[str], bool], codes: Iterable[str]) -> list[str]:
        """Those that may mean goods of some codes."""
        near = {one for code in codes for one in self._near(code)}
        found = [text for text in self._others if may(text)]
        found += [text for one in sorted(near) for text in self._coded[one] if may(text)]
        far = next((one for one in self._codes if one not in near), None)
        if far is not None and may(self._coded[far][0]):
            found += [text for one in self._codes if one not in near for text in self._coded[one]]
        return found

    def _near(self, code: str) -> Iterator[str]:
        yield from (code[:length] for length in range(1, len(code) + 1) if code[:length] in self._coded)
        begins = code[:HEADING_DIGITS]
        start = bisect_left(self._codes, begins)
        yield from takewhile(lambda one: one.startswith(begins), islice(self._codes, start, None))


TWICE = 2
"""A line is held as it was written, and by its code."""


def _may(asked: Commodity, text: str, definitions: Definitions, country: str) -> bool:
    """Whether goods may fall under a line, found once."""
    spend()
    # Whose line it is makes a difference only where control codes are compared.
    whose = country if definitions.once((text, "codes"), partial(_has_control_codes, text, definitions)) else None
    return definitions.once((asked.facts, text, whose), partial(may_match, asked, text, definitions, country))


def lines_of(connection: Connection, noun: str, country: str, at: int) -> Lines:
    """Every line of goods that the things of a country have."""

    first = f"{GOODS}{country} "

    def find() -> Lines:
        note((new_goods(noun, country),))
        keys = connection.scalars(_LINES, {"noun": noun, "at": at, "from": first, "to": f"{first.rstrip()}!"})
        return Lines(key[len(first) :] for key in keys)

    return kept_of(connection.engine).once(
        connection, at, ("lines", noun, country), find, lambda lines: lines.size_bytes
    )


def may_match(asked: Commodity, text: str, definitions: Definitions, controller: str) -> bool:
    """Whether goods may fall under a line, be it read as that of a restriction or of a license."""
    line = _line(text)
    if line is None:
        return True
    if _code_alone(asked.model_fields_set) and _code_alone(line.model_fields_set) and line.match == "exact":
        one, other = hs_digits(asked.hs or ""), hs_digits(line.hs or "")
        return one.startswith(other) or other.startswith(one)
    return any(
        may_fall_under(asked, line, definitions, codes_refer=codes_refer, controller=whose)
        for codes_refer, whose in _ways_to_read(line, definitions, controller)
    )


def _ways_to_read(
    line: ScopedCommodity, definitions: Definitions, controller: str
) -> Sequence[tuple[bool, str | None]]:
    """Whether customs codes refer, and whose control list is meant, as a restriction or a license is read. It makes a
    difference only where a control code is listed."""
    if not _has_codes(line, definitions):
        return [(False, controller)]
    refer = {False, controller == "CN"}
    return [*((each, controller) for each in refer), (False, None)]


def _has_control_codes(text: str, definitions: Definitions) -> bool:
    line = _line(text)
    return line is not None and _has_codes(line, definitions)


def _has_codes(line: ScopedCommodity, definitions: Definitions) -> bool:
    meant = definitions.lines(line.name) if line.name else ()
    return bool(line.control_code or any(one.commodity.control_code for one in meant))


def _code_alone(stated: set[str]) -> bool:
    return "hs" in stated and stated <= CODE_ALONE


@kept(texts=8_192, longest=500)
def _line(text: str) -> ScopedCommodity | None:
    """A line as it was recorded; None where it names goods that a key does not hold."""
    if text == ANY_GOODS:
        return None
    try:
        return ScopedCommodity.model_validate_json(text)
    except ValidationError:
        return None
