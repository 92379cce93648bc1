"""What an agent's clicks mean: four kinds of annotation, and which reply goes to the customer.

Every method takes the `key` of the click and may be called again with it: the first call counts. `at` is the moment
of the click (default: now), so that clicks handled late or out of order end in the same state.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar, get_args

from pydantic import ValidationError

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
from core.citations import without_marks
from core.clock import Clock
from core.errors import InvalidAnnotation, NotAllowed, TooLate, UnknownAnnotation
from core.feedback_state import FeedbackState, state_of
from core.feedback_store import FeedbackStore
from core.ids import new_id
from core.replies import HeldReply, Reply
from core.values import Candidate, Slot, Suggestion

UNDO_S = 60
PreferenceChoice = Literal["a3", "a2", "a1", "tie", "b1", "b2", "b3"]
A = TypeVar("A", bound=Annotation)


@dataclass(frozen=True, slots=True)
class AdoptionOutcome:
    """What became of a click on "use" or "send".

    Sent: `adoption` and `reply`. Somebody was first: `held`, and `answered_by` says who.
    """

    adoption: Adoption | None
    reply: Reply | None
    held: HeldReply | None
    answered_by: str | None


class Feedback:
    """Records what agents say. Raises InvalidAnnotation, UnknownSuggestion, NotAllowed or TooLate, in words."""

    def __init__(self, store: FeedbackStore, clock: Clock, redact: Callable[[str], str]) -> None:
        self._store, self._clock, self._redact = store, clock, redact

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
            preference = _checked(Preference, chosen_slot=side, strength=strength, **shared)
            return self._store.annotations.record(preference, group)

    def adopt(
        self,
        suggestion_id: str,
        agent_id: str,
        slot: Slot,
        source: Surface,
        key: str,
        final: str | None = None,
        reasons: Sequence[ReasonCode] = (),
        rationale: str | None = None,
        anyway: bool = False,
        *,
        at: datetime | None = None,
    ) -> AdoptionOutcome:
        """Sends a candidate, as it is or as edited (`final`): the first send of a case wins.

        Otherwise the reply is held, unless it is to be sent `anyway`. What is sent is `final` exactly as written.
        """
        at = at or self._clock()
        with self._store.transaction():
            outcome = self._outcome(key)
            if outcome is not None:
                return outcome
            suggestion = self._open_suggestion(suggestion_id, source, at)
            candidate = _candidate(suggestion, slot)
            words = without_marks(candidate.text) if final is None else final
            if not words.strip():
                raise InvalidAnnotation("The reply is empty; write what the customer should read.")
            if not self._store.cases.answer(suggestion.case_id, agent_id, key) and not anyway:
                return self._hold(suggestion, agent_id, slot, words, reasons, rationale, source, key)
            return self._send(
                suggestion, candidate, words, reasons, rationale, self._shared(suggestion, agent_id, source, key, at)
            )

    def send_held(self, held_id: str, agent_id: str, key: str, *, at: datetime | None = None) -> AdoptionOutcome:
        """Sends a held reply after all. Raises TooLate once it has been sent, NotAllowed for another agent's."""
        at = at or self._clock()
        with self._store.transaction():
            outcome = self._outcome(key)
            if outcome is not None:
                return outcome
            held = self._store.held_replies.get(held_id)
            if held is None:
                raise TooLate("This reply has been sent already, or was held too long. Choose a candidate again.")
            if held.agent_id != agent_id:
                raise NotAllowed(f"Only <@{held.agent_id}> can send this reply.")
            self._store.held_replies.take(held_id)
            suggestion = self._store.suggestions.get(held.suggestion_id)
            self._store.cases.answer(held.case_id, agent_id, key)
            shared = self._shared(suggestion, agent_id, held.source, key, at)
            return self._send(
                suggestion, _candidate(suggestion, held.slot), held.final, held.reasons, held.rationale, shared
            )

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
            adoption = _checked(
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
            snippet_id = _shown(suggestion, n)
            if label == "clear":
                self._store.annotations.clear(suggestion_id, agent_id, f"relevance:{snippet_id}", key, at)
                return None
            relevance = _checked(
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
            suggestion = self._store.suggestions.get(suggestion_id)
            report = _checked(
                MissingKnowledge,
                description=self._redact(description),
                kind=kind,
                link=(link or "").strip() or None,
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
            adoption = _checked(Adoption, decision="own_reply", final=words, confirmed=False, **shared)
            return self._store.annotations.record(adoption)

    def confirm(self, key: str, agent_id: str) -> Adoption:
        """This own reply may teach. Raises UnknownAnnotation where the key is no own reply's."""
        return self._store.annotations.confirm(key, agent_id)

    def unconfirm(self, key: str, agent_id: str | None = None) -> Adoption:
        """Takes one agent's confirmation back, or all. Raises UnknownAnnotation."""
        return self._store.annotations.unconfirm(key, agent_id)

    def withdraw(self, key: str, *, at: datetime | None = None) -> Annotation | None:
        """Takes one click back, also if it arrives later (None so far); restores nothing older."""
        return self._store.annotations.withdraw(key, at)

    def withdraw_group(self, group: str, key: str, *, at: datetime | None = None) -> list[Annotation]:
        """Takes back what a group of clicks has said up to `at`: one person's one reaction, however often added."""
        return self._store.annotations.withdraw_group(group, key, at)

    def undo(self, adoption_key: str, agent_id: str, now: datetime) -> Reply:
        """Takes a sent reply back within its minute: annotation withdrawn, case open again if this had answered it.

        Raises UnknownAnnotation, NotAllowed for another agent's, TooLate after 60 s. Undone stays undone.
        """
        with self._store.transaction():
            reply = self._store.replies.by_key(adoption_key)
            if reply is None:
                raise UnknownAnnotation(adoption_key)
            if reply.agent_id != agent_id:
                raise NotAllowed(f"Only <@{reply.agent_id}> can undo this reply.")
            if reply.state == "undone":
                return reply
            if reply.posted_at is not None and now > reply.posted_at + timedelta(seconds=UNDO_S):
                raise TooLate(f"A reply can be undone for {UNDO_S} seconds. Delete the message in Slack if it must go.")
            self._store.annotations.withdraw(adoption_key, now)
            self._store.cases.reopen(reply.case_id, adoption_key)
            return self._store.replies.mark_undone(adoption_key)

    def agent_view(self, suggestion_id: str, agent_id: str) -> list[Annotation]:
        """What this agent has said about a suggestion and stands, oldest first. For this agent's eyes only."""
        standing = self._store.annotations.standing(suggestion_id)
        return [annotation for annotation in standing if annotation.agent_id == agent_id]

    def state(self, suggestion_id: str) -> FeedbackState:
        """What everybody may see on the suggestion message. Raises UnknownSuggestion."""
        return state_of(self._store, suggestion_id)

    def _stored(self, key: str, kind: type[A]) -> A | None:
        annotation = self._store.annotations.by_key(key)
        if annotation is not None and not isinstance(annotation, kind):
            raise InvalidAnnotation(f"The key {key!r} names another kind of annotation already.")
        return annotation

    def _outcome(self, key: str) -> AdoptionOutcome | None:
        """What this click led to when it was handled before."""
        adoption = self._stored(key, Adoption)
        if adoption is not None:
            reply = self._store.replies.by_key(key)
            return AdoptionOutcome(adoption, reply, None, self._store.cases.get(adoption.case_id).answered_by)
        held = self._store.held_replies.by_key(key)
        if held is not None:
            return AdoptionOutcome(None, None, held, self._store.cases.get(held.case_id).answered_by)
        return None

    def _hold(
        self,
        suggestion: Suggestion,
        agent_id: str,
        slot: Slot,
        final: str,
        reasons: Sequence[ReasonCode],
        rationale: str | None,
        source: Surface,
        key: str,
    ) -> AdoptionOutcome:
        case = self._store.cases.get(suggestion.case_id)
        if case.status == "withdrawn":
            raise TooLate("This case has been withdrawn; nothing was sent.")
        held = HeldReply(
            id=new_id("held"),
            case_id=case.id,
            suggestion_id=suggestion.id,
            agent_id=agent_id,
            slot=slot,
            final=final,
            reasons=tuple(reasons),
            rationale=rationale,
            source=source,
            key=key,
        )
        return AdoptionOutcome(None, None, self._store.held_replies.add(held), case.answered_by)

    def _send(
        self,
        suggestion: Suggestion,
        candidate: Candidate,
        final: str,
        reasons: Sequence[ReasonCode],
        rationale: str | None,
        shared: dict[str, Any],
    ) -> AdoptionOutcome:
        draft = without_marks(candidate.text)
        as_is = final.split() == draft.split()
        adoption = _checked(
            Adoption,
            decision="as_is" if as_is else "edited",
            slot=candidate.slot,
            draft=draft,
            # A draft rests on knowledge and redacted turns: an address in it is the company's own.
            final=final if as_is else self._redact(final),
            reasons=tuple(reasons),
            rationale=self._kept(rationale),
            **shared,
        )
        reply = Reply(new_id("reply"), suggestion.case_id, suggestion.id, adoption.key, adoption.agent_id, final)
        stored = self._store.replies.add(reply)
        answered_by = self._store.cases.get(suggestion.case_id).answered_by
        return AdoptionOutcome(self._store.annotations.record(adoption), stored, None, answered_by)

    def _open_suggestion(self, suggestion_id: str, source: Surface, at: datetime) -> Suggestion:
        """The suggestion, if a click made then still counts.

        A form that was open when a newer revision came counts: the agent's words are not thrown away.
        """
        suggestion = self._store.suggestions.get(suggestion_id)
        state = self._store.suggestions.state(suggestion_id)
        if state == "withdrawn":
            raise TooLate("This suggestion has been withdrawn; it takes no more feedback.")
        retired_at = self._store.suggestions.retired_at(suggestion_id)
        if retired_at is not None and at >= retired_at and source != "modal":
            raise TooLate(f"Revision {suggestion.revision} has been replaced by a newer one; choose there.")
        return suggestion

    def _shared(self, suggestion: Suggestion, agent_id: str, source: Surface, key: str, at: datetime) -> dict[str, Any]:
        return self._shared_of(suggestion.case_id, suggestion, agent_id, source, key, at)

    def _shared_of(
        self, case_id: str, suggestion: Suggestion | None, agent_id: str, source: Surface, key: str, at: datetime
    ) -> dict[str, Any]:
        """The fields that every kind has."""
        posted = None if suggestion is None else self._store.suggestions.posted(suggestion.id)
        return {
            "id": new_id("ann"),
            "key": key,
            "case_id": case_id,
            "suggestion_id": None if suggestion is None else suggestion.id,
            "agent_id": agent_id,
            "created_at": at,
            "latency_s": None if posted is None else max(0.0, (at - posted.at).total_seconds()),
            "source": source,
        }

    def _kept(self, text: str | None) -> str | None:
        """What is stored of words that may be missing: redacted, None where there are none."""
        return self._redact(text.strip()) if text and text.strip() else None


def _candidate(suggestion: Suggestion, slot: Slot) -> Candidate:
    try:
        return suggestion.candidate(slot)
    except KeyError:
        raise InvalidAnnotation(f"There is no candidate {slot!r} in this suggestion.") from None


def _shown(suggestion: Suggestion, n: int) -> str:
    """The id of the snippet with this number on the screen."""
    for ranked in suggestion.shown:
        if ranked.rank == n:
            return ranked.snippet.id
    raise InvalidAnnotation(f"There is no snippet {n} in this suggestion; it shows {len(suggestion.shown)}.")


def _checked(model: type[A], /, **values: Any) -> A:
    """The annotation, or InvalidAnnotation with the first thing that is wrong in words."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or model.__name__
        raise InvalidAnnotation(f"{where}: {first['msg'].removeprefix('Value error, ')}.") from error
