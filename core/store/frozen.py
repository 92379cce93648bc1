"""The frozen questions: what a champion once answered right, and the next one must not miss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlmodel import col

from core.clock import Clock
from core.store.database import Database
from core.store.tables import FrozenQuestionRow


class FrozenQuestions:
    """Once in, a question stays: by the suggestion it was answered in, with the snippets that answer it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def add(self, right: Mapping[str, Sequence[str]], most: int) -> int:
        """Freezes these (snippet ids by suggestion id) in their order until there are `most`; tells how many are new.

        A question that is frozen already stays as it is.
        """
        new = 0
        with self._database.writing() as session:
            room = most - (session.scalar(select(func.count()).select_from(FrozenQuestionRow)) or 0)
            for suggestion_id, snippet_ids in right.items():
                if new >= room:
                    break
                row = FrozenQuestionRow(
                    suggestion_id=suggestion_id, snippet_ids=list(snippet_ids), frozen_at=self._clock()
                )
                new += self._database.insert_new(session, row)
        return new

    def all(self) -> dict[str, tuple[str, ...]]:
        """Snippet ids by suggestion id, the oldest first."""
        rows = select(FrozenQuestionRow).order_by(
            col(FrozenQuestionRow.frozen_at), col(FrozenQuestionRow.suggestion_id)
        )
        with self._database.reading() as session:
            return {row.suggestion_id: tuple(row.snippet_ids) for row in session.scalars(rows)}
