"""The model registry: versions, aliases, their log, and what taught each version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON_VALUE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Four tables, all empty: version 0 serves."""
    op.create_table(
        "bundles",
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("parent", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("parts", JSON_VALUE, nullable=False),
        sa.Column("data_hash", sa.Text(), nullable=False),
        sa.Column("metrics", JSON_VALUE, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cycle", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("version", name="pk_bundles"),
        sa.UniqueConstraint("cycle", name="uq_bundles_cycle"),
    )
    op.create_table(
        "bundle_aliases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("champion", sa.Integer(), nullable=False),
        sa.Column("challenger", sa.Integer(), nullable=True),
        sa.Column("share", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bundle_aliases"),
    )
    op.create_table(
        "bundle_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bundle_log"),
    )
    op.create_index("ix_bundle_log_version", "bundle_log", ["version"])
    op.create_table(
        "bundle_lessons",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("annotation_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["bundles.version"], name="fk_bundle_lessons_version"),
        sa.PrimaryKeyConstraint("version", "annotation_id", name="pk_bundle_lessons"),
    )


def downgrade() -> None:
    """Without them."""
    op.drop_table("bundle_lessons")
    op.drop_index("ix_bundle_log_version", "bundle_log")
    op.drop_table("bundle_log")
    op.drop_table("bundle_aliases")
    op.drop_table("bundles")
