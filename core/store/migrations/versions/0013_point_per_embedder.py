"""One live index generation per embedder version, in place of one for all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OLD, NEW = "index_pointer", "index_pointers"
_NEWEST = (
    "SELECT 1, id FROM index_generations WHERE id IN (SELECT generation_id FROM index_pointers) "
    "ORDER BY published_at DESC, id LIMIT 1"
)


def upgrade() -> None:
    """The generation that was live is that of its embedder."""
    op.create_table(
        NEW,
        sa.Column("retriever_version", sa.Text(), nullable=False),
        sa.Column("generation_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["generation_id"], ["index_generations.id"], name="fk_index_pointers_generation_id"),
        sa.PrimaryKeyConstraint("retriever_version", name="pk_index_pointers"),
    )
    op.execute(
        "INSERT INTO index_pointers (retriever_version, generation_id) SELECT generations.retriever_version, "
        "generations.id FROM index_generations AS generations JOIN index_pointer ON generation_id = generations.id"
    )
    op.drop_table(OLD)


def downgrade() -> None:
    """Of all that are live, the one published last is."""
    op.create_table(
        OLD,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("generation_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["generation_id"], ["index_generations.id"], name="fk_index_pointer_generation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_index_pointer"),
    )
    op.execute(f"INSERT INTO index_pointer (id, generation_id) {_NEWEST}")
    op.drop_table(NEW)
