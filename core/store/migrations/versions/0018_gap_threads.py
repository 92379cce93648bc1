"""Where a gap is shown to the leads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns."""
    op.add_column("gap_groups", sa.Column("channel", sa.Text(), nullable=True))
    op.add_column("gap_groups", sa.Column("ts", sa.Text(), nullable=True))


def downgrade() -> None:
    """Without them."""
    op.drop_column("gap_groups", "ts")
    op.drop_column("gap_groups", "channel")
