"""JSON as RFC 8259 and I-JSON (RFC 7493) mean it, refused with a pointer where it means two things or none.

The record keeps what clients write, and hashes it. So a duplicate key, a float, NaN, an integer that other languages
cannot hold, a NUL and a lone surrogate are refused here, before anything else looks at the body.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from service.domain.base import LARGEST_INTEGER
from service.domain.invalid import MOST_ERRORS, pointer_of
from service.errors import FieldError, MalformedRequest

MOST_DIGITS = 16
Path = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Most:
    """How deep a document may nest, how long a text in it may be, and how many values it may hold; None: any number."""

    levels: int = 40
    characters: int = 100_000
    values: int | None = None


DEFAULT = Most()


@dataclass(frozen=True, slots=True)
class _Fault:
    """Stands in the parsed document where something cannot be kept."""

    detail: str


FLOAT = _Fault("a number is an integer; write a decimal as a string")
LARGE = _Fault("an integer lies within ±(2^53-1)")
NO_NUMBER = _Fault("NaN and Infinity are no JSON")
DUPLICATE = _Fault("duplicate key")


class _Reader:
    """What json.loads asks about members and numbers."""

    def __init__(self) -> None:
        self.faulty = False

    def fault(self, found: _Fault) -> _Fault:
        self.faulty = True
        return found

    def integer(self, digits: str) -> int | _Fault:
        if len(digits.lstrip("-")) > MOST_DIGITS or abs(int(digits)) > LARGEST_INTEGER:
            return self.fault(LARGE)
        return int(digits)

    def members(self, members: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(members)
        if len(found) < len(members):
            times = Counter(name for name, _ in members)
            found.update({name: self.fault(DUPLICATE) for name, count in times.items() if count > 1})
        return found


def loads(body: bytes, most: Most = DEFAULT) -> Any:
    """The parsed document: dicts, lists, strings, integers, booleans, None. Raises MalformedRequest."""
    reader = _Reader()
    try:
        document = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=reader.members,
            parse_int=reader.integer,
            parse_float=lambda _: reader.fault(FLOAT),
            parse_constant=lambda _: reader.fault(NO_NUMBER),
        )
    except UnicodeDecodeError as unread:
        raise MalformedRequest("The body is not UTF-8.") from unread
    except json.JSONDecodeError as unread:
        where = f"line {unread.lineno}, column {unread.colno}"
        raise MalformedRequest(f"The body is not JSON: {unread.msg} at {where}.") from unread
    except RecursionError as unread:
        raise MalformedRequest(f"The body is nested deeper than {most.levels} levels.") from unread
    # Only an escape can bring in a NUL or half a character, so most bodies need no look at each of their strings.
    escapes = b"\\u" in body
    if (_may_be_over(body, most) and _over(document, most)) or reader.faulty or escapes:
        faults = islice(_faults(document, (), most, escapes=escapes), MOST_ERRORS)
        errors = [FieldError(pointer_of(path), detail) for path, detail in faults]
        if errors or reader.faulty:
            raise MalformedRequest("The body contains a value that cannot be stored.", errors)
    return document


def _may_be_over(body: bytes, most: Most) -> bool:
    """Whether a document could be over any bound, by how it is written: each level has a bracket of its own, and each
    value but the first of a list or an object a comma. Marks in its texts count too."""
    levels = body.count(b"[") + body.count(b"{")
    values = most.values is not None and 1 + levels + body.count(b",") > most.values
    return values or levels > most.levels or len(body) > most.characters


def _over(document: Any, most: Most) -> bool:
    """Whether the document nests too deep or holds too long a text. Raises MalformedRequest for too many values.

    Level by level, which is several times as fast as following each path.
    """
    level, count = [document], 0
    for _ in range(most.levels + 1):
        count += len(level)
        if most.values is not None and count > most.values:
            raise MalformedRequest(f"The body holds more than {most.values} values.")
        if any(type(value) is str and len(value) > most.characters for value in level):
            return True
        groups = [value.values() if type(value) is dict else value for value in level if type(value) in (dict, list)]
        if not groups:
            return False
        level = list(chain.from_iterable(groups))
    return bool(level)


def _faults(value: Any, path: Path, most: Most, *, escapes: bool) -> Iterator[tuple[Path, str]]:
    if len(path) > most.levels:
        yield path, f"the body nests deeper than {most.levels} levels"
    elif isinstance(value, _Fault):
        yield path, value.detail
    elif isinstance(value, dict):
        for name, member in value.items():
            if escapes and (detail := _unwritable(name)):
                yield path, f"the name of a member {detail}"
            else:
                yield from _faults(member, (*path, name), most, escapes=escapes)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _faults(member, (*path, index), most, escapes=escapes)
    elif isinstance(value, str):
        if len(value) > most.characters:
            yield path, f"the text has more than {most.characters} characters"
        elif escapes and (detail := _unwritable(value)):
            yield path, f"the text {detail}"


def _unwritable(text: str) -> str | None:
    if "\x00" in text:
        return "holds a NUL character"
    if any("\ud800" <= character <= "\udfff" for character in text):
        return "holds a lone surrogate, which is no character"
    return None
