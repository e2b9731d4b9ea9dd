"""Uses of licenses, in rows of their own: a version of a license does not carry them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "license_uses",
        sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("stream", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), primary_key=True),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("published_through", sa.Text),
    )
    # The versions recorded so far carry their uses; the service rebuilds its read models when it starts.
    op.execute(sa.update(sa.table("read_models", sa.column("position"))).values(position=0))


def downgrade() -> None:
    op.drop_table("license_uses")
    op.execute(sa.update(sa.table("read_models", sa.column("position"))).values(position=0))
