"""What each event is about, its stream's earlier events taken together; made anew for what is recorded so far."""

from alembic import op

from service.domain.subjects import subjects_of
from service.log.about import index_all

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("subjects_by_position", "subjects", ["position"])
    index_all(op.get_bind(), lambda event: subjects_of(event.stream, event.type, event.data))


def downgrade() -> None:
    op.drop_index("subjects_by_position", "subjects")
