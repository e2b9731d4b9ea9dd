"""One table of look-ups in place of the versions of things: the records are read from the log, which has them once."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Streams and keys sort by their bytes on both databases, so that a page ends at the same place.
Bytewise = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

VERSIONED = ("restrictions", "licenses", "milestones", "companies", "notes", "commodities", "country_groups", "checks")


def upgrade() -> None:
    for name in (*VERSIONED, "license_uses", "license_keys"):
        op.drop_table(name)
    op.create_table(
        "lookups",
        sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("noun", Bytewise, primary_key=True),
        sa.Column("key", Bytewise, primary_key=True),
        sa.Column("stream", Bytewise, primary_key=True),
        sa.Column("known_from", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("lookups_by_stream", "lookups", ["stream", "generation", "key"])
    # The last record of a stream up to a position, and a stream's records from a position on.
    op.create_index("events_by_stream", "events", ["stream", "position"])
    op.add_column("read_models", sa.Column("form", sa.Integer, nullable=False, server_default="0"))
    # What is recorded so far has no keys yet; the service makes them when it starts.
    op.execute(sa.update(sa.table("read_models", sa.column("position"))).values(position=0))


def downgrade() -> None:
    raise NotImplementedError("The tables before this one are made from the log by an older version: restore a backup.")
