"""The tables of watches. They are no part of the log: nothing that was recorded follows from them, and a rebuild of the
read models leaves them. Migrations make them.

Instants are whole microseconds since 1970 in UTC, days `YYYY-MM-DD`, `says`, `ask`, `secrets` and `told` JSON.
"""

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, Table, Text

metadata = MetaData()

# `position` and `day`: what the first answer knew, and was for. Until `caught_up` the watch is behind the cursor.
# `changes` is the number of the last change.
watches = Table(
    "watches",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text),
    Column("ask", Text, nullable=False),
    Column("webhook", Text),
    Column("secrets", Text),
    Column("paused", Boolean, nullable=False),
    Column("actor", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("day", Text, nullable=False),
    Column("caught_up", Boolean, nullable=False),
    Column("headline", Text, nullable=False),
    Column("says", Text, nullable=False),
    Column("next_day", Text),
    Column("changes", Integer, nullable=False),
)

# What the answer of a watch depends on; see touching.py.
keys = Table(
    "watch_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("watch", Text, primary_key=True),
)

# What is told of a watch. `state` is that of its delivery: none, pending, delivered or dead.
changes = Table(
    "watch_changes",
    metadata,
    Column("watch", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("told", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=False),
)

# Each try to deliver a change; number 0 is a ping.
attempts = Table(
    "watch_attempts",
    metadata,
    Column("watch", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("status", Integer),
    Column("problem", Text),
    Column("took_ms", Integer, nullable=False),
)

# One row: up to where every watch that is caught up was evaluated, and which process does that until when.
cursor = Table(
    "watch_cursor",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("day", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("held_until", BigInteger, nullable=False),
)

TABLES = (watches, keys, changes, attempts, cursor)
