"""Random bytes from the system, fetched many at once: asked for one by one, they cost more than what they are for."""

import os
from collections import deque

BYTES = 16
TOGETHER = 256

_kept: deque[bytes] = deque()
# A process and its child must not go on with the same ones.
os.register_at_fork(after_in_child=_kept.clear)


def random_16() -> bytes:
    """16 bytes that nobody was given before, good enough for a secret. Safe in every thread."""
    try:
        return _kept.popleft()
    except IndexError:
        first, *others = _split(os.urandom(BYTES * TOGETHER))
        _kept.extend(others)
        return first


def _split(block: bytes) -> list[bytes]:
    return [block[start : start + BYTES] for start in range(0, len(block), BYTES)]
