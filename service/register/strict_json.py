"""JSON as RFC 8259 and I-JSON (RFC 7493) mean it, refused with a pointer where it means two things or none.

The record keeps what clients write, and hashes it. So a duplicate key, a float, NaN, an integer that other languages
cannot hold, a NUL and a lone surrogate are refused here, before anything else looks at the body.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.domain.base import LARGEST_INTEGER
from service.domain.invalid import pointer_of
from service.errors import FieldError, MalformedRequest

MOST_DIGITS = 16
Path = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Most:
    """How deep a document may nest, and how long a text in it may be."""

    levels: int = 40
    characters: int = 100_000


DEFAULT = Most()


@dataclass(frozen=True, slots=True)
class _Fault:
    """Stands in the parsed document where something cannot be kept."""

    detail: str


def loads(body: bytes, most: Most = DEFAULT) -> Any:
    """The parsed document: dicts, lists, strings, integers, booleans, None. Raises MalformedRequest."""
    faults: list[_Fault] = []

    def fault(detail: str) -> _Fault:
        faults.append(_Fault(detail))
        return faults[-1]

    def integer(digits: str) -> int | _Fault:
        if len(digits.lstrip("-")) > MOST_DIGITS or abs(int(digits)) > LARGEST_INTEGER:
            return fault("an integer lies within ±(2^53-1)")
        return int(digits)

    def pairs(members: list[tuple[str, Any]]) -> Any:
        found = dict(members)
        if len(found) < len(members):
            times = Counter(name for name, _ in members)
            found.update({name: fault("duplicate key") for name, count in times.items() if count > 1})
        return found

    try:
        document = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=pairs,
            parse_int=integer,
            parse_float=lambda _: fault("a number is an integer; write a decimal as a string"),
            parse_constant=lambda _: fault("NaN and Infinity are no JSON"),
        )
    except UnicodeDecodeError as unread:
        raise MalformedRequest("The body is not UTF-8.") from unread
    except json.JSONDecodeError as unread:
        where = f"line {unread.lineno}, column {unread.colno}"
        raise MalformedRequest(f"The body is not JSON: {unread.msg} at {where}.") from unread
    except RecursionError as unread:
        raise MalformedRequest(f"The body nests deeper than {most.levels} levels.") from unread
    _refuse(document, most, escapes=b"\\u" in body, faults=bool(faults))
    return document


def _refuse(document: Any, most: Most, *, escapes: bool, faults: bool) -> None:
    """Only an escape can bring in a NUL or half a character, so most bodies need no look at their strings."""
    errors = [FieldError(pointer_of(path), detail) for path, detail in _faults(document, (), most, escapes=escapes)]
    if errors or faults:
        raise MalformedRequest("The body holds what cannot be kept as it is.", errors[:20])


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
