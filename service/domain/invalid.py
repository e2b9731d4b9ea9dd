"""What pydantic found wrong, as JSON pointers into what was posted, in words of this service.

Of what was posted nothing is repeated but names of fields, so that a misspelled one is found, and only plain ones.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from service.errors import FieldError

MOST_ERRORS = 20
PLAIN_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
WORDS = {
    "union_tag_invalid": "unknown event type",
    "union_tag_not_found": "the event type is required",
    "missing": "this field is required",
    "extra_forbidden": "unknown field",
    "string_pattern_mismatch": "wrong format; see the API reference",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "must have at least {min_length} entries",
    "too_long": "must have at most {max_length} entries",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "int_parsing_size": "has too many digits",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "none_required": "must be null",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "list_type": "must be a list",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
}
"""The limits that stand in them are the catalogue's own."""
A_NUMBER = "not a number: write it like 1.9"
FORMS = {
    "control_code": "not a control code: write it like 1C902 or 3A001.b.2.a",
    **dict.fromkeys(("parameters", "quantity", "content_percent"), A_NUMBER),
}
"""What is said of a text that has not the form that its field, or the one around it, asks for; with an example."""


def plain(name: int | str) -> bool:
    """Whether a name may come back to whoever sent it: it is no longer than a name is, and can hold no markup."""
    return PLAIN_NAME.fullmatch(str(name)) is not None


def pointer_of(path: Iterable[int | str]) -> str:
    """The JSON pointer of a place; of one whose name is not plain, that of the nearest place above whose names are."""
    pointer = ""
    for step in path:
        if not plain(step):
            break
        pointer += f"/{step}"
    return pointer


def said(error: Mapping[str, Any]) -> str:
    """What one error of pydantic's says, in words of this service where it has some."""
    words = WORDS.get(error["type"])
    if error["type"] == "string_pattern_mismatch":
        words = next((FORMS[step] for step in error["loc"][:-3:-1] if step in FORMS), words)
    return str(error["msg"]).removeprefix("Value error, ") if words is None else words.format(**error.get("ctx", {}))


def field_errors(invalid: ValidationError, posted: Any, prefix: str = "") -> list[FieldError]:
    """One error for each place at fault, at most MOST_ERRORS. Where a value fits no form of several, all that each
    form asks for is said in one sentence."""
    found: dict[str, list[str]] = {}
    for error in invalid.errors(include_url=False, include_input=False):
        place = prefix + _pointer(error["loc"], posted, error["type"])
        sentences = found.setdefault(place, [])
        if (sentence := said(error)) not in sentences:
            sentences.append(sentence)
    return [FieldError(place, "; or ".join(sentences)) for place, sentences in list(found.items())[:MOST_ERRORS]]


def _inside(here: Any, part: int | str) -> bool:
    if isinstance(here, Mapping):
        return part in here
    return isinstance(here, list) and isinstance(part, int) and part < len(here)


def _pointer(loc: Sequence[int | str], posted: Any, kind: str) -> str:
    """pydantic names the branches of a union among the keys; only what is in the document counts here."""
    here, path = posted, list[int | str]()
    for index, part in enumerate(loc):
        last = index == len(loc) - 1
        if _inside(here, part):
            here = here[part]
        elif not (last and kind == "missing"):
            continue
        path.append(part)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        path.append("type")
    return pointer_of(path)
