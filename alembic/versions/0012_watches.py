"""Watches: standing questions, what changed of their answers, and the webhooks that tell of it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "watches",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("title", sa.Text),
        sa.Column("ask", sa.Text, nullable=False),
        sa.Column("webhook", sa.Text),
        sa.Column("secrets", sa.Text),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("caught_up", sa.Boolean, nullable=False),
        sa.Column("headline", sa.Text, nullable=False),
        sa.Column("says", sa.Text, nullable=False),
        sa.Column("next_day", sa.Text),
        sa.Column("changes", sa.Integer, nullable=False),
    )
    op.create_index("watches_by_next_day", "watches", ["next_day"])
    op.create_index("watches_by_caught_up", "watches", ["caught_up"])
    op.create_table(
        "watch_keys",
        sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("watch", sa.Text, primary_key=True),
    )
    op.create_index("watch_keys_by_watch", "watch_keys", ["watch"])
    op.create_table(
        "watch_changes",
        sa.Column("watch", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
    )
    op.create_index("watch_changes_by_state", "watch_changes", ["state", "watch", "number"])
    op.create_table(
        "watch_attempts",
        sa.Column("watch", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("status", sa.Integer),
        sa.Column("problem", sa.Text),
        sa.Column("took_ms", sa.Integer, nullable=False),
    )
    cursor = op.create_table(
        "watch_cursor",
        sa.Column("one", sa.Integer, primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("held_until", sa.BigInteger, nullable=False),
    )
    # Nothing is watched yet, so nothing that is recorded so far can change an answer that is.
    position = op.get_bind().scalar(sa.text("SELECT position FROM head"))
    op.bulk_insert(cursor, [{"one": 1, "position": position, "day": "", "holder": "", "held_until": 0}])


def downgrade() -> None:
    for table in ("watch_cursor", "watch_attempts", "watch_changes", "watch_keys", "watches"):
        op.drop_table(table)
