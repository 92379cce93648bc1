"""From a click on a draft to the reply that a customer reads: first send wins, others are held, a minute to undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.annotations import Adoption, ReasonCode, Surface
from core.citations import without_marks
from core.clicks import Clicks, candidate_of, checked
from core.errors import InvalidAnnotation, NotAllowed, TooLate, UnknownAnnotation
from core.ids import new_id
from core.replies import HeldReply, Reply
from core.values import Candidate, Slot, Suggestion

UNDO_S = 60


@dataclass(frozen=True, slots=True)
class AdoptionOutcome:
    """What became of a click on "use" or "send".

    Sent: `adoption` and `reply`. Somebody was first: `held`, and `answered_by` says who.
    """

    adoption: Adoption | None
    reply: Reply | None
    held: HeldReply | None
    answered_by: str | None


class Sends(Clicks):
    """The clicks that send a reply, or take it back."""

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
            candidate = candidate_of(suggestion, slot)
            words = without_marks(candidate.text) if final is None else final
            if not words.strip():
                raise InvalidAnnotation("The reply is empty; write what the customer should read.")
            if not self._store.cases.answer(suggestion.case_id, agent_id, key) and not anyway:
                return self._hold(suggestion, agent_id, slot, words, reasons, rationale, source, key)
            return self._send(
                suggestion, candidate, words, reasons, rationale, self._shared(suggestion, agent_id, source, key, at)
            )

    def send_held(self, held_id: str, agent_id: str, key: str, *, at: datetime | None = None) -> AdoptionOutcome:
        """Sends a held reply after all.

        Raises TooLate once it has been sent or its case was withdrawn, NotAllowed for another agent's.
        """
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
            if self._store.cases.get(held.case_id).status == "withdrawn":
                raise TooLate("This case has been withdrawn; nothing was sent.")
            self._store.held_replies.take(held_id)
            suggestion = self._store.suggestions.as_shown(held.suggestion_id)
            self._store.cases.answer(held.case_id, agent_id, key)
            shared = self._shared(suggestion, agent_id, held.source, key, at)
            return self._send(
                suggestion, candidate_of(suggestion, held.slot), held.final, held.reasons, held.rationale, shared
            )

    def undo(self, adoption_key: str, agent_id: str, now: datetime) -> Reply:
        """Takes a sent reply back within its minute: annotation withdrawn, case open again if nothing else answers it.

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
                raise TooLate(f"A reply can be undone for {UNDO_S} seconds. Delete the message itself if it must go.")
            self._store.annotations.withdraw(adoption_key, now)
            undone = self._store.replies.mark_undone(adoption_key)
            if self._store.cases.reopen(reply.case_id, adoption_key):
                self._answered_by_the_next(reply.case_id)
            return undone

    def _answered_by_the_next(self, case_id: str) -> None:
        """A reply that was sent anyway still stands after the first one was undone: the case stays answered."""
        standing = next((one for one in self._store.replies.of_case(case_id) if one.state != "undone"), None)
        if standing is not None:
            self._store.cases.answer(case_id, standing.agent_id, standing.adoption_key)

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
        adoption = checked(
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
