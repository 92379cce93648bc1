"""Missing knowledge, closed: groups of reports, drafts of articles, what the index said, exam questions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON_VALUE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Five tables."""
    _groups()
    op.create_table(
        "gap_checks",
        sa.Column("annotation_id", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("bundle", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["annotation_id"], ["annotations.id"], name="fk_gap_checks_annotation_id"),
        sa.PrimaryKeyConstraint("annotation_id", name="pk_gap_checks"),
    )
    op.create_table(
        "exam_questions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("suggestion_id", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("bundle", sa.Text(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("passed_once", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["suggestion_id"], ["suggestions.id"], name="fk_exam_questions_suggestion_id"),
        sa.PrimaryKeyConstraint("id", name="pk_exam_questions"),
        sa.UniqueConstraint("key", name="uq_exam_questions_key"),
    )
    op.create_index("ix_exam_questions_article_id", "exam_questions", ["article_id"])
    op.create_index("ix_exam_questions_suggestion_id", "exam_questions", ["suggestion_id"])


def _groups() -> None:
    op.create_table(
        "gap_groups",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=True),
        sa.Column("assigned_to", sa.Text(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_gap_groups"),
    )
    op.create_index("ix_gap_groups_team_status", "gap_groups", ["team", "status"])
    op.create_table(
        "gap_members",
        sa.Column("annotation_id", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["annotation_id"], ["annotations.id"], name="fk_gap_members_annotation_id"),
        sa.ForeignKeyConstraint(["group_id"], ["gap_groups.id"], name="fk_gap_members_group_id"),
        sa.PrimaryKeyConstraint("annotation_id", name="pk_gap_members"),
    )
    op.create_index("ix_gap_members_group_id", "gap_members", ["group_id"])
    op.create_table(
        "gap_drafts",
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sources", JSON_VALUE, nullable=False),
        sa.Column("flags", JSON_VALUE, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["gap_groups.id"], name="fk_gap_drafts_group_id"),
        sa.PrimaryKeyConstraint("group_id", "version", name="pk_gap_drafts"),
    )


def downgrade() -> None:
    """Without them."""
    for table in ("exam_questions", "gap_checks", "gap_drafts", "gap_members", "gap_groups"):
        op.drop_table(table)
