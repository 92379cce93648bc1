"""Reactions on a suggestion message annotate it; one on an agent's own reply confirms it. Taken away, they withdraw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.blocks.notes import build_gap_question, build_neither_question
from bot.desk import Desk, moment_of
from bot.errors import NotYet
from bot.inbox import EVENTS
from bot.listeners.own_reply import own_reply_key
from core.annotations import ReasonCode
from core.feedback import PreferenceChoice
from core.store.inbox import MAX_ATTEMPTS
from core.store.records import Work
from core.values import Suggestion

# A reaction gives no reason; the agent is asked for one privately.
UNSAID: tuple[ReasonCode, ...] = ("other",)


@dataclass(frozen=True, slots=True)
class _Reaction:
    """One emoji of one person on one message; `group` names it however often it comes and goes."""

    user: str
    channel: str
    ts: str
    meaning: str

    @property
    def group(self) -> str:
        return f"reaction:{self.channel}:{self.ts}:{self.user}:{self.meaning}"

    @property
    def interaction(self) -> str:
        """Its row of the permission table: `prefer_a` and `prefer_b` share one."""
        return f"reaction_{self.meaning.partition('_')[0]}"


def meaning_of(name: str, reactions: Mapping[str, str]) -> str | None:
    """What an emoji means here; its skin tone changes nothing."""
    plain = name.split("::")[0]
    return next((meaning for meaning, emoji in reactions.items() if emoji == plain), None)


def work_reaction_added(work: Work, desk: Desk) -> None:
    """Record what the reaction says, if it says something and its author may teach."""
    reaction = _read(work, desk)
    if reaction is None:
        return
    if reaction.meaning == "confirm":
        key = _own_reply(work, reaction, desk)
        if key and desk.permissions.allows(reaction.interaction, reaction.user):
            _refresh(desk.feedback.confirm(key, reaction.user, at=moment_of(work)).suggestion_id, desk)
        return
    suggestion = _suggestion(work, reaction, desk)
    if suggestion is not None and desk.permissions.allows(reaction.interaction, reaction.user):
        _annotate(work, reaction, suggestion, desk)


def work_reaction_removed(work: Work, desk: Desk) -> None:
    """Withdraw what the reaction had said; nothing older comes back."""
    reaction = _read(work, desk)
    if reaction is None:
        return
    if reaction.meaning == "confirm":
        key = _own_reply(work, reaction, desk)
        if key:
            _refresh(desk.feedback.unconfirm(key, reaction.user, at=moment_of(work)).suggestion_id, desk)
        return
    suggestion = _suggestion(work, reaction, desk)
    if suggestion is not None:
        desk.feedback.withdraw_group(reaction.group, work.key, at=moment_of(work))
        desk.refresh(suggestion.id)


def _suggestion(work: Work, reaction: _Reaction, desk: Desk) -> Suggestion | None:
    """The suggestion that this message shows; None for any other message."""
    found = desk.store.suggestions.by_message(desk.identity.team_id, reaction.channel, reaction.ts)
    ours = work.payload.get("item_user") == desk.identity.bot_user_id
    if found is None and ours and work.attempts < MAX_ATTEMPTS and desk.store.outbox.pending():
        raise NotYet("one of our messages, perhaps just being noted here")
    return found


def _own_reply(work: Work, reaction: _Reaction, desk: Desk) -> str:
    """The key of the own reply that this message is; "" for any other message."""
    key = own_reply_key(reaction.channel, reaction.ts)
    known = desk.store.annotations.by_key(key)
    if known is not None and desk.store.cases.get(known.case_id).team == desk.identity.team_id:
        return key
    if work.attempts < MAX_ATTEMPTS and desk.store.inbox.pending(EVENTS):
        raise NotYet("a message that is perhaps not worked off yet")
    return ""


def _read(work: Work, desk: Desk) -> _Reaction | None:
    event = work.payload
    meaning = meaning_of(event.get("reaction", ""), desk.settings.reactions)
    item = event.get("item") or {}
    if meaning is None or item.get("type") != "message":
        return None
    return _Reaction(event["user"], item["channel"], item["ts"], meaning)


def _annotate(work: Work, reaction: _Reaction, suggestion: Suggestion, desk: Desk) -> None:
    agent, at, group = reaction.user, moment_of(work), reaction.group
    kind, _, which = reaction.meaning.partition("_")
    if kind == "prefer":
        choice: PreferenceChoice = "a2" if which == "a" else "b2"
        desk.feedback.prefer(suggestion.id, agent, choice, "reaction", work.key, at=at, group=group)
    elif kind == "irrelevant":
        desk.feedback.mark(suggestion.id, agent, int(which), "irrelevant", "reaction", work.key, at=at, group=group)
    elif kind == "neither":
        desk.feedback.reject(suggestion.id, agent, UNSAID, None, None, "reaction", work.key, at=at, group=group)
        if desk.may_disturb(work.key, agent, reaction.channel):
            _ask(work, reaction, suggestion, desk, build_neither_question(suggestion.id))
    else:
        _ask(work, reaction, suggestion, desk, build_gap_question(suggestion.id))
    desk.refresh(suggestion.id)


def _ask(work: Work, reaction: _Reaction, suggestion: Suggestion, desk: Desk, question: dict[str, object]) -> None:
    """In the thread, for this agent only: an event of a reaction does not say where its thread is."""
    thread_ts = desk.store.cases.get(suggestion.case_id).thread_ts
    desk.tell(work.key, reaction.user, reaction.channel, question, thread_ts)


def _refresh(suggestion_id: str | None, desk: Desk) -> None:
    if suggestion_id is not None:
        desk.refresh(suggestion_id)
