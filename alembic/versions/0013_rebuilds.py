"""How far a rebuild of the read models has come, so that one that was interrupted goes on."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rebuilds",
        sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("form", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("rebuilds")
