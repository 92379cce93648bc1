"""Find whether drafts stand without reading their bodies."""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLE = "suggestions"


def upgrade() -> None:
    """Two indexes."""
    op.create_index("ix_suggestions_id_retired", TABLE, ["id", "retired"])
    op.create_index(
        "ix_suggestions_case_id_revision_posted_at_retired", TABLE, ["case_id", "revision", "posted_at", "retired"]
    )


def downgrade() -> None:
    """Without them."""
    op.drop_index("ix_suggestions_case_id_revision_posted_at_retired", TABLE)
    op.drop_index("ix_suggestions_id_retired", TABLE)
