"""Does what somebody says fit what they did, and what others say?"""

from __future__ import annotations

from core.annotations import Adoption, Preference, Relevance
from core.judge.evidence import Evidence
from core.judge.ruling import Finding
from core.words import wording, words

# A draft counts as shortened or lengthened from here on.
SHORTER, LONGER = 0.95, 1.05


def contradiction(evidence: Evidence) -> Finding | None:
    """Prefers one draft, and sends the other one as it is."""
    preference, sent = evidence.annotation, evidence.sent
    if not isinstance(preference, Preference) or preference.strength < 2 or sent is None or sent.decision != "as_is":
        return None
    if sent.slot == preference.chosen_slot or preference.chosen_slot is None or sent.slot is None:
        return None
    said = "significantly" if preference.strength == 3 else "clearly"
    reason = f"prefers {preference.chosen_slot.upper()} {said}, but sent {sent.slot.upper()} as it was"
    return Finding("contradiction", reason, 0.0 if preference.strength == 3 else 0.3)


def reason_against_edit(evidence: Evidence) -> Finding | None:
    """The reason given for an edit is not what the edit does."""
    adoption = evidence.annotation
    if not isinstance(adoption, Adoption) or adoption.decision != "edited" or not adoption.draft or not adoption.final:
        return None
    draft, final = words(adoption.draft), words(adoption.final)
    if not draft:
        return None
    if "too_long" in adoption.reasons and len(final) > LONGER * len(draft):
        said = f"says the draft was too long, and sent {len(final)} words for {len(draft)}"
    elif "incomplete" in adoption.reasons and len(final) < SHORTER * len(draft):
        said = f"says something was missing, and sent {len(final)} words for {len(draft)}"
    elif wording(adoption.draft) == wording(adoption.final) and adoption.reasons:
        said = "gives a reason for an edit that changed no word"
    else:
        return None
    return Finding("reason_against_edit", said, 0.5)


def relevance_against_citation(evidence: Evidence) -> Finding | None:
    """The only source of a draft is called irrelevant, and the draft goes out unchanged."""
    mark, sent, suggestion = evidence.annotation, evidence.sent, evidence.suggestion
    if not isinstance(mark, Relevance) or mark.label == "helpful" or suggestion is None:
        return None
    if sent is None or sent.decision != "as_is" or sent.slot is None:
        return None
    if suggestion.candidate(sent.slot).citations != (mark.n,):
        return None
    reason = f"calls snippet {mark.n} {mark.label}, but sent {sent.slot.upper()}, which rests on it alone, as it was"
    return Finding("relevance_against_citation", reason, 0.3)


def disagreement(evidence: Evidence) -> Finding | None:
    """Another agent says the opposite about the same thing on the same screen."""
    others = _opinions_of_others(evidence)
    against = others.count(False)
    if not against or against < len(others) - against:
        return None  # most of the others agree
    reason = f"{against} of {len(others)} other agents say the opposite"
    return Finding("disagreement", reason, 1.0 / (1 + against))


def _opinions_of_others(evidence: Evidence) -> list[bool]:
    """For each other agent with an opinion on the same question: whether it is the same. A tie is no opinion."""
    mine = evidence.annotation
    if isinstance(mine, Preference) and mine.chosen_slot is not None:
        slots = [one.chosen_slot for one in evidence.by_others(Preference)]
        return [slot == mine.chosen_slot for slot in slots if slot is not None]
    if isinstance(mine, Relevance):
        marks = [one for one in evidence.by_others(Relevance) if one.snippet_id == mine.snippet_id]
        return [(one.label == "helpful") == (mine.label == "helpful") for one in marks]
    return []
