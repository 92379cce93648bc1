"""Adopted replies in the order of their arrival, so that only new ones have to be read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Adoptions of before; which of them may be said again is decided when one is asked for.
EARLIER = """
INSERT INTO solved_cases (annotation_id)
SELECT id FROM annotations WHERE kind = 'adoption' ORDER BY created_at, id
"""


def upgrade() -> None:
    """The table, filled with the adoptions there are."""
    op.create_table(
        "solved_cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("annotation_id", sa.Text(), nullable=False),
        sa.Column("embedder", sa.Text(), nullable=True),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["annotation_id"], ["annotations.id"], name=op.f("fk_solved_cases_annotation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_solved_cases")),
        sa.UniqueConstraint("annotation_id", name=op.f("uq_solved_cases_annotation_id")),
    )
    op.execute(EARLIER)


def downgrade() -> None:
    """Without it."""
    op.drop_table("solved_cases")
