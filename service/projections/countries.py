"""The countries that things of a noun concern, or were ever said to."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, bindparam, func, select

from service.projections.tables import COUNTRY, LIVE, lookups


def _next_countries() -> Select[Any]:
    """One look into the index for each country, however many things it has: the least key, and the least after it."""
    first = select(_least(COUNTRY)).cte("found", recursive=True)
    following = select(_least(first.c.key)).where(first.c.key.is_not(None))
    found = first.union_all(following)
    return select(found.c.key).where(found.c.key.is_not(None))


def _least(after: Any) -> ColumnElement[str]:
    keys = lookups.alias()
    return (
        select(func.min(keys.c.key))
        .where(
            keys.c.generation == LIVE,
            keys.c.noun == bindparam("noun", type_=Text),
            keys.c.key > after,
            keys.c.key < f"{COUNTRY.rstrip()}!",
        )
        .scalar_subquery()
        .label("key")
    )


_COUNTRIES = _next_countries()


def countries_of(connection: Connection, noun: str) -> list[str]:
    """Every country that a key of the noun names, in alphabetical order."""
    return [key.removeprefix(COUNTRY) for key in connection.scalars(_COUNTRIES, {"noun": noun})]
