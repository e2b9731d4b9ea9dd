"""What pydantic found wrong, as JSON pointers into what was posted, without repeating what was posted."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from service.errors import FieldError

MOST_ERRORS = 20
LONGEST_STEP = 100
WORDS = {
    "union_tag_invalid": "this is none of the event types in the catalogue",
    "union_tag_not_found": "an event has a type",
    "missing": "this field is required",
    "extra_forbidden": "there is no such field",
}


def step(name: int | str) -> str:
    """One step of a JSON pointer. A name of the client's own is cut where no field's name is that long."""
    return str(name)[:LONGEST_STEP].replace("~", "~0").replace("/", "~1")


def field_errors(invalid: ValidationError, posted: Any, prefix: str = "") -> list[FieldError]:
    """One error for each place at fault, at most MOST_ERRORS. Where a value fits no form of several, all that each
    form asks for is said in one sentence."""
    found: dict[str, list[str]] = {}
    for error in invalid.errors(include_url=False, include_context=False, include_input=False):
        place = prefix + _pointer(error["loc"], posted, error["type"])
        said = WORDS.get(error["type"], error["msg"].removeprefix("Value error, "))
        sentences = found.setdefault(place, [])
        if said not in sentences:
            sentences.append(said)
    return [FieldError(place, "; or ".join(said)) for place, said in list(found.items())[:MOST_ERRORS]]


def _inside(here: Any, part: int | str) -> bool:
    if isinstance(here, Mapping):
        return part in here
    return isinstance(here, list) and isinstance(part, int) and part < len(here)


def _pointer(loc: Sequence[int | str], posted: Any, kind: str) -> str:
    """pydantic names the branches of a union among the keys; only what is in the document counts here."""
    here, pointer = posted, ""
    for index, part in enumerate(loc):
        last = index == len(loc) - 1
        if _inside(here, part):
            here = here[part]
        elif not (last and kind == "missing"):
            continue
        pointer += f"/{step(part)}"
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        pointer += "/type"
    return pointer
