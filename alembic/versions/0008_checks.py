"""The read model of checks: how far each controlling country's sources were looked through."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Streams sort by their bytes on both databases, so that a page ends at the same place.
Stream = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    # No event before this could be a check, so there is nothing to carry over.
    op.create_table(
        "checks",
        sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("stream", Stream, primary_key=True),
        sa.Column("known_from", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("known_to", sa.BigInteger, nullable=False),
        sa.Column("records", sa.Text, nullable=False),
        sa.Column("published_through", sa.Text),
        sa.Column("controller", sa.Text),
    )
    op.create_index("checks_by_controller", "checks", ["generation", "controller", "stream"])


def downgrade() -> None:
    op.drop_table("checks")
