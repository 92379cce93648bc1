"""Find what still holds somebody's words by its age, without reading all that is done with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

HELD_PAYLOAD = sa.text("payload IS NOT NULL")
NOT_SENT = sa.text("state <> 'sent'")
UNPOSTED = sa.text("state = 'pending'")
UNTAKEN = sa.text("taken_at IS NULL")
INDEXES = (
    ("ix_inbox_held", "inbox", "received_at", HELD_PAYLOAD),
    ("ix_outbox_held", "outbox", "created_at", NOT_SENT),
    ("ix_replies_unposted", "replies", "created_at", UNPOSTED),
    ("ix_held_replies_untaken", "held_replies", "created_at", UNTAKEN),
)


def upgrade() -> None:
    """Four small indexes."""
    for name, table, column, where in INDEXES:
        op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Without them."""
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table)
