"""Training cycles, and the questions that no new bundle may miss."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON_VALUE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "training_cycles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("parts", JSON_VALUE, nullable=False),
        sa.Column("parent", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("progress", JSON_VALUE, nullable=False),
        sa.Column("outcome", JSON_VALUE, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_training_cycles"),
        sa.UniqueConstraint("key", name="uq_training_cycles_key"),
    )
    op.create_index("ix_training_cycles_started_at", "training_cycles", ["started_at"])
    op.create_table(
        "frozen_questions",
        sa.Column("suggestion_id", sa.Text(), nullable=False),
        sa.Column("snippet_ids", JSON_VALUE, nullable=False),
        sa.Column("frozen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["suggestion_id"], ["suggestions.id"], name="fk_frozen_questions_suggestion_id"),
        sa.PrimaryKeyConstraint("suggestion_id", name="pk_frozen_questions"),
    )


def downgrade() -> None:
    """Without them."""
    op.drop_table("frozen_questions")
    op.drop_index("ix_training_cycles_started_at", "training_cycles")
    op.drop_table("training_cycles")
