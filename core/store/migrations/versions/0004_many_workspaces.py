"""Say whose work is whose, and remember what keeps drafts out of a channel and what its id was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table, and the workspace of all durable work; what is there already is anybody's."""
    op.create_table(
        "channel_states",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("barrier", sa.Text(), nullable=False),
        sa.Column("formerly", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("team", "channel", name=op.f("pk_channel_states")),
    )
    for table in ("inbox", "outbox"):
        op.add_column(table, sa.Column("team", sa.Text(), nullable=True))


def downgrade() -> None:
    """Without them."""
    for table in ("outbox", "inbox"):
        op.drop_column(table, "team")
    op.drop_table("channel_states")
