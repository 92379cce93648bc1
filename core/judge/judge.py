"""The judge at work: case by case, whatever was said about one is judged together, and again when more is said."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from core.annotations import Adoption, Annotation
from core.errors import StoreUnavailable
from core.judge.checks import VERSION, judge
from core.judge.evidence import RECENT, Evidence
from core.judge.notes import NOTE_AGAINST_TEXTS, NoteReader
from core.judge.ruling import Finding, Ruling
from core.values import Suggestion

log = logging.getLogger("aitl.judge")


class _Annotations(Protocol):
    def of_case(self, case_id: str) -> list[Annotation]: ...

    def before(self, annotation: Annotation, limit: int) -> list[Annotation]: ...


class _Suggestions(Protocol):
    def as_shown(self, suggestion_id: str) -> Suggestion: ...


class _Knowledge(Protocol):
    def current(self, snippet_ids: Iterable[str]) -> frozenset[str]: ...


class _Rulings(Protocol):
    def waiting(self, until: datetime | None = None, team: str | None = None) -> list[str]: ...

    def take(self, case_id: str) -> bool: ...

    def add(self, annotation_id: str, ruling: Ruling, by: str) -> bool: ...

    def latest(self, annotation_id: str) -> Ruling | None: ...


class JudgedStore(Protocol):
    """What the judge needs of the store."""

    @property
    def annotations(self) -> _Annotations: ...

    @property
    def suggestions(self) -> _Suggestions: ...

    @property
    def knowledge(self) -> _Knowledge: ...

    @property
    def rulings(self) -> _Rulings: ...

    def transaction(self) -> AbstractContextManager[None]: ...


def nobody(annotation: Annotation, ruling: Ruling) -> None:
    """Nobody wants to hear of it."""


class Judge:
    """Safe beside others: each case is taken by one, and its rulings are stored together.

    `hear` is told of every new ruling, inside the transaction that stores it: what it stores is stored with it.
    `notes` has a language model read them, outside of it. What it found once stays found without it: neither a note nor
    the texts it is about ever change.
    """

    def __init__(
        self,
        store: JudgedStore,
        hear: Callable[[Annotation, Ruling], None] = nobody,
        notes: NoteReader | None = None,
    ) -> None:
        self._store, self._hear, self._notes = store, hear, notes
        self._version = VERSION if notes is None else f"{VERSION}+{notes.version}"

    def round(self, until: datetime | None = None, team: str | None = None) -> int:
        """Judge every case that has waited since then or longer, of one workspace or all; tells how many are new.

        A case that cannot be judged is logged, stays on the list, and keeps no other from its turn.
        """
        return sum(self._case(case_id) for case_id in self._store.rulings.waiting(until, team))

    def _case(self, case_id: str) -> int:
        try:
            if self._notes is not None:
                self._read(case_id, self._notes)
            with self._store.transaction():
                return self._judge(case_id) if self._store.rulings.take(case_id) else 0
        except StoreUnavailable:
            raise
        except Exception:  # whatever it was, the other cases are judged
            log.exception("what was said about %s cannot be judged", case_id)
            return 0

    def _read(self, case_id: str, notes: NoteReader) -> None:
        for one in self._store.annotations.of_case(case_id):
            if notes.is_wanted(one) and one.suggestion_id is not None:
                suggestion = self._store.suggestions.as_shown(one.suggestion_id)
                if not suggestion.forgotten:
                    notes.read(one, suggestion)

    def _judge(self, case_id: str) -> int:
        said = self._store.annotations.of_case(case_id)
        new = 0
        for one in said:
            if one.forgotten:  # what it was judged by is gone: the ruling stands
                continue
            ruling = judge(self._evidence(one, said), self._opinion(one))
            if self._store.rulings.add(one.id, ruling, self._version):
                self._hear(one, ruling)
                new += 1
        return new

    def _opinion(self, annotation: Annotation) -> Finding | None:
        if not isinstance(annotation, Adoption) or not annotation.rationale:
            return None
        if self._notes is not None and self._notes.has_read(annotation.id):
            return self._notes.finding(annotation.id)
        before = self._store.rulings.latest(annotation.id)
        known = [] if before is None else [one for one in before.findings if one.check == NOTE_AGAINST_TEXTS]
        return known[0] if known else None

    def _evidence(self, annotation: Annotation, said: Sequence[Annotation]) -> Evidence:
        asked = annotation.suggestion_id
        suggestion = None if asked is None else self._store.suggestions.as_shown(asked)
        shown = () if suggestion is None else (one.snippet.id for one in suggestion.shown)
        return Evidence(
            annotation=annotation,
            suggestion=suggestion,
            around=tuple(one for one in said if one.id != annotation.id),
            before=tuple(self._store.annotations.before(annotation, RECENT)),
            current=self._store.knowledge.current(shown),
        )
