"""The read models: things in versions by log position. All of it can be dropped and rebuilt from the log."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Streams sort by their bytes on both databases, so that a page ends at the same place.
Stream = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

# What the rows of a read model are looked up by.
LOOKED_UP_BY = {
    "restrictions": ["controller"],
    "licenses": ["issuer"],
    "milestones": ["parties"],
    "companies": ["country", "names"],
    "notes": ["countries"],
}


def upgrade() -> None:
    for name, columns in LOOKED_UP_BY.items():
        op.create_table(
            name,
            sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("stream", Stream, primary_key=True),
            sa.Column("known_from", sa.BigInteger, primary_key=True, autoincrement=False),
            sa.Column("known_to", sa.BigInteger, nullable=False),
            sa.Column("records", sa.Text, nullable=False),
            sa.Column("published_through", sa.Text),
            *(sa.Column(column, sa.Text) for column in columns),
        )
        op.create_index(f"{name}_by_{columns[0]}", name, ["generation", columns[0], "stream"])
    op.create_table(
        "read_models",
        sa.Column("one", sa.Integer, sa.CheckConstraint("one = 1"), primary_key=True, autoincrement=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("newest", sa.Integer, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
    )
    live = sa.table("read_models", *(sa.column(name) for name in ("one", "generation", "newest", "position")))
    op.execute(sa.insert(live).values(one=1, generation=1, newest=1, position=0))


def downgrade() -> None:
    for name in ("read_models", *LOOKED_UP_BY):
        op.drop_table(name)
