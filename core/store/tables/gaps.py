"""Tables of missing knowledge: groups of reports, drafts of articles, what the index said, and exam questions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, false
from sqlmodel import Field

from core.store.tables.base import Table
from core.store.tables.types import json_column, moment_column, text_column


class GapGroupRow(Table, table=True):
    """One gap. `article_id`: the article that closes it or will; `reason`: why it is not needed.

    `channel`, `ts`: where it is shown to the leads.
    """

    __tablename__ = "gap_groups"
    __table_args__ = (Index(None, "team", "status"),)

    id: str = text_column(primary_key=True)
    team: str = text_column()
    name: str = text_column(default="")
    status: str = text_column(default="open")
    reason: str = text_column(default="")
    article_id: str | None = text_column(default=None)
    assigned_to: str | None = text_column(default=None)
    channel: str | None = text_column(default=None)
    ts: str | None = text_column(default=None)
    made_at: datetime = moment_column()
    changed_by: str = text_column(default="")
    changed_at: datetime = moment_column()


class GapMemberRow(Table, table=True):
    """Which group a report is in."""

    __tablename__ = "gap_members"
    __table_args__ = (Index(None, "group_id"),)

    annotation_id: str = text_column(primary_key=True, foreign_key="annotations.id")
    group_id: str = text_column(foreign_key="gap_groups.id")


class GapDraftRow(Table, table=True):
    """One version of a draft, append-only. Its words go with those of the cases it was made from."""

    __tablename__ = "gap_drafts"

    group_id: str = text_column(primary_key=True, foreign_key="gap_groups.id")
    version: int = Field(primary_key=True)
    title: str = text_column()
    body: str = text_column()
    sources: list[dict[str, Any]] = json_column(default_factory=list)
    flags: list[str] = json_column(default_factory=list)
    by: str = text_column()
    at: datetime = moment_column()


class GapCheckRow(Table, table=True):
    """What a search found of the article that a report says exists. `rank`: None where it was not among those found."""

    __tablename__ = "gap_checks"

    annotation_id: str = text_column(primary_key=True, foreign_key="annotations.id")
    article_id: str = text_column()
    rank: int | None = None
    bundle: str = text_column()
    at: datetime = moment_column()


class ExamQuestionRow(Table, table=True):
    """A question that an article answers, and how it went the last time. `text`: "" where a suggestion has it."""

    __tablename__ = "exam_questions"
    __table_args__ = (Index(None, "article_id"), Index(None, "suggestion_id"))

    id: str = text_column(primary_key=True)
    key: str = text_column(unique=True)
    article_id: str = text_column()
    origin: str = text_column()
    suggestion_id: str | None = text_column(default=None, foreign_key="suggestions.id")
    text: str = text_column(default="")
    by: str = text_column()
    added_at: datetime = moment_column()
    passed: bool | None = None
    rank: int | None = None
    bundle: str | None = text_column(default=None)
    asked_at: datetime | None = moment_column(default=None)
    passed_once: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    withdrawn_by: str | None = text_column(default=None)
    withdrawn_at: datetime | None = moment_column(default=None)
