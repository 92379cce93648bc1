"""What is known to help a case, and how much of that its first drafts had on the screen.

Known are the snippets that somebody marked as helpful on any of its drafts, and the articles that a report of missing
knowledge named as there but not found. What nobody has marked or named is not known, and does not count.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import JSON, func, select, type_coerce
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from core.store.annotations import STANDING
from core.store.database import chunks
from core.store.period import FIRST_REVISION, Period
from core.store.tables import AnnotationRow, CaseRow, GapCheckRow, SuggestionRow


@dataclass(slots=True)
class _Known:
    """`seen`: snippets marked on the first drafts themselves; the others may have been there too, unmarked."""

    seen: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    articles: set[str] = field(default_factory=set)


def known_and_shown(session: Session, period: Period) -> dict[tuple[int, int], int]:
    """(shown at first, known) of each case about which something is known, counted."""
    known: dict[str, _Known] = defaultdict(_Known)
    for case_id, snippet_id, revision in session.execute(_helpful(period)):
        of_case = known[case_id]
        (of_case.seen if revision == FIRST_REVISION else of_case.others).add(snippet_id)
    for case_id, article_id in session.execute(_named(period)):
        known[case_id].articles.add(article_id)
    unsure = [case_id for case_id, one in known.items() if one.others or one.articles]
    screens = _first_screens(session, unsure)
    return dict(Counter(_shown_of(one, screens.get(case_id, {})) for case_id, one in known.items()))


def _shown_of(known: _Known, screen: Mapping[str, str]) -> tuple[int, int]:
    """`screen`: by snippet its article."""
    shown = len(known.seen) + len(known.others & screen.keys()) + len(known.articles & set(screen.values()))
    return shown, len(known.seen | known.others) + len(known.articles)


def _helpful(period: Period) -> Any:
    """Of each case the snippets marked as helpful, with the earliest revision on which somebody did."""
    drafts = aliased(SuggestionRow)
    details = type_coerce(col(AnnotationRow.details), JSON)
    snippet_id = details["snippet_id"].as_string()
    return (
        period.cases(select(col(CaseRow.id), snippet_id, func.min(col(drafts.revision))))
        .join(AnnotationRow, col(AnnotationRow.case_id) == col(CaseRow.id))
        .join(drafts, col(drafts.id) == col(AnnotationRow.suggestion_id))
        .where(col(AnnotationRow.kind) == "relevance", details["label"].as_string() == "helpful", *STANDING)
        .where(func.coalesce(col(drafts.retired), "") != "withdrawn")
        .group_by(col(CaseRow.id), snippet_id)
    )


def _named(period: Period) -> Any:
    """Of each case the articles that its reports name."""
    return (
        period.cases(select(col(CaseRow.id), col(GapCheckRow.article_id)))
        .join(AnnotationRow, col(AnnotationRow.case_id) == col(CaseRow.id))
        .join(GapCheckRow, col(GapCheckRow.annotation_id) == col(AnnotationRow.id))
        .where(col(AnnotationRow.kind) == "gap", *STANDING)
    )


def _first_screens(session: Session, case_ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """By case the snippets of its first drafts, each with its article."""
    shown = type_coerce(col(SuggestionRow.body), JSON)["shown"].as_json()
    rows = select(col(SuggestionRow.case_id), shown).where(col(SuggestionRow.revision) == FIRST_REVISION)
    found: dict[str, dict[str, str]] = {}
    for some in chunks(list(case_ids)):
        for case_id, screen in session.execute(rows.where(col(SuggestionRow.case_id).in_(some))):
            found[case_id] = {one["snippet"]["id"]: one["snippet"]["article_id"] for one in screen}
    return found
