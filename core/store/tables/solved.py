"""The table of adopted replies in the order of their arrival, with the vectors of the questions they answered."""

from __future__ import annotations

from sqlalchemy import LargeBinary
from sqlmodel import Field

from core.store.tables.base import Table
from core.store.tables.types import text_column


class SolvedCaseRow(Table, table=True):
    """One adoption that may be remembered. It holds no words; whether it stands is the annotation's to say.

    `vector`: float16 little-endian, of the question as the embedder of that version sees it; None until embedded.
    """

    __tablename__ = "solved_cases"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - a place is never given twice

    id: int | None = Field(default=None, primary_key=True)
    annotation_id: str = text_column(unique=True, foreign_key="annotations.id")
    embedder: str | None = text_column(default=None)
    vector: bytes | None = Field(default=None, sa_type=LargeBinary)
