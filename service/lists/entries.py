"""What a published list holds: its entries as of a day, whatever form it came in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from service.domain.countries import names
from service.domain.dates import bounds
from service.errors import FieldError, InvalidRequest

MOST_BYTES = 200_000_000
MOST_ENTRIES = 50_000
MOST_NAMES = 200
"""Of one entry: its name and its aliases."""
LONGEST_NAME = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One party on a list. Without a country it can only be described. `first` and `last` are its days, if stated."""

    name: str
    aliases: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    first: str | None = None
    last: str | None = None
    notice: str | None = None
    policy: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """A list as it was published: `code` is its short name, `day` that of the edition, None where the file has none."""

    code: str
    title: str
    day: str | None
    entries: tuple[Entry, ...]


def limited(raw: bytes) -> bytes:
    """Raises InvalidRequest for a file that is larger than any such list."""
    if len(raw) > MOST_BYTES:
        raise InvalidRequest(f"The file has {len(raw)} bytes; a list may have {MOST_BYTES}.")
    return raw


def day(text: object, where: str) -> str | None:
    """A plain day, YYYY-MM-DD, or None for nothing. Raises InvalidRequest."""
    if text is None or text == "":
        return None
    if isinstance(text, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip(), re.ASCII):
        try:
            bounds(text.strip())
            return text.strip()
        except ValueError:
            pass
    raise InvalidRequest("A day is written YYYY-MM-DD.", [FieldError(where, "not a day in the calendar")])


def country(text: object) -> str | None:
    """A code that the register knows; None for what is none, since a name alone tells no country."""
    code = text.strip().upper() if isinstance(text, str) else ""
    return code if code in names() else None


def once(texts: Iterable[object]) -> tuple[str, ...]:
    """Names without repeats and blanks, in their order."""
    cleaned = (" ".join(text.split())[:LONGEST_NAME] for text in texts if isinstance(text, str))
    return tuple(dict.fromkeys(text for text in cleaned if text))[:MOST_NAMES]
