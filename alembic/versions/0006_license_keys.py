"""What licenses are found by, and the latest publication about a country."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

Stream = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "license_keys",
        sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("stream", Stream, primary_key=True),
    )
    op.create_index("license_keys_by_stream", "license_keys", ["stream"])
    # The latest publication about a country is the first row of these, read from their end.
    for table, country in (("restrictions", "controller"), ("licenses", "issuer")):
        op.create_index(f"{table}_published", table, ["generation", country, "published_through"])
    op.create_index("license_uses_published", "license_uses", ["generation", "published_through"])
    # What is recorded so far has no keys yet; the service rebuilds its read models when it starts.
    op.execute(sa.update(sa.table("read_models", sa.column("position"))).values(position=0))


def downgrade() -> None:
    op.drop_index("license_uses_published")
    for table in ("restrictions", "licenses"):
        op.drop_index(f"{table}_published")
    op.drop_table("license_keys")
