"""What the leads are shown of a held annotation: what was said, why it was held, and two buttons.

It does not say who: the lead is to judge what was said.
"""

from __future__ import annotations

from bot import ids
from bot.blocks.elements import Block, actions, button, section
from bot.mrkdwn import escape_within
from core.annotations import REASONS, Adoption, Annotation, Preference, Relevance
from core.judge.ruling import Ruling

_STRENGTHS = {1: "slightly better", 2: "better", 3: "much better"}
_LABELS = {"helpful": "helpful", "irrelevant": "not relevant", "outdated": "outdated"}


def build_held(annotation: Annotation, ruling: Ruling) -> Block:
    """`text` and `blocks`; `annotation` is no report of missing knowledge, which is never held."""
    reasons = "; ".join(finding.reason for finding in ruling.findings)
    question = f"*Shall this teach?* {said_in_words(annotation)} · {annotation.case_id}"
    said = f"{question}\nHeld back: {escape_within(reasons, 1000)}."
    controls = [
        button(ids.HELD_ACCEPT, "Let it teach", annotation.id),
        button(ids.HELD_DROP, "Drop it", annotation.id),
    ]
    return {"text": f"Held back: {said_in_words(annotation)}", "blocks": [section(said), actions(controls)]}


def said_in_words(annotation: Annotation) -> str:
    """What was said, in a few escaped words."""
    if isinstance(annotation, Preference):
        slot = (annotation.chosen_slot or "").upper()
        return f"“{slot} is {_STRENGTHS[annotation.strength]}”" if slot else "“Both are the same”"
    if isinstance(annotation, Relevance):
        return f"“Snippet {annotation.n} is {_LABELS[annotation.label]}”"
    if isinstance(annotation, Adoption):
        return _what_became(annotation)
    raise ValueError(f"{type(annotation).__name__} is never held")


def _what_became(adoption: Adoption) -> str:
    slot = (adoption.slot or "").upper()
    became = {
        "as_is": f"Draft {slot} was sent as it was",
        "edited": f"Draft {slot} was sent after an edit",
        "rejected": "Both drafts were refused",
        "own_reply": "A reply of an agent's own was confirmed",
    }[adoption.decision]
    reasons = ", ".join(REASONS[reason].lower() for reason in adoption.reasons)
    note = f": “{escape_within(adoption.rationale, 300)}”" if adoption.rationale else ""
    return f"{became}{f' ({reasons})' if reasons else ''}{note}"
