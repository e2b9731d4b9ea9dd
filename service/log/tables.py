"""The log's tables, as queries see them. Migrations make them, with the triggers that keep them append-only.

Hashes and salts are bytes; `recorded_at` is whole microseconds since 1970 in UTC, so that it reads back bit for bit on
every database; JSON is canonical text, because JSONB does not keep bytes.
"""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text

# On SQLite only a column declared INTEGER can be the row's own number; it holds 64 bits all the same.
Position = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData()

# One row. Whoever appends locks it first, which makes the order of commits the order of positions.
head = Table(
    "head",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("position", Position, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),
    # The roots of the complete subtrees that the tree's size is the sum of, left to right, 32 bytes each.
    Column("peaks", LargeBinary, nullable=False),
    # Raised by hand where a log goes on from a restored copy, so that readers know to compare checkpoints.
    Column("epoch", Integer, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("stream", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("effective", Text),
    Column("recorded_at", BigInteger, nullable=False, unique=True),
    Column("actor", Text, nullable=False),
    Column("metadata", Text, nullable=False),
    Column("payload_digest", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

# Apart from the envelope: a redaction empties salt and payload, and every hash stays as it is.
payloads = Table(
    "payloads",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("salt", LargeBinary),
    Column("payload", Text),
)

# Roots of complete subtrees of 2**level leaves, from level 1; level 0 is events.hash.
nodes = Table(
    "nodes",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("index", Position, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)

# What each event is about, to find it again by, and to hold append conditions against.
subjects = Table(
    "subjects",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("position", Position, primary_key=True, autoincrement=False),
)

# What became of a request that a client gave a key to.
requests = Table(
    "requests",
    metadata,
    Column("actor", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("outcome", Text, nullable=False),
)
