"""How long one answer may keep a core busy. It is looked at for each thing that is read or held against a question, so
that nobody waits long behind a question that is about half the register."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from service.errors import TooBroad


@dataclass(slots=True)
class Budget:
    """`until_s` is CPU time of the thread that the answer is made in."""

    most_ms: int
    until_s: float


_budget: ContextVar[Budget | None] = ContextVar("budget", default=None)


@contextmanager
def within(most_ms: int) -> Iterator[None]:
    """What is done inside, in this thread, takes at most so much of its CPU time."""
    token = _budget.set(Budget(most_ms, time.thread_time() + most_ms / 1000))
    try:
        yield
    finally:
        _budget.reset(token)


@contextmanager
def for_all() -> Iterator[None]:
    """What is done inside is done once for whoever asks: no answer has to pay for it."""
    budget, started = _budget.get(), time.thread_time()
    token = _budget.set(None)
    try:
        yield
    finally:
        _budget.reset(token)
        if budget is not None:
            budget.until_s += time.thread_time() - started


def spend() -> None:
    """Raises TooBroad where the time is over."""
    budget = _budget.get()
    if budget is not None and time.thread_time() > budget.until_s:
        raise TooBroad(
            f"This takes more than {budget.most_ms:,} ms of work. Name goods, a controlling country or a company, "
            "or ask for fewer days."
        )
