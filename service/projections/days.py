"""Things that dates change, by the days that their events name: a page of a calendar reads the streams of its own days,
however many there are of others.

A change comes on a day that an event names, or on the day after. What is vague may have begun before, and is found
apart.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Integer, Text, bindparam, select

from service.domain.dates import ONE_DAY
from service.projections.depends import note, noun_key
from service.projections.read_model import ReadModel, Since, Thing, of_streams, things
from service.projections.tables import ALL, AT, COUNTRY, DAY, LIVE, VAGUE, lookups

_of_country = lookups.alias()
_NAMED = (
    select(lookups.c.key, lookups.c.stream)
    .where(
        lookups.c.generation == LIVE,
        lookups.c.noun == bindparam("noun", type_=Text),
        lookups.c.key >= bindparam("from", type_=Text),
        lookups.c.key < f"{DAY.rstrip()}!",
        lookups.c.known_from <= AT,
    )
    .order_by(lookups.c.key, lookups.c.stream)
    .limit(bindparam("most", type_=Integer))
)
_NAMED_OF_COUNTRY = _NAMED.where(
    select(_of_country.c.stream)
    .where(
        _of_country.c.generation == LIVE,
        _of_country.c.noun == lookups.c.noun,
        _of_country.c.key == bindparam("country", type_=Text),
        _of_country.c.stream == lookups.c.stream,
    )
    .exists()
)
MOST = 200
"""How many rows are read at once, at the first; of a day that has more, all."""


def vague_since(
    connection: Connection, model: ReadModel[Thing], at: int, first: date, country: str | None
) -> list[Thing]:
    """The things of which a change may have begun before a day, and may be still to come."""
    return things(connection, model, at, country=country, having=[Since(f"{VAGUE}{first.isoformat()}")])


def changing_from(
    connection: Connection, model: ReadModel[Thing], at: int, first: date, country: str | None
) -> Iterator[tuple[date, list[Thing]]]:
    """The things that may change from a day on, a few days at a time: each list with the day up to which all changes
    are known with it."""
    note((noun_key(model.noun, f"{COUNTRY}{country}" if country else ALL),))
    start = first - ONE_DAY if first > date.min else first
    told = set[str]()
    while True:
        rows, through = _rows(connection, model, at, start, country)
        streams = [stream for stream in dict.fromkeys(row.stream for row in rows) if stream not in told]
        told.update(streams)
        found = of_streams(connection, model, at, streams)
        yield through, [one for one in found.values() if country is None or model.concerns(one, country)]
        if through == date.max:
            return
        start = through + ONE_DAY


def _rows(
    connection: Connection, model: ReadModel[Any], at: int, start: date, country: str | None
) -> tuple[Sequence[Any], date]:
    """The rows of the next whole days, and the last of these days; the last of all where no rows follow."""
    most = MOST
    given: dict[str, Any] = {"noun": model.noun, "at": at, "from": f"{DAY}{start.isoformat()}"}
    given |= {"country": f"{COUNTRY}{country}"} if country else {}
    while True:
        rows = connection.execute(_NAMED_OF_COUNTRY if country else _NAMED, given | {"most": most}).all()
        if len(rows) < most:
            return rows, date.max
        days = [(day, list(of_day)) for day, of_day in groupby(rows, lambda row: str(row.key))]
        if len(days) > 1:
            whole = [row for _, of_day in days[:-1] for row in of_day]
            return whole, date.fromisoformat(days[-2][0].removeprefix(DAY))
        most *= 2
