"""Find work by when it was finished, also where SQLite would rather go by its state."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

FINISHED = sa.text("finished_at IS NOT NULL")
OLD = (("ix_inbox_done", "inbox", "state = 'done'"), ("ix_outbox_sent", "outbox", "state = 'sent'"))
NEW = (("ix_inbox_finished", "inbox"), ("ix_outbox_finished", "outbox"))


def upgrade() -> None:
    """Two indexes in place of two."""
    for name, table, _ in OLD:
        op.drop_index(name, table)
    for name, table in NEW:
        op.create_index(name, table, ["finished_at"], sqlite_where=FINISHED, postgresql_where=FINISHED)


def downgrade() -> None:
    """As it was."""
    for name, table in NEW:
        op.drop_index(name, table)
    for name, table, where in OLD:
        op.create_index(name, table, ["finished_at"], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
