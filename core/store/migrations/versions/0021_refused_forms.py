"""Remember what a workspace would not show."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table."""
    op.create_table(
        "refused_forms",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team", "form", name="pk_refused_forms"),
    )


def downgrade() -> None:
    """Without it."""
    op.drop_table("refused_forms")
