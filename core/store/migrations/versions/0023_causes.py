"""Causes: why a suggestion came to a bad end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0021"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """One table."""
    op.create_table(
        "causes",
        sa.Column("suggestion_id", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("report_id", sa.Text(), nullable=True),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("computed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["annotations.id"], name="fk_causes_report_id"),
        sa.ForeignKeyConstraint(["suggestion_id"], ["suggestions.id"], name="fk_causes_suggestion_id"),
        sa.PrimaryKeyConstraint("suggestion_id", name="pk_causes"),
    )
    op.create_index("ix_causes_computed_at", "causes", ["computed_at"])
    op.create_index("ix_causes_said_at", "causes", ["said_at"])


def downgrade() -> None:
    """Without it."""
    op.drop_table("causes")
