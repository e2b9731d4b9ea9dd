"""The log: head, events, payloads and nodes, append-only by the database's own rule."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Position = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# When a trigger refuses, and what it says. NULL stands for "always".
REFUSALS = [
    ("events", "UPDATE", None, "an event never changes"),
    ("events", "DELETE", None, "an event is never deleted"),
    ("nodes", "UPDATE", None, "a node of the tree never changes"),
    ("nodes", "DELETE", None, "a node of the tree is never deleted"),
    (
        "payloads",
        "UPDATE",
        "NOT (NEW.position = OLD.position AND NEW.salt IS NULL AND NEW.payload IS NULL)",
        "a payload can be emptied together with its salt, and not be changed",
    ),
    ("payloads", "DELETE", None, "a payload is never deleted"),
    (
        "head",
        "UPDATE",
        "NEW.position < OLD.position OR NEW.recorded_at < OLD.recorded_at OR NEW.epoch < OLD.epoch",
        "the head never moves back",
    ),
    ("head", "DELETE", None, "the head is never deleted"),
]


def upgrade() -> None:
    make_tables()
    op.execute(
        sa.insert(
            sa.table("head", *(sa.column(c) for c in ("one", "position", "recorded_at", "root", "peaks", "epoch")))
        ).values(one=1, position=0, recorded_at=0, root=hashlib.sha256(b"").digest(), peaks=b"", epoch=1)
    )
    if op.get_bind().dialect.name == "sqlite":
        make_sqlite_triggers()
    else:
        make_postgresql_triggers()


def make_tables() -> None:
    op.create_table(
        "head",
        sa.Column("one", sa.Integer, sa.CheckConstraint("one = 1"), primary_key=True, autoincrement=False),
        sa.Column("position", Position, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.Column("peaks", sa.LargeBinary, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("position", Position, sa.CheckConstraint("position >= 1"), primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, sa.CheckConstraint("version >= 1"), nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("schema_version", sa.Integer, nullable=False),
        sa.Column("effective", sa.Text),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, unique=True),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("metadata", sa.Text, nullable=False),
        sa.Column("payload_digest", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("stream", "version"),
        sa.Index("events_by_type", "type", "position"),
    )
    op.create_table(
        "payloads",
        # No foreign key: PostgreSQL would lock each event's row for it, and verification checks more than it could.
        sa.Column("position", Position, primary_key=True, autoincrement=False),
        sa.Column("salt", sa.LargeBinary),
        sa.Column("payload", sa.Text),
        sa.CheckConstraint("(salt IS NULL) = (payload IS NULL)"),
    )
    op.create_table(
        "nodes",
        sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("index", Position, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )


def make_sqlite_triggers() -> None:
    for table, act, condition, reason in REFUSALS:
        when = f"WHEN {condition}" if condition else ""
        op.execute(
            f"CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table} FOR EACH ROW {when} "
            f"BEGIN SELECT RAISE(ABORT, '{reason}'); END"
        )


def make_postgresql_triggers() -> None:
    op.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation'; END $$"
    )
    for table, act, condition, reason in REFUSALS:
        when = f"WHEN ({condition})" if condition else ""
        op.execute(
            f"CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table} FOR EACH ROW {when} "
            f"EXECUTE FUNCTION refuse('{reason}')"
        )
    for table in ("events", "nodes", "payloads", "head"):
        op.execute(
            f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
            f"EXECUTE FUNCTION refuse('the log is never truncated')"
        )


def downgrade() -> None:
    raise NotImplementedError("The log is never taken back.")
