"""What every read model is, and how its things are read: found by key, folded once, at any log position.

A question at knowledge K takes the records up to K. The past costs what the present costs, whatever the length of the
log.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Connection

from service.domain.claims import Ledger, Record, published_by
from service.domain.fallen import Fallen, fallen
from service.domain.ledger import ledger
from service.log import read
from service.log.dialect import Query
from service.projections.budget import spend
from service.projections.depends import note, noun_key, stream_key
from service.projections.folds import Key, folds_of
from service.projections.kept import kept_of
from service.projections.keys import Says
from service.projections.seen import public_by
from service.projections.tables import ALL, COUNTRY, GOODS, INSTRUMENT, LISTS, NUMBERED, live, lookups

Thing = TypeVar("Thing")

TOGETHER = 500
"""How many streams are read by one statement."""


@dataclass(frozen=True, eq=False)
class ReadModel(Generic[Thing]):
    """One noun, how its things follow from their records, and what they are looked up by.

    `keys` gives what an event's data is found by; `concerns` says whether a thing concerns a country.
    """

    noun: str
    fold: Callable[[Ledger], Thing | None]
    keys: Says
    concerns: Callable[[Thing, str], bool]
    dated: bool = False
    """Whether dates change its things by themselves, so that they are looked up by days."""
    apart: str = ""
    """Names another way to fold the same streams, so that what is kept of one is not taken for the other."""

    @property
    def fallen(self) -> "ReadModel[Fallen[Any]]":
        """The same things as if nothing that was said of them had fallen, where something was set aside."""
        return ReadModel(
            noun=self.noun,
            fold=lambda found: fallen(found, self.fold),
            keys=self.keys,
            concerns=lambda one, country: self.concerns(one.as_if, country),
            dated=self.dated,
            apart="fallen",
        )


@dataclass(frozen=True, slots=True)
class Since:
    """Any key from this one on, of those that differ in their last word."""

    key: str

    @property
    def end(self) -> str:
        """What comes after all keys that differ in their last word: a blank is followed by an exclamation mark."""
        return f"{self.key.rpartition(' ')[0]}!"


AnyOf = Sequence[str] | Since
"""A thing that is looked for has one of these keys."""


def things(
    connection: Connection,
    model: ReadModel[Thing],
    at: int,
    *,
    country: str | None = None,
    after: str = "",
    limit: int | None = None,
    having: Sequence[AnyOf] = (),
) -> list[Thing]:
    """The things known at a log position, in order of their streams; those whose description fell away are left out.

    They are narrowed to those that concern a `country`, to at most `limit` of those `after` a stream, and to those that
    may have a key of each of `having`. A key finds what it was ever given for: the caller looks at what is found.
    """
    wanted = [*having, *([[f"{COUNTRY}{country}"]] if country else [])] or [[ALL]]
    note(noun_key(model.noun, key) for key in _looked_for(wanted))
    found: list[Thing] = []
    while True:
        streams = _streams(connection, model, at, wanted, (after, limit))
        folded = _folded(connection, model, at, streams)
        found += [one for one in folded if one is not None and (country is None or model.concerns(one, country))]
        if limit is None or len(streams) < limit or len(found) >= limit:
            return found[:limit]
        after = streams[-1][0]


def _looked_for(wanted: Sequence[AnyOf]) -> Sequence[str]:
    """Keys of which everything that is looked for has one: those of the list that tells most."""
    lists = [keys for keys in wanted if not isinstance(keys, Since)]
    return min(lists, key=lambda keys: _tells(keys[0]), default=[ALL]) if all(lists) else []


def _tells(key: str) -> int:
    word = f"{key.partition(' ')[0]} "
    return TELLING.index(word) if word in TELLING else len(TELLING)


TELLING = (NUMBERED, GOODS, "user ", "licensee ", LISTS, INSTRUMENT, COUNTRY)
"""What keys begin with, those that the fewest things share first."""


def either(connection: Connection, model: ReadModel[Thing], at: int, ways: Sequence[Sequence[AnyOf]]) -> list[Thing]:
    """The things that may have a key of each list of one of the `ways`, in order of their streams."""
    wanted = set[Key]()
    for having in ways:
        note(noun_key(model.noun, key) for key in _looked_for(having))
        wanted.update(_streams(connection, model, at, having, ("", None)))
    return [one for one in _folded(connection, model, at, sorted(wanted)) if one is not None]


def by_country(
    countries: Iterable[str], found: Iterable[Thing], country_of: Callable[[Thing], str]
) -> dict[str, list[Thing]]:
    """The things of each of some countries. What a key was once given for may be another country's by now."""
    of: dict[str, list[Thing]] = {country: [] for country in countries}
    for one in found:
        if (country := country_of(one)) in of:
            of[country].append(one)
    return of


def none_of(connection: Connection, model: ReadModel[Any], at: int, country: str) -> bool:
    """Whether nothing on record concerns a country, so that nothing has to be looked for among its things."""
    ours = [[f"{COUNTRY}{country}"]]

    def find() -> bool:
        found = _looked_up(connection, model, at, ours, ("", 1))
        if not found:
            note((noun_key(model.noun, ours[0][0]),))
        return not found

    return kept_of(connection.engine).once(connection, at, ("none of", model.noun, country), find, lambda _: KEY_BYTES)


def more_than(connection: Connection, model: ReadModel[Any], at: int, having: Sequence[AnyOf], most: int) -> bool:
    """Whether more than so many things may have a key of each list."""

    def find() -> bool:
        note(noun_key(model.noun, key) for key in _looked_for(having))
        return len(_looked_up(connection, model, at, having, ("", most + 1))) > most

    asked = "more than", most, model.noun, tuple(keys if isinstance(keys, Since) else tuple(keys) for keys in having)
    return kept_of(connection.engine).once(connection, at, asked, find, lambda _: KEY_BYTES)


def thing(connection: Connection, model: ReadModel[Thing], at: int, stream: str) -> Thing | None:
    return of_streams(connection, model, at, [stream]).get(stream)


def of_streams(connection: Connection, model: ReadModel[Thing], at: int, streams: Iterable[str]) -> dict[str, Thing]:
    """Those of the streams that describe a thing at a log position."""
    wanted = sorted(set(streams))
    note(stream_key(stream) for stream in wanted)
    last = _last_of(connection, wanted, at)
    folded = _folded(connection, model, at, last)
    return {stream: one for (stream, *_), one in zip(last, folded, strict=True) if one is not None}


def as_known_after(
    connection: Connection, model: ReadModel[Thing], stream: str, positions: Sequence[int], by: date | None = None
) -> list[Thing | None]:
    """A stream's thing as it was known right after each of some positions, of what was public `by` a day. Its
    records are read once."""
    note((stream_key(stream),))
    found = next(read.records(connection, [stream], max(positions, default=0)), None)
    records = _public(found[1] if found else [], by)
    return [model.fold(ledger(stream, [one for one in records if one.position <= at])) for at in positions]


def exists(connection: Connection, at: int, stream: str) -> bool:
    """Whether anything was recorded in the stream up to a log position, be it retracted since."""
    note((stream_key(stream),))
    return bool(_last_of(connection, [stream], at))


_REDACTED = "SELECT coalesce(max(position), 0) FROM events WHERE type = 'record.redacted'"
_LAST = Query(
    f"SELECT stream, max(position), ({_REDACTED}) FROM events "  # noqa: S608
    "WHERE stream IN ?* AND position <= ? GROUP BY stream ORDER BY stream"
)


def _last_of(connection: Connection, streams: list[str], at: int) -> list[Key]:
    """Those of the streams that have a record, with the last position of each and that of the last redaction."""
    return cast(list[Key], _LAST.rows(connection, (streams, at))) if streams else []


def _streams(
    connection: Connection, model: ReadModel[Any], at: int, wanted: Sequence[AnyOf], page: tuple[str, int | None]
) -> Sequence[Key]:
    """The streams that have a key of each list, with the last position of each and that of the last redaction.

    `page` is the stream after which they begin, and how many there are at most.
    """
    after, limit = page
    if limit is not None:
        return _looked_up(connection, model, at, wanted, page)

    def find() -> Sequence[Key]:
        note(noun_key(model.noun, key) for key in _looked_for(wanted))
        return _looked_up(connection, model, at, wanted, page)

    asked = model.noun, after, tuple(keys if isinstance(keys, Since) else tuple(keys) for keys in wanted)
    return kept_of(connection.engine).once(connection, at, asked, find, lambda found: KEY_BYTES * (len(found) + 1))


KEY_BYTES = 200
"""What a stream takes that was found by its keys."""


def _looked_up(
    connection: Connection, model: ReadModel[Any], at: int, wanted: Sequence[AnyOf], page: tuple[str, int | None]
) -> Sequence[Key]:
    after, limit = page
    values: list[Any] = [at, model.noun, at, after]
    for number, keys in enumerate(wanted):
        values += [model.noun] if number else []
        values += [keys.key, keys.end] if isinstance(keys, Since) else [keys[0] if len(keys) == 1 else list(keys)]
    shape = tuple("range" if isinstance(keys, Since) else "one" if len(keys) == 1 else "list" for keys in wanted)
    values += [] if limit is None else [limit]
    return cast(list[Key], _query(shape, limited=limit is not None).rows(connection, values))


ONE_OF = {"range": "BETWEEN ? AND ?", "one": "= ?", "list": "IN ?*"}


@cache
def _query(shape: tuple[str, ...], *, limited: bool) -> Query:
    """The streams that have a key of each list; a list is of that shape. A stream that has several keys of one is found
    once."""
    of_live = f"generation = (SELECT generation FROM {live.name})"  # noqa: S608
    others = "".join(
        f" AND EXISTS (SELECT 1 FROM {lookups.name} WHERE {of_live} AND noun = ? AND stream = found.stream "  # noqa: S608
        f"AND key {ONE_OF[kind]})"
        for kind in shape[1:]
    )
    return Query(
        f"SELECT {'' if shape[0] == 'one' else 'DISTINCT '}stream, "  # noqa: S608
        f"(SELECT max(position) FROM events WHERE stream = found.stream AND position <= ?), ({_REDACTED}) "
        f"FROM {lookups.name} AS found WHERE {of_live} AND noun = ? AND known_from <= ? AND stream > ? "
        f"AND key {ONE_OF[shape[0]]}{others} ORDER BY stream{' LIMIT ?' if limited else ''}"
    )


def _folded(connection: Connection, model: ReadModel[Thing], at: int, streams: Sequence[Key]) -> list[Thing | None]:
    """The thing of each stream, None where nothing that stands describes it; those not kept are read and folded."""
    day = public_by(at)
    if day or model.apart:
        # What was public by a day, or is folded in another way, is kept apart.
        streams = [(f"{stream} {model.apart} {day or ''}", last, redacted) for stream, last, redacted in streams]
    folds = folds_of(connection.engine)
    kept: Mapping[Key, Thing | None] = folds.get(streams)
    missing = {key[0].partition(" ")[0]: key for key in streams if key not in kept}
    made: dict[Key, Thing | None] = {}
    for stream, records, size_bytes in read.records(connection, list(missing), at, TOGETHER):
        spend()
        key = missing[stream]
        made[key] = model.fold(ledger(stream, _public(records, day)))
        folds.keep(key, made[key], size_bytes)
    return [kept[key] if key in kept else made[key] for key in streams]


def _public(records: Sequence[Record], day: date | None) -> Sequence[Record]:
    return published_by(records, day) if day else records
