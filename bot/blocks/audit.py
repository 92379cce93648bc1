"""What a second person is shown of an annotation: what was on the screen, what was said about it, and two buttons.

It says neither who said it nor what the judge thinks of it: the person is to judge what was said.
"""

from __future__ import annotations

from bot import ids
from bot.blocks.elements import Block, actions, button, context, section
from bot.blocks.held import said_in_words
from bot.mrkdwn import escape_within
from core.annotations import Adoption, Annotation, Relevance
from core.exports import conversation
from core.values import Suggestion

ASKED_MAX, SHOWN_MAX = 600, 900


def build_audit(annotation: Annotation, suggestion: Suggestion | None) -> Block:
    """`text` and `blocks`; `annotation` is no report of missing knowledge. No suggestion: nothing is to be shown."""
    question = f"*A second opinion, please: may this teach?* {said_in_words(annotation)} · {annotation.case_id}"
    controls = [
        button(ids.AUDIT_AGREE, "It may teach", annotation.id),
        button(ids.AUDIT_DISAGREE, "It may not", annotation.id),
    ]
    shown = [section(one) for one in _shown(annotation, suggestion)]
    why = context("Drawn by chance, to see how good the judge of feedback is. The drafts are in the case's thread.")
    return {
        "text": f"A second opinion, please: {said_in_words(annotation)}",
        "blocks": [section(question), *shown, actions(controls), why],
    }


def _shown(annotation: Annotation, suggestion: Suggestion | None) -> list[str]:
    """What was on the screen as far as it matters here, each in an escaped paragraph."""
    parts: list[str] = []
    if suggestion is not None:
        parts.append(_quoted("Asked", conversation(suggestion.turns)[-ASKED_MAX:], ASKED_MAX))
    if isinstance(annotation, Relevance) and suggestion is not None:
        marked = [one.snippet for one in suggestion.shown if one.snippet.id == annotation.snippet_id]
        parts += [_quoted(f"Snippet {annotation.n}", f"{one.title}. {one.text}", SHOWN_MAX) for one in marked]
    elif suggestion is not None:
        parts += [_quoted(f"Draft {one.slot.upper()}", one.text, SHOWN_MAX) for one in suggestion.candidates]
    if suggestion is not None and isinstance(annotation, Adoption) and annotation.final:
        parts.append(_quoted("Sent", annotation.final, SHOWN_MAX))
    return parts


def _quoted(title: str, text: str, limit: int) -> str:
    return f"*{title}*\n{escape_within(text, limit)}"
