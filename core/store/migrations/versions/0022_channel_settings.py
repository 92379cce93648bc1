"""What a lead has set for a channel, and what agents were asked for and told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON_VALUE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Three tables."""
    op.create_table(
        "channel_settings",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("candidates", sa.Boolean(), nullable=False),
        sa.Column("bots", JSON_VALUE, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("daily_budget", sa.Integer(), nullable=True),
        sa.Column("quiet_from", sa.Text(), nullable=False),
        sa.Column("quiet_to", sa.Text(), nullable=False),
        sa.Column("approvers", JSON_VALUE, nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("team", "channel", name="pk_channel_settings"),
    )
    op.create_table(
        "agent_asks",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_agent_asks"),
    )
    op.create_index("ix_agent_asks_team_agent_channel_at", "agent_asks", ["team", "agent", "channel", "at"])
    op.create_table(
        "agent_news",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("is_wanted", sa.Boolean(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("team", "agent", name="pk_agent_news"),
    )


def downgrade() -> None:
    """Without them."""
    for table in ("agent_news", "agent_asks", "channel_settings"):
        op.drop_table(table)
