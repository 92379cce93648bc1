"""Find the few rows that matter among all that are kept: what waits, what grew old, clicks of a group, gaps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WAITING = sa.text("state IN ('pending', 'claimed')")
DONE = sa.text("state = 'done'")
SENT = sa.text("state = 'sent'")
GROUPED = sa.text("\"group\" <> ''")
STANDING_GAP = sa.text("kind = 'gap' AND NOT superseded AND NOT withdrawn")
PARTIAL = (
    ("ix_inbox_done", "inbox", ["finished_at"], DONE),
    ("ix_outbox_sent", "outbox", ["finished_at"], SENT),
    ("ix_inbox_waiting", "inbox", ["lane", "id"], WAITING),
    ("ix_annotations_grouped", "annotations", ["group"], GROUPED),
    ("ix_annotations_gaps", "annotations", ["created_at", "id"], STANDING_GAP),
)


def upgrade() -> None:
    """Smaller indexes in place of one that held all work ever done, and one in the order in which exports read."""
    for name, table, columns, where in PARTIAL:
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
    op.drop_index("ix_inbox_lane_state_id", "inbox")
    op.create_index("ix_cases_team_channel_created_at", "cases", ["team", "channel", "created_at"])
    op.create_index("ix_annotations_kind_created_at_id", "annotations", ["kind", "created_at", "id"])
    op.drop_index("ix_annotations_kind_created_at", "annotations")
    if op.get_bind().dialect.name == "sqlite":  # whose ids would be given again when the newest row has been deleted
        with op.batch_alter_table("solved_cases", recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass


def downgrade() -> None:
    """As it was."""
    op.create_index("ix_annotations_kind_created_at", "annotations", ["kind", "created_at"])
    op.drop_index("ix_annotations_kind_created_at_id", "annotations")
    op.drop_index("ix_cases_team_channel_created_at", "cases")
    op.create_index("ix_inbox_lane_state_id", "inbox", ["lane", "state", "id"])
    for name, table, _, _ in PARTIAL:
        op.drop_index(name, table)
