"""The read models of commodity definitions and country groups; and the numbers by which companies are found."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Streams sort by their bytes on both databases, so that a page ends at the same place.
Stream = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

LOOKED_UP_BY = {"commodities": "name", "country_groups": "countries"}


def upgrade() -> None:
    for name, column in LOOKED_UP_BY.items():
        op.create_table(
            name,
            sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("stream", Stream, primary_key=True),
            sa.Column("known_from", sa.BigInteger, primary_key=True, autoincrement=False),
            sa.Column("known_to", sa.BigInteger, nullable=False),
            sa.Column("records", sa.Text, nullable=False),
            sa.Column("published_through", sa.Text),
            sa.Column(column, sa.Text),
        )
        op.create_index(f"{name}_by_{column}", name, ["generation", column, "stream"])
    op.add_column("companies", sa.Column("identifiers", sa.Text))
    # Rows of companies lack their numbers until all rows are made anew: `lodestone rebuild`.
    read_models = sa.table("read_models", sa.column("position"))
    op.execute(sa.update(read_models).values(position=0))


def downgrade() -> None:
    op.drop_column("companies", "identifiers")
    for name in LOOKED_UP_BY:
        op.drop_table(name)
