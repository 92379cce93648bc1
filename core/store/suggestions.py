"""Suggestions: stored once with all that was on the screen, and immutable as long as they have their words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlalchemy import func, literal, or_, select, update
from sqlalchemy.orm import Session, defer
from sqlmodel import col

from core.clock import Clock
from core.errors import UnknownSuggestion
from core.replies import PostedMessage, SuggestionState
from core.store.changed_days import count_again
from core.store.database import Database, changed, chunks
from core.store.tables import CaseRow, SnippetRow, SuggestionRow
from core.values import RankedSnippet, Snippet, Suggestion


class Suggestions:
    """One per case and revision.

    Of the eight on the screen everything is kept as shown. Of the whole first stage ids, versions, ranks and scores
    are kept, and the words come from the knowledge tables, which forget no snippet.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def add(self, suggestion: Suggestion) -> Suggestion:
        """Stores it and returns it; where this revision is already there, that one stands and is returned."""
        row = SuggestionRow(
            id=suggestion.id,
            case_id=suggestion.case_id,
            revision=suggestion.revision,
            bundle=suggestion.bundle,
            body=_body(suggestion),
            created_at=suggestion.created_at,
        )
        of_this_revision = (
            col(SuggestionRow.case_id) == suggestion.case_id,
            col(SuggestionRow.revision) == suggestion.revision,
        )
        with self._database.writing() as session:
            self._database.insert_new(session, row)
            return _suggestion(session, session.scalars(select(SuggestionRow).where(*of_this_revision)).one())

    def next_revision(self, case_id: str) -> int:
        """The number after the highest stored one; 1 for a case without suggestions."""
        highest = select(func.max(col(SuggestionRow.revision))).where(col(SuggestionRow.case_id) == case_id)
        with self._database.reading() as session:
            return (session.scalar(highest) or 0) + 1

    def count(self) -> int:
        """How many suggestions there are, over all cases and revisions."""
        with self._database.reading() as session:
            return session.scalar(select(func.count()).select_from(SuggestionRow)) or 0

    def get(self, suggestion_id: str) -> Suggestion:
        """Raises UnknownSuggestion."""
        with self._database.reading() as session:
            return _suggestion(session, _row(session, suggestion_id, body=True))

    def as_shown(self, suggestion_id: str) -> Suggestion:
        """As `get`, faster: what was not on the screen comes without its words. Raises UnknownSuggestion."""
        with self._database.reading() as session:
            return _as_shown(_row(session, suggestion_id, body=True))

    def latest(self, case_id: str) -> Suggestion | None:
        """The highest revision of a case."""
        newest = (
            select(SuggestionRow)
            .where(col(SuggestionRow.case_id) == case_id)
            .order_by(col(SuggestionRow.revision).desc())
            .limit(1)
        )
        with self._database.reading() as session:
            row = session.scalars(newest).one_or_none()
            return None if row is None else _suggestion(session, row)

    def by_message(self, team: str, channel: str, ts: str) -> Suggestion | None:
        """The suggestion that was posted as this message."""
        here = (col(SuggestionRow.channel) == channel, col(SuggestionRow.ts) == ts, col(CaseRow.team) == team)
        posted = select(SuggestionRow).join(CaseRow, col(CaseRow.id) == col(SuggestionRow.case_id)).where(*here)
        with self._database.reading() as session:
            row = session.scalars(posted).first()
            return None if row is None else _suggestion(session, row)

    def newest_in(self, team: str, channel: str, limit: int, *, and_withdrawn: bool = False) -> list[str]:
        """The ids of the newest that stand in a channel, newest first; without those that were withdrawn."""
        here = (
            col(SuggestionRow.channel) == channel,
            col(SuggestionRow.case_id).in_(select(col(CaseRow.id)).where(col(CaseRow.team) == team)),
            or_(
                literal(and_withdrawn), col(SuggestionRow.retired).is_(None), col(SuggestionRow.retired) != "withdrawn"
            ),
        )
        newest = select(col(SuggestionRow.id)).where(*here).order_by(col(SuggestionRow.ts).desc()).limit(limit)
        with self._database.reading() as session:
            return list(session.scalars(newest))

    def of_case(self, case_id: str) -> list[Suggestion]:
        """All revisions, lowest first."""
        rows = select(SuggestionRow).where(col(SuggestionRow.case_id) == case_id).order_by(col(SuggestionRow.revision))
        with self._database.reading() as session:
            return [_suggestion(session, row) for row in session.scalars(rows).all()]

    def mark_posted(self, suggestion_id: str, channel: str, ts: str, at: datetime) -> None:
        """It stands in Slack now. The first report wins. Raises UnknownSuggestion."""
        statement = (
            update(SuggestionRow)
            .where(col(SuggestionRow.id) == suggestion_id, col(SuggestionRow.ts).is_(None))
            .values(channel=channel, ts=ts, posted_at=at)
        )
        with self._database.writing() as session:
            row = _row(session, suggestion_id)
            if changed(session, statement):
                count_again(session, [row.case_id], self._clock())

    def posted(self, suggestion_id: str) -> PostedMessage | None:
        """Where it stands in Slack; None until it does. Raises UnknownSuggestion."""
        with self._database.reading() as session:
            row = _row(session, suggestion_id)
            if row.channel is None or row.ts is None or row.posted_at is None:
                return None
            return PostedMessage(row.channel, row.ts, row.posted_at)

    def retire(self, suggestion_id: str, reason: Literal["superseded", "withdrawn"]) -> None:
        """A newer revision took its place, or it should not have been made.

        Withdrawn is final; the moment of the first retirement stays. Raises UnknownSuggestion.
        """
        with self._database.writing() as session:
            row = _row(session, suggestion_id)
            if row.retired != "withdrawn":
                row.retired = reason
                row.retired_at = row.retired_at or self._clock()
                count_again(session, [row.case_id], self._clock())
            session.flush()

    def state(self, suggestion_id: str) -> SuggestionState:
        """Whether it waits to be posted, can be clicked, or is over. Raises UnknownSuggestion."""
        with self._database.reading() as session:
            row = _row(session, suggestion_id)
            if row.retired == "withdrawn":
                return "withdrawn"
            if row.forgotten_at is not None:
                return "forgotten"
            if row.retired == "superseded":
                return "superseded"
            return "pending" if row.ts is None else "live"

    def retired_at(self, suggestion_id: str) -> datetime | None:
        """When it was superseded or withdrawn. Raises UnknownSuggestion."""
        with self._database.reading() as session:
            return _row(session, suggestion_id).retired_at


@cache
def _codec() -> TypeAdapter[Suggestion]:
    return TypeAdapter(Suggestion)


def _body(suggestion: Suggestion) -> dict[str, Any]:
    body: dict[str, Any] = _codec().dump_python(
        suggestion, mode="json", exclude={"retrieved", "created_at", "forgotten"}
    )
    body["retrieved"] = [
        [one.snippet.id, one.snippet.article_id, one.snippet.article_version, one.rank, one.score]
        for one in suggestion.retrieved
    ]
    return body


def _row(session: Session, suggestion_id: str, body: bool = False) -> SuggestionRow:
    # Most ask for where it stands only, and the body is large.
    without = [] if body else [defer(SuggestionRow.body)]  # type: ignore[arg-type]
    row = session.get(SuggestionRow, suggestion_id, options=without)
    if row is None:
        raise UnknownSuggestion(suggestion_id)
    return row


def _suggestion(session: Session, row: SuggestionRow) -> Suggestion:
    stored = _as_shown(row)
    known = {one.snippet.id for one in stored.shown}
    words = _snippets(session, [one.snippet.id for one in stored.retrieved if one.snippet.id not in known])
    return replace(stored, retrieved=tuple(_with_words(one, words) for one in stored.retrieved))


def _as_shown(row: SuggestionRow) -> Suggestion:
    body, forgotten = dict(row.body), row.forgotten_at is not None
    retrieved = body.pop("retrieved")
    stored = _codec().validate_python({**body, "retrieved": [], "created_at": row.created_at, "forgotten": forgotten})
    words = {one.snippet.id: one.snippet for one in stored.shown}
    return replace(stored, retrieved=tuple(_ranked(words, *entry) for entry in retrieved))


def _ranked(
    words: dict[str, Snippet], snippet_id: str, article_id: str, version: int, rank: int, score: float
) -> RankedSnippet:
    """A place in the first stage; a snippet that the knowledge tables never held comes back without its words."""
    known = words.get(snippet_id) or Snippet(snippet_id, article_id, version, "", "", None, "")
    return RankedSnippet(replace(known, article_version=version), rank, score)


def _with_words(one: RankedSnippet, words: dict[str, Snippet]) -> RankedSnippet:
    known = words.get(one.snippet.id)
    return one if known is None else replace(one, snippet=replace(known, article_version=one.snippet.article_version))


def _snippets(session: Session, ids: list[str]) -> dict[str, Snippet]:
    found: dict[str, Snippet] = {}
    for some in chunks(ids):
        for row in session.scalars(select(SnippetRow).where(col(SnippetRow.id).in_(some))):
            found[row.id] = Snippet(
                row.id, row.article_id, row.article_version, row.title, row.section, row.url, row.text
            )
    return found
