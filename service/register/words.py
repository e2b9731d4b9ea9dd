"""How a provision is called inside a sentence."""

from service.domain.determine import Considered
from service.register import titles


def by(one: Considered) -> str:
    """The act that a provision is a part of, by its number where it has one."""
    number, title = titles.number(one.provision), titles.provision(one.provision)
    if number is None:
        named = one.provision.instrument is not None or one.provision.label is not None
        return f"“{title}”" if named else title
    return number


def by_title(one: Considered) -> str:
    """The act, by its number and its title."""
    number, title = titles.number(one.provision), titles.provision(one.provision)
    return f"{number} (“{title}”)" if number and title != number else by(one)
