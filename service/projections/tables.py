"""The tables of the read models: what things are looked up by.

The records themselves are read from the log, which holds each of them once.
"""

import re
from hashlib import sha256

from sqlalchemy import BigInteger, BindParameter, Column, Integer, MetaData, Table, Text, bindparam, select

metadata = MetaData()

# One row: the generation of rows that questions read, the newest one that was begun, the log position that the rows of
# the live one stand at, and the form of keys that they were made in. A rebuild writes a generation of its own beside
# the live one.
live = Table(
    "read_models",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("newest", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("form", Integer, nullable=False),
)
LIVE = select(live.c.generation).scalar_subquery()

FORM = 8
"""The form of the keys. Raise it with any change of what keys an event gives: rows of another form are made anew, by
`lodestone db upgrade`, before the service takes or answers anything."""

# The generations that a rebuild has begun, each with the log position that it has come to and the form of its keys.
rebuilds = Table(
    "rebuilds",
    metadata,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("form", Integer, nullable=False),
)

# A key, once given, stays: it may find a thing too many, which its fold then leaves out. `known_from` is the log
# position of the first event that gave it.
lookups = Table(
    "lookups",
    metadata,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("noun", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("known_from", BigInteger, nullable=False),
)

TABLES = (lookups,)
"""Every table that holds a generation of rows."""

AT: BindParameter[int] = bindparam("at", type_=BigInteger)

ALL = "all"
"""The key that every stream has."""
AGAIN = "again"
"""The key of a stream with more than one record: nothing can contradict a single one."""
COMMENTARY = "commentary"
"""The key of a stream in which commentary stands: it moves no status, and is set aside."""
SET_ASIDE = (AGAIN, COMMENTARY)
"""Of a stream with neither key nothing was set aside."""
COUNTRY = "country "
"""What the keys of the countries that a thing concerns begin with."""
PUBLISHED = "published "
"""What the keys begin with of the days on which a source about a country was published: the country, then the day."""
GOODS = "goods "
"""What the keys of the goods that a record names begin with: the country that the thing concerns, then the line."""
NAMED, NUMBERED = "name ", "number "
"""What the keys of a company's names and numbers begin with."""
DAY = "day "
"""What the keys begin with of the days that an event of a thing names, on or after which it may change by itself: the
country, then the day."""
VAGUE = "vague "
"""What the keys begin with of days that are none for certain: the last day that may be meant; and the same with the
country before it."""
TIER = "tier "
"""What the keys begin with of the tiers of a stream's sources."""
CONTESTED = "contested"
"""The key of a stream in which one record may contradict another."""
REPORTED = "reported"
"""The key of a restriction of which a state was reported."""
LISTS = "lists "
"""What the keys begin with of the registered companies that a restriction lists; or of anyone whom it may mean."""
EVERYBODY = "everybody"
"""The key of a restriction that lists no parties."""
INSTRUMENT = "instrument "
"""What the keys begin with of the numbers of instruments."""
LONGEST_KEY_BYTES = 1_000
"""PostgreSQL indexes no more than some 2,700 bytes."""


DIGESTED = re.compile(r" [0-9a-f]{64}$")
"""How a key ends that is told by its digest."""


def bounded(key: str) -> str:
    """A key that an index can hold: one that is too long is told by its digest."""
    # No character takes more than four bytes.
    if len(key) <= LONGEST_KEY_BYTES // 4:
        return key
    written = key.encode()
    if len(written) <= LONGEST_KEY_BYTES:
        return key
    return f"{written[:100].decode(errors='ignore')} {sha256(written).hexdigest()}"
