"""What was found of a thing for the last few days asked about: a request asks hundreds of rows about the same day."""

from collections.abc import Callable
from datetime import date
from typing import Generic, TypeVar

MOST_DAYS = 4
"""How many days are kept of one thing. A status asks about one, and about those on which its licenses were issued."""

Found = TypeVar("Found")


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
