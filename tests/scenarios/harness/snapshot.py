"""What is left when everything is done, in words that do not depend on ids and times: to compare two runs."""

from __future__ import annotations

from typing import Any

from bot.sandbox import Person
from core.annotations import Adoption, Annotation, MissingKnowledge, Preference, Relevance
from core.store import Store


def snapshot(store: Store, people: dict[str, Person], channel: str) -> list[str]:
    """One line per case, turn, revision and annotation, and one per message of the bot and who sees it."""
    names = {person.user_id: name for name, person in people.items()}
    lines: list[str] = []
    for number, case in enumerate(sorted(store.cases.recent(100), key=lambda one: one.thread_ts), 1):
        head = f"case {number}"
        lines.append(f"{head}: {case.status}{_by(case.answered_by, names)}")
        lines += [f"{head} turn: {turn.role}: {turn.text}" for turn in case.turns]
        revisions = store.suggestions.of_case(case.id)
        lines += [f"{head} revision {one.revision}: {store.suggestions.state(one.id)}" for one in revisions]
        said = store.annotations.of_case(case.id, everything=True)
        lines += sorted(f"{head} said: {names[one.agent_id]}: {_said(one)}" for one in said)
        lines += sorted(f"{head} reply: {one.state}: {one.text}" for one in store.replies.of_case(case.id))
        posted = {
            (one["ts"], _kind(one), name if one.get("is_ephemeral") else "everybody")
            for name, person in people.items()
            for one in person.messages(channel, case.thread_ts)
            if one.get("bot_id")
        }
        lines += sorted(f"{head} posted for {who}: {kind}" for _, kind, who in posted)
    lines += [f"parked: {work.kind}" for work in store.inbox.parked()]
    lines += [f"parked: {sending.purpose}" for sending in store.outbox.parked()]
    return lines


def _by(user: str | None, names: dict[str, str]) -> str:
    return f" by {names[user]}" if user else ""


def _kind(message: dict[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    kind = str(metadata.get("event_type") or message["text"])
    revision = metadata.get("event_payload", {}).get("revision")
    return f"{kind} {revision}" if revision else kind


def _said(annotation: Annotation) -> str:
    match annotation:
        case Preference():
            words = f"prefers {annotation.chosen_slot} by {annotation.strength}"
        case Relevance():
            words = f"finds snippet {annotation.n} {annotation.label}"
        case MissingKnowledge():
            words = f"misses {annotation.description!r}"
        case Adoption():
            words = f"{annotation.decision} {annotation.final!r}{' confirmed' if annotation.confirmed else ''}"
        case _:
            raise AssertionError(annotation)
    fate = " (superseded)" * annotation.superseded + " (withdrawn)" * annotation.withdrawn
    return f"{words} by {annotation.source}{fate}"
