"""What functions of one text found, kept for the next time, within a bound of bytes: most texts come from clients."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

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
