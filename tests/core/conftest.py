"""Things to store: a case, a suggestion with two candidates over three snippets, feedback on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

import pytest

from core.feedback import Feedback
from core.redaction import redact
from core.store import Store
from core.values import (
    Candidate,
    Case,
    CheckReport,
    RankedSnippet,
    SentenceCheck,
    Slot,
    Snippet,
    Suggestion,
    Turn,
)


class Clock(Protocol):
    now: datetime

    def __call__(self) -> datetime: ...

    def advance(self, seconds: float) -> None: ...


def snippet(number: int, version: int = 1) -> Snippet:
    return Snippet(
        id=f"snip_{number}",
        article_id=f"article-{number}",
        article_version=version,
        title=f"Article {number}",
        section="Refunds",
        url=f"https://help.example/articles/{number}",
        text=f"Refund rule number {number} applies.",
    )


def candidate(slot: Slot, text: str, citations: tuple[int, ...]) -> Candidate:
    sentence = SentenceCheck(text, citations, supported=True, states_fact=True, grants=False, reason="quoted")
    report = CheckReport((sentence,), citations_valid=True, answers_question=True)
    return Candidate(slot, text, "direct" if slot == "a" else "complete", "knowledge", f"bundle-{slot}", report)


@dataclass
class World:
    """One open case with one posted suggestion, and what people do to it."""

    store: Store
    feedback: Feedback
    clock: Clock
    case: Case
    suggestion: Suggestion

    def revise(self, **changes: Any) -> Suggestion:
        """The next revision, posted; the one before is superseded."""
        number = self.store.suggestions.next_revision(self.case.id)
        latest = self.store.suggestions.latest(self.case.id)
        assert latest is not None
        newer = replace(latest, id=f"sug_{self.case.id}_{number}", revision=number, created_at=self.clock(), **changes)
        stored = self.store.suggestions.add(newer)
        self.store.suggestions.retire(latest.id, "superseded")
        self.store.suggestions.mark_posted(stored.id, self.case.channel, f"{number}.9", self.clock())
        return stored


def a_suggestion(case: Case, at: datetime) -> Suggestion:
    shown = tuple(RankedSnippet(snippet(number), number, 1.0 / number) for number in (1, 2, 3))
    return Suggestion(
        id=f"sug_{case.id}_1",
        case_id=case.id,
        revision=1,
        turns=case.turns,
        query="where is my refund",
        retrieved=(*shown, RankedSnippet(snippet(4), 4, 0.25)),
        shown=shown,
        candidates=(
            candidate("a", "Hi! Refund rule number 1 applies. [1]", (1,)),
            candidate("b", "Refund rule number 2 applies. [2] It takes five days. [2]", (2,)),
        ),
        similar=(),
        bundle="bundle-a",
        parameters={"seed": 7, "weights": [0.7, 0.3]},
        timings_s={"retrieve": 0.125},
        created_at=at,
    )


@pytest.fixture
def new_world(store: Store, watch: Clock) -> Callable[[str], World]:
    """Opens a case in the thread of that timestamp, with a suggestion posted at once."""
    feedback = Feedback(store, watch, redact)

    def make(thread_ts: str) -> World:
        turn = Turn("customer", "Where is my refund?", thread_ts, watch())
        case, _ = store.cases.open("T1", "C1", thread_ts, "U_CUSTOMER", turn)
        suggestion = store.suggestions.add(a_suggestion(case, watch()))
        store.suggestions.mark_posted(suggestion.id, "C1", f"{thread_ts}1", watch())
        return World(store, feedback, watch, case, suggestion)

    return make


@pytest.fixture
def world(new_world: Callable[[str], World]) -> World:
    """One case, `1.0`."""
    return new_world("1.0")
