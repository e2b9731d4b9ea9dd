"""How a provision is called inside a sentence."""

from service.domain.restriction.considered import Considered
from service.register import titles

LONGEST = 80
"""How many characters of a title a headline repeats."""


def by(one: Considered) -> str:
    """The act that a provision is a part of, by its number where it has one."""
    number, title = titles.number(one.provision), titles.provision(one.provision)
    if number is None:
        named = one.provision.instrument is not None or one.provision.label is not None
        return f"“{title}”" if named else titles.untitled(one.provision)
    return number


def by_title(one: Considered) -> str:
    """The act, by its number and its title."""
    number, title = titles.number(one.provision), titles.provision(one.provision)
    shown = title if len(title) <= LONGEST else f"{title[:LONGEST].rsplit(' ', 1)[0]}…"
    return f"{number} (“{shown}”)" if number and title != number else by(one)
