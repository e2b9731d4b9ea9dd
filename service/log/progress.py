"""How long work tells how far it has come."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Told how many events are done, and of how many."""


def silent(_done: int, _of: int) -> None:
    """No progress is shown."""
