"""Pages of what is put together for an answer: in one order, from the cursor on that the page before it ended at.

A cursor is the place of the page's last entry in that order, so that nothing is left out or told twice by what was
recorded in between. Clients pass it on as it is.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from service.api.http.parameters import Limit, Strict
from service.errors import FieldError, InvalidRequest

Place = tuple[str, ...]
Item = TypeVar("Item")
Cursor = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[A-Za-z0-9_-]+$")]


class Paged(Strict):
    after: Annotated[Cursor | SkipJsonSchema[None], Field(description="The `next_after` of the page before.")] = None
    limit: Limit = 100


def page_of(items: Sequence[Item], place: Callable[[Item], Place], asked: Paged) -> tuple[list[Item], str | None]:
    """The entries of a page in the order of their places, and the cursor of the next page where there is one.

    Raises InvalidRequest for a cursor that is none.
    """
    after = place_after(asked.after)
    ordered = sorted(items, key=place)
    left = [item for item in ordered if after is None or place(item) > after]
    shown = left[: asked.limit]
    return shown, cursor(place(shown[-1])) if len(left) > asked.limit else None


def cursor(place: Place) -> str:
    return urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place_after(sent: str | None) -> Place | None:
    """The place that a cursor stands for; None without one. Raises InvalidRequest for one that is none."""
    if sent is None:
        return None
    try:
        read = json.loads(urlsafe_b64decode(sent + "=" * (-len(sent) % 4)))
    except (Error, ValueError, RecursionError) as unread:
        raise _no_cursor() from unread
    if not (isinstance(read, list) and all(isinstance(step, str) for step in read)):
        raise _no_cursor()
    return tuple(read)


def _no_cursor() -> InvalidRequest:
    return InvalidRequest("The cursor cannot be read.", [FieldError("after", "the next_after of a page of this list")])
