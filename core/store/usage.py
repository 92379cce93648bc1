"""What became of the articles in use: in which sent replies they were shown and cited, and how they were marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Select, case, func, or_, select, type_coerce
from sqlalchemy.orm import Session
from sqlmodel import col

from core.knowledge.health import ArticleUse
from core.store.annotations import STANDING
from core.store.database import Database
from core.store.knowledge import OF_CURRENT
from core.store.tables import AnnotationRow, ArticleRow, CaseRow, ReplyRow, SnippetRow, SuggestionRow

MOST_REPLIES = 2000  # the newest: each brings what stood on the screen, some 15 KB
_PORTION = 200
_DETAILS = type_coerce(col(AnnotationRow.details), JSON)
_BODY = type_coerce(col(SuggestionRow.body), JSON)
_DRAFTS_STAND = or_(col(SuggestionRow.retired).is_(None), col(SuggestionRow.retired) != "withdrawn")


class Usage:
    """Of all workspaces: they share the knowledge. What the judge holds is not counted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_articles(self, since: datetime) -> list[ArticleUse]:
        """Every article in use, by id. Replies: the newest 2,000, of cases since then; marks: of all time."""
        with self._database.reading() as session:
            shown, cited = _replies(session, since)
            marks = _marks(session)
            return [_use(row, shown[row.id], cited[row.id], marks.get(row.id)) for row in session.execute(_ARTICLES)]


_REVIEW_BY = type_coerce(col(ArticleRow.attributes), JSON)["review_by"].as_string().label("review_by")
_ARTICLES = (
    select(
        col(ArticleRow.id), col(ArticleRow.title), col(ArticleRow.url), col(ArticleRow.added_at), _REVIEW_BY
    )  # without the texts
    .where(col(ArticleRow.current).is_(True), col(ArticleRow.retired).is_(False))
    .order_by(col(ArticleRow.id))
)


def _replies(session: Session, since: datetime) -> tuple[Counter[str], Counter[str]]:
    """By article, the sent replies beside which it was shown, and those that cite it."""
    shown: Counter[str] = Counter()
    cited: Counter[str] = Counter()
    for slot, on_screen, candidates in session.execute(_sent(since).execution_options(yield_per=_PORTION)):
        numbers = set(_cited(slot, candidates))
        shown.update({one["snippet"]["article_id"] for one in on_screen})
        cited.update({one["snippet"]["article_id"] for one in on_screen if one["rank"] in numbers})
    return shown, cited


def _sent(since: datetime) -> Select[Any]:
    """For each of the newest drafts that were sent: its slot, what was shown, and both candidates."""
    slot = _DETAILS["slot"].as_string()
    newest = (  # chosen before any body is read
        select(slot.label("slot"), col(AnnotationRow.suggestion_id).label("suggestion_id"))
        .select_from(CaseRow)
        .join(ReplyRow, col(ReplyRow.case_id) == col(CaseRow.id))
        .join(AnnotationRow, col(AnnotationRow.key) == col(ReplyRow.adoption_key))
        .where(col(CaseRow.created_at) >= since, col(CaseRow.status) != "withdrawn")
        .where(col(ReplyRow.state) == "posted", slot.is_not(None))
        .order_by(col(CaseRow.created_at).desc())
        .limit(MOST_REPLIES)
        .subquery()
    )
    return (
        select(newest.c.slot, _BODY["shown"], _BODY["candidates"])
        .select_from(newest)
        .join(SuggestionRow, col(SuggestionRow.id) == newest.c.suggestion_id)
        .where(_DRAFTS_STAND)
    )


def _cited(slot: str, candidates: Sequence[Mapping[str, Any]]) -> Iterator[int]:
    for one in candidates:
        if one["slot"] == slot:
            for sentence in one["report"]["sentences"]:
                yield from sentence["citations"]


def _marks(session: Session) -> dict[str, Any]:
    """By article, `marked`, `outdated` and `irrelevant` of its passages as they are now."""
    label = _DETAILS["label"].as_string()
    counts = (
        func.count().label("marked"),
        func.sum(case((label == "outdated", 1), else_=0)).label("outdated"),
        func.sum(case((label == "irrelevant", 1), else_=0)).label("irrelevant"),
    )
    rows = (
        select(col(SnippetRow.article_id), *counts)
        .select_from(AnnotationRow)
        .join(SnippetRow, col(SnippetRow.id) == _DETAILS["snippet_id"].as_string())
        .join(ArticleRow, OF_CURRENT)
        .join(CaseRow, col(CaseRow.id) == col(AnnotationRow.case_id))
        .join(SuggestionRow, col(SuggestionRow.id) == col(AnnotationRow.suggestion_id))
        .where(col(AnnotationRow.kind) == "relevance", col(AnnotationRow.judge) != "held", *STANDING)
        .where(col(CaseRow.status) != "withdrawn", _DRAFTS_STAND)
        .group_by(col(SnippetRow.article_id))
    )
    return {row.article_id: row for row in session.execute(rows)}


def _use(row: Any, shown: int, cited: int, marks: Any) -> ArticleUse:
    return ArticleUse(
        id=row.id,
        title=row.title,
        url=row.url,
        changed_at=row.added_at,
        review_by=row.review_by,
        shown=shown,
        cited=cited,
        marked=marks.marked if marks else 0,
        outdated=int(marks.outdated) if marks else 0,
        irrelevant=int(marks.irrelevant) if marks else 0,
    )
