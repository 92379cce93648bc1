"""The virtual judge: which cases it has to look at, and its rulings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON_VALUE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Two tables; what was said before is judged too."""
    op.create_table(
        "unjudged_cases",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_unjudged_cases_case_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_unjudged_cases"),
    )
    op.create_index("ix_unjudged_cases_since", "unjudged_cases", ["since"])
    op.create_table(
        "rulings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("annotation_id", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("by_person", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("findings", JSON_VALUE, nullable=False),
        sa.ForeignKeyConstraint(["annotation_id"], ["annotations.id"], name="fk_rulings_annotation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rulings"),
    )
    op.create_index("ix_rulings_annotation_id", "rulings", ["annotation_id"])
    op.create_index("ix_annotations_agent_id_kind_created_at", "annotations", ["agent_id", "kind", "created_at"])
    op.execute(
        "INSERT INTO unjudged_cases (case_id, since) SELECT case_id, MIN(created_at) FROM annotations GROUP BY case_id"
    )


def downgrade() -> None:
    """Without them."""
    op.drop_index("ix_annotations_agent_id_kind_created_at", "annotations")
    op.drop_table("rulings")
    op.drop_table("unjudged_cases")
