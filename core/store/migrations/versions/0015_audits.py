"""Audits of the judge: which rulings a second person is asked about, and what they said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "audits",
        sa.Column("annotation_id", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["annotation_id"], ["annotations.id"], name="fk_audits_annotation_id"),
        sa.PrimaryKeyConstraint("annotation_id", name="pk_audits"),
    )
    op.create_index("ix_audits_team_asked_at", "audits", ["team", "asked_at"])
    op.create_table(
        "audit_answers",
        sa.Column("annotation_id", sa.Text(), nullable=False),
        sa.Column("may_teach", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["annotation_id"], ["audits.annotation_id"], name="fk_audit_answers_annotation_id"),
        sa.PrimaryKeyConstraint("annotation_id", name="pk_audit_answers"),
    )


def downgrade() -> None:
    """Without them."""
    op.drop_table("audit_answers")
    op.drop_table("audits")
