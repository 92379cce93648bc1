"""The state line: who has annotated, which kinds are open, what was sent; which way only once the case is closed."""

from __future__ import annotations

from core.annotations import Adoption, Annotation, AnnotationKind, MissingKnowledge, Preference, Relevance
from core.feedback_state import FeedbackState

KINDS: dict[AnnotationKind, str] = {
    "preference": "preference",
    "adoption": "reply",
    "relevance": "snippets",
    "gap": "missing knowledge",
}
AGENTS_SHOWN = 6
_STRENGTH = {1: "slightly", 2: "better", 3: "much better"}


def build_state(state: FeedbackState) -> str:
    """Escaped mrkdwn in one paragraph; never says which way somebody judged while the case is open."""
    parts = [_annotated(state), _open(state), *(_sent(state))]
    return "  ·  ".join(part for part in parts if part)


def _annotated(state: FeedbackState) -> str:
    if not state.annotated:
        return ""
    told = [
        f"<@{agent}> ({_which_way(state, agent) if state.closed else _kinds(kinds)})"
        for agent, kinds in list(state.annotated.items())[:AGENTS_SHOWN]
    ]
    more = len(state.annotated) - AGENTS_SHOWN
    return "Feedback: " + ", ".join(told) + (f" and {more} more" if more > 0 else "")


def _kinds(kinds: tuple[AnnotationKind, ...]) -> str:
    return ", ".join(KINDS[kind] for kind in kinds)


def _open(state: FeedbackState) -> str:
    return f"Open: {_kinds(state.open_kinds)}" if state.open_kinds else ""


def _sent(state: FeedbackState) -> list[str]:
    adoptions = {one.key: one for one in state.annotations if isinstance(one, Adoption)}
    return [f"Sent{_how(adoptions.get(reply.adoption_key))} by <@{reply.agent_id}>" for reply in state.sent[:3]]


def _how(adoption: Adoption | None) -> str:
    if adoption is None or adoption.slot is None:
        return ""
    return f": draft {adoption.slot.upper()}{', edited' if adoption.decision == 'edited' else ''}"


def _which_way(state: FeedbackState, agent: str) -> str:
    said = [describe(one) for one in state.annotations if one.agent_id == agent]
    return ", ".join(said[:4]) + (" …" if len(said) > 4 else "")


def describe(annotation: Annotation) -> str:
    """One judgement in a few words."""
    if isinstance(annotation, Preference):
        if annotation.chosen_slot is None:
            return "both the same"
        return f"{annotation.chosen_slot.upper()} {_STRENGTH[annotation.strength]}"
    if isinstance(annotation, Adoption):
        return _decision(annotation)
    if isinstance(annotation, Relevance):
        return f"[{annotation.n}] {annotation.label}"
    return "knowledge is missing" if isinstance(annotation, MissingKnowledge) else ""


def _decision(adoption: Adoption) -> str:
    if adoption.decision == "rejected":
        return "neither"
    if adoption.decision == "own_reply":
        return "a reply of their own"
    slot = (adoption.slot or "").upper()
    return f"sent {slot}" + (" edited" if adoption.decision == "edited" else "")
