"""What was found, kept for the next time: of texts, which mostly come from clients, within a bound of bytes; and of a
thing, with the thing, for the last few days asked about."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache, wraps
from typing import Generic, TypeVar

Found = TypeVar("Found")


def kept(texts: int, longest: int) -> Callable[[Callable[[str], Found]], Callable[[str], Found]]:
    """Keeps what was found for the last `texts` texts; one of more than `longest` characters is read anew each time.

    A character takes at most four bytes, and what is found about as much as its text: the bound is 8 × texts × longest.
    """

    def keeping(find: Callable[[str], Found]) -> Callable[[str], Found]:
        cached = lru_cache(texts)(find)

        @wraps(find)
        def found(text: str) -> Found:
            return cached(text) if len(text) <= longest else find(text)

        return found

    return keeping


MOST_DAYS = 4
"""How many days are kept of one thing. A status asks about one, and about those on which its licenses were issued."""


class LastDays(Generic[Found]):
    """At most `MOST_DAYS` of them; a further one takes the place of the one that was found first."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[date, Found] = {}

    def on(self, day: date, find: Callable[[date], Found]) -> Found:
        """What is kept for a day, else what is found for it. Threads that ask at once may each find it."""
        kept = self._found.get(day)
        if kept is None:
            kept = find(day)
            left = list(self._found.items())[1 - MOST_DAYS :]
            # A new mapping, not a change of the old one, which another thread may be reading.
            self._found = {**dict(left), day: kept}
        return kept

    def __len__(self) -> int:
        return len(self._found)


class Once(Generic[Found]):
    """What is found of a thing whatever the day, kept with it. Threads that ask at once may each find it."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: list[Found] = []

    def once(self, find: Callable[[], Found]) -> Found:
        if not self._found:
            self._found = [find()]
        return self._found[0]
