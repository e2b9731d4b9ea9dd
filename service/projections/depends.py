"""What an answer depends on, as plain keys, and which of them events touch. Where the two have no key in common, the
events leave the answer as it is.

Whatever reads the read models notes what it looked for, so that no dependency has to be named a second time:

    made, depends = depends_on(lambda: answer(question, known, on))
    if depends.touched_by(touched(connection, after, through)): the answer may be another one now

An answer also depends on its day: what a date changes by itself, no event touches.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import BigInteger, BindParameter, Connection, Text, and_, bindparam, exists, select

from service.domain.company import alike
from service.log.tables import events
from service.projections.tables import (
    AT,
    COUNTRY,
    DAY,
    DIGESTED,
    GOODS,
    LIVE,
    NAMED,
    PUBLISHED,
    TIER,
    VAGUE,
    lookups,
)

Found = TypeVar("Found")

EVERYTHING = "everything"
"""Touched by what may change any answer: a redaction, and more events than are looked at one by one."""
CONTROLLERS = "controllers"
"""Touched by the first thing that a country restricts or licenses."""
LONG_NAME = "long name"
"""Touched by a company's name that no key tells in full."""
MOST_EVENTS = 1_000
"""How many events are looked at one by one."""
CONTROLLED = ("restriction", "license")


@dataclass(frozen=True, slots=True)
class Depends:
    """The keys that an answer depends on. `stream license/x`: the thing of a stream. `license goods CN {…}`: any thing
    of a noun with a key of the look-ups. `restriction new goods CN`: a line of goods that no restriction of the country
    had before. `published CN`: a source about the country that is newer than all before."""

    keys: frozenset[str] = frozenset()

    def touched_by(self, touched: Collection[str]) -> bool:
        return EVERYTHING in touched or not self.keys.isdisjoint(touched)


_noting: ContextVar[set[str] | None] = ContextVar("noting", default=None)


def depends_on(make: Callable[[], Found]) -> tuple[Found, Depends]:
    """What is made, and what it depends on: all that it read of the read models, at whatever depth."""
    with noted() as keys:
        made = make()
    return made, Depends(frozenset(keys))


@contextmanager
def noted() -> Iterator[set[str]]:
    """Gathers what is noted inside; whoever gathers around it gets it too."""
    outer, inner = _noting.get(), set[str]()
    token = _noting.set(inner)
    try:
        yield inner
    finally:
        _noting.reset(token)
        if outer is not None:
            outer |= inner


@contextmanager
def unnoted() -> Iterator[None]:
    """For a read of which the reader notes by itself what matters."""
    token = _noting.set(None)
    try:
        yield
    finally:
        _noting.reset(token)


def note(keys: Iterable[str]) -> None:
    gathered = _noting.get()
    if gathered is not None:
        gathered.update(keys)


def stream_key(stream: str) -> str:
    return f"stream {stream}"


def noun_key(noun: str, key: str) -> str:
    return f"{noun} {key}"


def new_goods(noun: str, country: str) -> str:
    return f"{noun} new {GOODS}{country}"


def newest_of(country: str) -> str:
    return f"{PUBLISHED}{country}"


_AFTER: BindParameter[int] = bindparam("after", type_=BigInteger)
_STREAMS: BindParameter[Sequence[str]] = bindparam("streams", expanding=True, type_=Text)
_EVENTS = (
    select(events.c.stream, events.c.type)
    .where(events.c.position > _AFTER, events.c.position <= AT)
    .order_by(events.c.position)
    .limit(MOST_EVENTS + 1)
)
_REDACTION = (
    select(events.c.position)
    .where(events.c.type == "record.redacted", events.c.position > _AFTER, events.c.position <= AT)
    .limit(1)
)
_before = lookups.alias()
_KEYS = select(
    lookups.c.noun,
    lookups.c.key,
    lookups.c.known_from,
    and_(
        lookups.c.known_from > _AFTER,
        ~exists().where(
            _before.c.generation == LIVE,
            _before.c.noun == lookups.c.noun,
            _before.c.key == lookups.c.key,
            _before.c.known_from <= _AFTER,
        ),
    ).label("new"),
).where(lookups.c.generation == LIVE, lookups.c.stream.in_(_STREAMS))
_NEWER = (
    select(lookups.c.key)
    .where(
        lookups.c.generation == LIVE,
        lookups.c.key >= bindparam("from", type_=Text),
        lookups.c.key < bindparam("to", type_=Text),
        lookups.c.known_from <= _AFTER,
        lookups.c.noun == bindparam("noun", type_=Text),
    )
    .limit(1)
)
DATED = ("restriction", "license", "milestone", "note")
"""The nouns by whose sources it is told how far the record reaches about a country."""


def touched(connection: Connection, after: int, through: int) -> frozenset[str]:
    """The keys that the events behind a log position touch, up to and including another: those that their streams have
    and had, and what is new with them."""
    found = connection.execute(_EVENTS, {"after": after, "at": through}).all()
    if len(found) > MOST_EVENTS or any(row.type == "record.redacted" for row in found):
        return frozenset({EVERYTHING})
    streams = sorted({row.stream for row in found})
    keys = {stream_key(stream) for stream in streams}
    if not streams:
        return frozenset()
    newest: dict[str, str] = {}
    for noun, key, known_from, new in connection.execute(_KEYS, {"after": after, "streams": streams}):
        if key.startswith(NAMED) and known_from > after:
            # A name that another company has already may mean this one, too.
            keys.update(_alike(key))
        if key.startswith(PUBLISHED):
            country, _, day = key.removeprefix(PUBLISHED).partition(" ")
            if new and noun in DATED:
                newest[country] = max(day, newest.get(country, ""))
        elif not key.startswith((DAY, VAGUE, TIER)):
            keys.add(noun_key(noun, key))
            keys.update(_new(noun, key) if new else ())
    keys |= {newest_of(country) for country, day in newest.items() if not _as_new(connection, country, day, after)}
    return frozenset(keys)


def redacted_since(connection: Connection, after: int, through: int) -> bool:
    """Whether anything was redacted behind a log position, up to and including another."""
    return connection.execute(_REDACTION, {"after": after, "at": through}).first() is not None


def _new(noun: str, key: str) -> Iterator[str]:
    """What a key touches that nothing of the noun had before."""
    if key.startswith(GOODS):
        yield new_goods(noun, key.removeprefix(GOODS).partition(" ")[0])
    elif key.startswith(COUNTRY) and noun in CONTROLLED:
        yield CONTROLLERS


def _alike(key: str) -> Iterable[str]:
    """What a company's name touches. A long one is told by its digest alone: it may be like any."""
    return [LONG_NAME] if DIGESTED.search(key) else alike.keys_of(key.removeprefix(NAMED))


def _as_new(connection: Connection, country: str, day: str, after: int) -> bool:
    """Whether a source about a country that was recorded before is as new, or newer."""
    given = {"from": f"{PUBLISHED}{country} {day}", "to": f"{PUBLISHED}{country}!", "after": after}
    return any(connection.execute(_NEWER, given | {"noun": noun}).first() for noun in DATED)
