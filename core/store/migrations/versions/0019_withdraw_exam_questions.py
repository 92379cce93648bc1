"""Say who withdrew an exam question, and when: it stays in the record, and is not asked any more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns."""
    op.add_column("exam_questions", sa.Column("withdrawn_by", sa.Text(), nullable=True))
    op.add_column("exam_questions", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Without them."""
    op.drop_column("exam_questions", "withdrawn_at")
    op.drop_column("exam_questions", "withdrawn_by")
