"""What an agent's clicks mean: four kinds of annotation, and which reply goes to the customer.

Every method takes the `key` of the click and may be called again with it: the first call counts. `at` is the moment
of the click (default: now), so that clicks handled late or out of order end in the same state.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, get_args

from core.annotations import (
    Adoption,
    Annotation,
    GapKind,
    MissingKnowledge,
    Preference,
    ReasonCode,
    Relevance,
    RelevanceLabel,
    Surface,
)
from core.clicks import FORGOTTEN, checked, shown_id
from core.errors import InvalidAnnotation, TooLate
from core.feedback_state import FeedbackState, state_of
from core.sends import UNDO_S, AdoptionOutcome, Sends

__all__ = ["UNDO_S", "AdoptionOutcome", "Feedback", "PreferenceChoice"]

PreferenceChoice = Literal["a3", "a2", "a1", "tie", "b1", "b2", "b3"]


class Feedback(Sends):
    """Records what agents say. Raises InvalidAnnotation, UnknownSuggestion, NotAllowed or TooLate, in words."""

    def prefer(
        self,
        suggestion_id: str,
        agent_id: str,
        choice: PreferenceChoice,
        source: Surface,
        key: str,
        *,
        at: datetime | None = None,
        group: str = "",
    ) -> Preference:
        """Which candidate is better: `a3` says that A is significantly better, `tie` that both are the same."""
        if choice not in get_args(PreferenceChoice):
            raise InvalidAnnotation(
                f"{choice!r} is no preference; choose one of {', '.join(get_args(PreferenceChoice))}."
            )
        at = at or self._clock()
        with self._store.transaction():
            stored = self._stored(key, Preference)
            if stored is not None:
                return stored
            suggestion = self._open_suggestion(suggestion_id, source, at)
            if len(suggestion.candidates) < 2:
                raise InvalidAnnotation("This suggestion has no two candidates to choose between.")
            side, strength = (None, 0) if choice == "tie" else (choice[0], int(choice[1]))
            shared = self._shared(suggestion, agent_id, source, key, at)
            preference = checked(Preference, chosen_slot=side, strength=strength, **shared)
            return self._store.annotations.record(preference, group)

    def reject(
        self,
        suggestion_id: str,
        agent_id: str,
        reasons: Sequence[ReasonCode],
        rationale: str | None,
        reply: str | None,
        source: Surface,
        key: str,
        *,
        at: datetime | None = None,
        group: str = "",
    ) -> Adoption:
        """Neither candidate will do; `reply` is what the agent sent instead, if anything."""
        at = at or self._clock()
        with self._store.transaction():
            stored = self._stored(key, Adoption)
            if stored is not None:
                return stored
            suggestion = self._open_suggestion(suggestion_id, source, at)
            adoption = checked(
                Adoption,
                decision="rejected",
                final=self._kept(reply),
                reasons=tuple(reasons),
                rationale=self._kept(rationale),
                **self._shared(suggestion, agent_id, source, key, at),
            )
            return self._store.annotations.record(adoption, group)

    def mark(
        self,
        suggestion_id: str,
        agent_id: str,
        n: int,
        label: RelevanceLabel | Literal["clear"],
        source: Surface,
        key: str,
        *,
        at: datetime | None = None,
        group: str = "",
    ) -> Relevance | None:
        """Snippet number `n` helped, did not, or is outdated; `clear` takes the agent's mark back and gives None."""
        at = at or self._clock()
        with self._store.transaction():
            stored = self._stored(key, Relevance)
            if stored is not None:
                return stored
            suggestion = self._open_suggestion(suggestion_id, source, at)
            snippet_id = shown_id(suggestion, n)
            if label == "clear":
                self._store.annotations.clear(suggestion_id, agent_id, f"relevance:{snippet_id}", key, at)
                return None
            relevance = checked(
                Relevance,
                snippet_id=snippet_id,
                n=n,
                label=label,
                cited=any(n in candidate.citations for candidate in suggestion.candidates),
                **self._shared(suggestion, agent_id, source, key, at),
            )
            return self._store.annotations.record(relevance, group)

    def report_gap(
        self,
        suggestion_id: str,
        agent_id: str,
        description: str,
        kind: GapKind,
        link: str | None,
        source: Surface,
        key: str,
        *,
        at: datetime | None = None,
    ) -> MissingKnowledge:
        """What the knowledge base should have said. Taken on an old revision too: the gap is still there."""
        at = at or self._clock()
        with self._store.transaction():
            suggestion = self._store.suggestions.as_shown(suggestion_id)
            if suggestion.forgotten:
                raise TooLate(FORGOTTEN)
            report = checked(
                MissingKnowledge,
                description=self._redact(description),
                kind=kind,
                link=self._kept_link(link),
                **self._shared(suggestion, agent_id, source, key, at),
            )
            return self._store.annotations.record(report)

    def own_reply(self, case_id: str, agent_id: str, text: str, key: str, *, at: datetime | None = None) -> Adoption:
        """What an agent wrote in the thread; it teaches once somebody confirms it. Raises UnknownCase."""
        at = at or self._clock()
        with self._store.transaction():
            self._store.cases.get(case_id)
            words = self._kept(text)
            if words is None:
                raise InvalidAnnotation("The message has no words to keep.")
            suggestion = self._store.suggestions.latest(case_id)
            shared = self._shared_of(case_id, suggestion, agent_id, "message", key, at)
            adoption = checked(Adoption, decision="own_reply", final=words, confirmed=False, **shared)
            return self._store.annotations.record(adoption)

    def confirm(self, key: str, agent_id: str, *, at: datetime | None = None) -> Adoption:
        """This own reply may teach. Raises UnknownAnnotation where the key is no own reply's."""
        return self._store.annotations.confirm(key, agent_id, at)

    def unconfirm(self, key: str, agent_id: str | None = None, *, at: datetime | None = None) -> Adoption:
        """Takes one agent's confirmation back, or all. Raises UnknownAnnotation."""
        return self._store.annotations.unconfirm(key, agent_id, at)

    def withdraw(self, key: str, *, at: datetime | None = None) -> Annotation | None:
        """Takes one click back, also if it arrives later (None so far); restores nothing older."""
        return self._store.annotations.withdraw(key, at)

    def withdraw_group(self, group: str, key: str, *, at: datetime | None = None) -> list[Annotation]:
        """Takes back what a group of clicks has said up to `at`: one person's one reaction, however often added."""
        return self._store.annotations.withdraw_group(group, key, at)

    def agent_view(self, suggestion_id: str, agent_id: str) -> list[Annotation]:
        """What this agent has said about a suggestion and stands, oldest first. For this agent's eyes only."""
        standing = self._store.annotations.standing(suggestion_id)
        return [annotation for annotation in standing if annotation.agent_id == agent_id]

    def state(self, suggestion_id: str) -> FeedbackState:
        """What everybody may see on the suggestion message. Raises UnknownSuggestion."""
        return state_of(self._store, suggestion_id)
