"""Count day by day for the figures, and find audits by when they were answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
VALUES = ("edits", "annotation_s", "between_s", "suggestion_s", "reply_s")


def upgrade() -> None:
    """Two tables, which fill by themselves, and an index."""
    op.create_table(
        "counted_days",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("counts", JSON_VALUE, nullable=False),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in VALUES),
        sa.PrimaryKeyConstraint("team", "day", name="pk_counted_days"),
    )
    op.create_table(
        "changed_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_changed_days"),
    )
    op.create_index("ix_changed_days_team_day", "changed_days", ["team", "day"])
    op.create_index("ix_audit_answers_at", "audit_answers", ["at"])


def downgrade() -> None:
    """Without them."""
    op.drop_index("ix_audit_answers_at", "audit_answers")
    op.drop_table("changed_days")
    op.drop_table("counted_days")
