"""Say how new the words of a turn are, so that an edit which comes late does not undo a newer one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column."""
    op.add_column("turns", sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Without it."""
    op.drop_column("turns", "edited_at")
