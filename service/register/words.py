"""How a provision is called inside a sentence."""

from service.domain.countries import in_sentence
from service.domain.restriction.considered import Considered
from service.register import titles
from service.register.asking import Asking

LONGEST = 80
"""How many characters of a title a headline repeats."""


def by(one: Considered) -> str:
    """The act that a provision is a part of, by its number where it has one."""
    number, title = titles.number(one.provision), titles.provision(one.provision)
    if number is None:
        named = one.provision.instrument is not None or one.provision.label is not None
        return f"“{title}”" if named else titles.untitled(one.provision)
    return number


def of_country(act: str, one: Considered, asking: Asking) -> str:
    """An act with its country, where the question asks about no country's rules alone. An untitled one has it."""
    titled = act != titles.untitled(one.provision) and asking.question.controller is None
    return f"{act} of {in_sentence(one.provision.controller)}" if titled else act


def by_title(one: Considered) -> str:
    """The act, by its number and its title."""
    number, title = titles.number(one.provision), titles.provision(one.provision)
    shown = title if len(title) <= LONGEST else f"{title[:LONGEST].rsplit(' ', 1)[0]}…"
    return f"{number} (“{shown}”)" if number and title != number else by(one)
