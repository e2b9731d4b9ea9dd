"""Things that dates change, by the days that their events name: a page of a calendar reads the streams of its own days,
however many there are of others, and of other countries.

A change comes on a day that an event names, or on the day after. What is vague may have begun before, and is found
apart.
"""

from collections.abc import Iterator
from datetime import date
from heapq import merge
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Integer, Text, bindparam, select, tuple_

from service.domain.dates import ONE_DAY
from service.projections.countries import countries_of
from service.projections.depends import note, noun_key
from service.projections.read_model import ReadModel, Since, Thing, of_streams, things
from service.projections.tables import ALL, AT, COUNTRY, DAY, LIVE, VAGUE, lookups

_PLACE = tuple_(lookups.c.key, lookups.c.stream)
_NAMED = (
    select(lookups.c.key, lookups.c.stream)
    .where(
        lookups.c.generation == LIVE,
        lookups.c.noun == bindparam("noun", type_=Text),
        tuple_(bindparam("from", type_=Text), bindparam("after", type_=Text)) < _PLACE,
        lookups.c.key < bindparam("to", type_=Text),
        lookups.c.known_from <= AT,
    )
    .order_by(lookups.c.key, lookups.c.stream)
    .limit(bindparam("most", type_=Integer))
)
MOST, LEAST = 200, 20
"""How many rows of a country are read at once, at most and at the first where there are many countries."""


def vague_since(
    connection: Connection, model: ReadModel[Thing], at: int, first: date, country: str | None
) -> list[Thing]:
    """The things of which a change may have begun before a day, and may be still to come."""
    of = f"{country} " if country else ""
    return things(connection, model, at, country=country, having=[Since(f"{VAGUE}{of}{first.isoformat()}")])


def changing_from(
    connection: Connection, model: ReadModel[Thing], at: int, first: date, country: str | None
) -> Iterator[tuple[date, list[Thing]]]:
    """The things that may change from a day on, a few days at a time: each list with the day up to which all changes
    are known with it."""
    note((noun_key(model.noun, f"{COUNTRY}{country}" if country else ALL),))
    start = first - ONE_DAY if first > date.min else first
    for through, streams in _together(_days(connection, model, at, start, country)):
        found = of_streams(connection, model, at, streams).values()
        yield through, [one for one in found if country is None or model.concerns(one, country)]


def _together(days: Iterator[tuple[str, list[str]]]) -> Iterator[tuple[date, list[str]]]:
    """Whole days with so many streams that it is worth reading them, each stream once; the last of all at the end."""
    told, streams = set[str](), list[str]()
    for day, of_day in days:
        streams += [stream for stream in dict.fromkeys(of_day) if stream not in told]
        told.update(of_day)
        if len(streams) >= MOST:
            yield date.fromisoformat(day), streams
            streams = []
    yield date.max, streams


def _days(
    connection: Connection, model: ReadModel[Any], at: int, start: date, country: str | None
) -> Iterator[tuple[str, list[str]]]:
    """The days that things name, in order, each with their streams."""
    countries = [country] if country else countries_of(connection, model.noun)
    most = max(MOST // max(len(countries), 1), LEAST)
    rows = merge(*(_named(connection, model.noun, at, one, start=start, most=most) for one in countries))
    for day, of_day in groupby(rows, lambda row: row[0]):
        yield day, [stream for _, stream in of_day]


def _named(
    connection: Connection, noun: str, at: int, country: str, *, start: date, most: int
) -> Iterator[tuple[str, str]]:
    """The days that things of a country name, in order, with the stream of each."""
    begins = f"{DAY}{country} "
    given: dict[str, Any] = {"noun": noun, "at": at, "to": f"{begins.rstrip()}!"}
    key, after = f"{begins}{start.isoformat()}", ""
    while True:
        rows = connection.execute(_NAMED, given | {"from": key, "after": after, "most": most}).all()
        yield from ((row.key.removeprefix(begins), row.stream) for row in rows)
        if len(rows) < most:
            return
        key, after, most = rows[-1].key, rows[-1].stream, min(most * 2, MOST)
