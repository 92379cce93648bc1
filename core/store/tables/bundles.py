"""Tables of the model registry: versions, who serves now, what happened, and what taught them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from core.store.tables.base import Table
from core.store.tables.types import json_column, moment_column, text_column


class BundleRow(Table, table=True):
    """One version, for good. Version 0, which ships with the product, has no row."""

    __tablename__ = "bundles"
    __table_args__ = (UniqueConstraint("cycle"),)

    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    parent: int
    created_at: datetime = moment_column()
    parts: dict[str, Any] = json_column()
    data_hash: str = text_column()
    metrics: dict[str, Any] = json_column()
    verdict: str = text_column()
    reason: str = text_column()
    cycle: str | None = text_column(default=None)


class BundleAliasesRow(Table, table=True):
    """The one row that says who serves. Whoever changes anything in the registry locks it first."""

    __tablename__ = "bundle_aliases"

    id: int = Field(default=1, primary_key=True)
    champion: int = 0
    challenger: int | None = None
    share: float = 0.0


class BundleEventRow(Table, table=True):
    """One line of the log, which only grows."""

    __tablename__ = "bundle_log"
    __table_args__ = (Index(None, "version"),)

    id: int | None = Field(default=None, primary_key=True)
    version: int
    action: str = text_column()
    at: datetime = moment_column()
    by: str = text_column()
    why: str = text_column()


class BundleLessonRow(Table, table=True):
    """An annotation that taught a version."""

    __tablename__ = "bundle_lessons"

    version: int = Field(primary_key=True, foreign_key="bundles.version")
    annotation_id: str = text_column(primary_key=True)
