"""Is what was judged still there, and is a note only a note?"""

from __future__ import annotations

import re

from core.annotations import Adoption, MissingKnowledge, Relevance
from core.judge.evidence import Evidence
from core.judge.ruling import Finding

# Words to a machine in a note to people. Agents write about replies; who writes to the bot wants to steer it.
_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.!?\n]{0,40}\b(?:instruction|rule|prompt|polic|guideline|previous|above)"
    r"|\b(?:system|developer)\s+prompt\b|\bjailbreak"
    r"|\b(?:you|the (?:bot|model|assistant|ai)) (?:must|should|shall|have to|has to|will) (?:now |always |never )"
    r"|\b(?:from now on|henceforth|in (?:the )?future)\b[^.!?\n]{0,30}\b(?:you|always|never|answer|reply|say|approve)\b"
    r"|^\W*always (?:answer|reply|say|offer|grant|approve|refund|give)\b"
    r"|\bact as (?:if|a|an)\b|\bpretend (?:to|that|you)\b",
    re.IGNORECASE | re.MULTILINE,
)


def knowledge_gone(evidence: Evidence) -> Finding | None:
    """What was judged or sent rests on text that is no longer in the knowledge base."""
    annotation, suggestion = evidence.annotation, evidence.suggestion
    if suggestion is None:
        return None
    if isinstance(annotation, Relevance) and annotation.snippet_id not in evidence.current:
        return Finding("knowledge_gone", f"snippet {annotation.n} is no longer in the knowledge base", 0.3)
    if isinstance(annotation, Adoption) and annotation.slot is not None:
        cited = {
            one.snippet.id for one in suggestion.shown if one.rank in suggestion.candidate(annotation.slot).citations
        }
        gone = len(cited - evidence.current)
        if gone:
            # A fact that was taken out of the knowledge base must not come back as a reply.
            reason = f"{gone} of the {len(cited)} snippets the reply rests on are no longer in the knowledge base"
            return Finding("knowledge_gone", reason, 0.0)
    return None


def orders_to_the_bot(evidence: Evidence) -> Finding | None:
    """A note that tries to teach the bot something, instead of saying what was wrong with a reply."""
    annotation = evidence.annotation
    if isinstance(annotation, MissingKnowledge):
        note = annotation.description
    elif isinstance(annotation, Adoption):
        note = annotation.rationale or ""
    else:
        return None
    found = orders_in(note)
    if not found:
        return None
    return Finding("orders_to_the_bot", f"the note gives the bot orders: “{found[0]}”", 0.0)


def orders_in(text: str) -> list[str]:
    """The words with which a text tells the bot what to do, place by place; [] where it does not."""
    return [found.group().strip() for found in _ORDERS.finditer(text)]
