"""What is hashed, byte for byte. docs/log-format.md tells outsiders the same.

Canonical JSON is RFC 8785 for the values that an event may hold: no floats and ASCII keys only, so that sorted
`json.dumps` gives those very bytes.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from service import errors

LARGEST_INTEGER = 2**53 - 1

_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode


def canonical(value: Any) -> bytes:
    """Raises InvalidRequest, with a JSON pointer, for what has no canonical form here: a float, a key that is not
    ASCII, half a surrogate pair, an integer beyond 2**53 - 1, anything that is no JSON."""
    plain = _plain(value)
    if plain is not None:
        return plain.encode()
    _check(value, "")
    return encode(value)


def _plain(value: Any) -> str | None:
    """The canonical text of a value where that is ASCII and reads back as the value, which takes a quarter of the time
    of a look at each part. None: it has to be looked at."""
    try:
        text = _encode(value)
        return text if text.isascii() and read_back(text) == value else None
    except (TypeError, ValueError, RecursionError):
        return None


def _no_number(digits: str) -> int:
    raise ValueError(digits)


def _whole(digits: str) -> int:
    number = int(digits)
    return number if -LARGEST_INTEGER <= number <= LARGEST_INTEGER else _no_number(digits)


read_back = json.JSONDecoder(parse_int=_whole, parse_float=_no_number).decode
"""Reads JSON. Raises ValueError where a number in it has no canonical form."""


def encode(value: Any) -> bytes:
    """The bytes of a value that was checked already."""
    return _encode(value).encode()


def text_of(value: Any) -> str:
    """As `encode`, before it is bytes: to put a larger text together from."""
    return _encode(value)


def scalar(value: str | int | None) -> str:
    """The text of a value that is no list and no object, in a fifth of the time."""
    if value is None:
        return "null"
    return json.encoder.encode_basestring(value) if isinstance(value, str) else str(value)


def _check(value: Any, pointer: str) -> None:
    kind = type(value)
    if kind is str:
        check_characters(value, pointer)
    elif kind is dict:
        for key, member in value.items():
            if type(key) is not str or not key.isascii():
                raise _refusal(pointer, "a key here is not ASCII text")
            _check(member, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    elif kind is list:
        for index, member in enumerate(value):
            _check(member, f"{pointer}/{index}")
    elif kind is int:
        if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
            raise _refusal(pointer, f"the integer {value} is beyond 2**53 - 1; write it as a string")
    elif value is not None and kind is not bool:
        raise _refusal(pointer, f"a {kind.__name__} cannot be recorded; a decimal is written as a string")


def check_characters(value: str, pointer: str = "") -> None:
    """Raises InvalidRequest for half a surrogate pair."""
    if value.isascii():
        return
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _refusal(pointer, "the text holds half of a surrogate pair, which is no character") from None


def _refusal(pointer: str, detail: str) -> errors.InvalidRequest:
    return errors.InvalidRequest(
        f"The value at {pointer or 'the top'} cannot be recorded: {detail}.", [errors.FieldError(pointer, detail)]
    )


def payload_bytes(data: Mapping[str, Any], source: Mapping[str, Any]) -> bytes:
    return canonical({"data": data, "source": source})


def payload_digest(salt: bytes, payload: bytes) -> bytes:
    return hashlib.sha256(salt + payload).digest()


def leaf_hash(entry: bytes) -> bytes:
    """RFC 6962, section 2.1: the zero byte keeps a leaf from being taken for an inner node."""
    return hashlib.sha256(b"\x00" + entry).digest()
