"""PostgreSQL sends a notice with each commit that moves the head. It is a hint for those who follow the log."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SENDS = """
CREATE FUNCTION head_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('lodestone_head', '');
  RETURN NULL;
END $$
"""
TRIGGER = "CREATE TRIGGER head_moved AFTER UPDATE ON head FOR EACH STATEMENT EXECUTE FUNCTION head_moved()"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(SENDS)
        op.execute(TRIGGER)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER head_moved ON head")
        op.execute("DROP FUNCTION head_moved()")
