"""Say of which cases the words have been removed, and find those whose time it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WITH_WORDS = sa.text("forgotten_at IS NULL")


def upgrade() -> None:
    """A moment for cases and suggestions, a mark for annotations, and an index on the cases that have their words."""
    for table in ("cases", "suggestions"):
        op.add_column(table, sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("annotations", sa.Column("forgotten", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_cases_with_words", "cases", ["created_at"], sqlite_where=WITH_WORDS, postgresql_where=WITH_WORDS
    )


def downgrade() -> None:
    """Without them; what was forgotten stays forgotten."""
    op.drop_index("ix_cases_with_words", "cases")
    op.drop_column("annotations", "forgotten")
    for table in ("suggestions", "cases"):
        op.drop_column(table, "forgotten_at")
