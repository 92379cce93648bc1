"""Did somebody look before they clicked? Haste, and the same button again and again.

Either is a doubt, never a proof: a hurried agent may be right, so these alone never hold anything.
"""

from __future__ import annotations

from core.annotations import Adoption, Preference, Relevance
from core.judge.evidence import Evidence
from core.judge.ruling import Finding
from core.values import Candidate
from core.words import words

# Skimming, two to three times as fast as reading (Rayner et al. 2016, So Much to Read, So Little Time).
SKIMMED_WORDS_PER_S = 700 / 60
# What takes less than this share of a skim was not read at all.
UNREAD = 0.25

# Slots are drawn at random: of 128 runs of eight choices, one has the same slot throughout by chance.
SAME_SIDE = 8
# Marks of one suggestion with one label, set faster than a person can look at each title.
SAME_MARKS, MARK_S = 5, 0.7


def faster_than_reading(evidence: Evidence) -> Finding | None:
    """A judgement of texts that nobody could have read in the time since they were posted."""
    annotation, suggestion = evidence.annotation, evidence.suggestion
    if suggestion is None or annotation.latency_s is None or suggestion.revision > 1:
        return None  # of a later revision they may know most of it already
    read_s = _read_s(evidence, suggestion.candidates)
    share = annotation.latency_s / read_s if read_s else 1.0
    if share >= 1.0:
        return None
    reason = f"answered {annotation.latency_s:.1f} s after the drafts came; skimming them takes {read_s:.0f} s"
    return Finding("faster_than_reading", reason, 0.3 if share < UNREAD else 0.6)


def straight_lining(evidence: Evidence) -> Finding | None:
    """The same answer again and again, where the answers' places are drawn anew each time."""
    annotation = evidence.annotation
    if isinstance(annotation, Preference):
        return _same_side(annotation, evidence)
    if isinstance(annotation, Relevance):
        return _same_marks(annotation, evidence)
    return None


def _read_s(evidence: Evidence, candidates: tuple[Candidate, ...]) -> float:
    """How long skimming takes: both candidates for a preference, the one that was sent for an adoption."""
    annotation = evidence.annotation
    if isinstance(annotation, Adoption) and annotation.decision == "as_is":
        texts = [one.text for one in candidates if one.slot == annotation.slot]
    elif isinstance(annotation, Preference):
        texts = [one.text for one in candidates]
    else:
        texts = []
    return sum(len(words(text)) for text in texts) / SKIMMED_WORDS_PER_S


def _same_side(preference: Preference, evidence: Evidence) -> Finding | None:
    run = 1
    for earlier in evidence.before:
        if not isinstance(earlier, Preference) or earlier.chosen_slot != preference.chosen_slot:
            break
        run += 1
    if preference.chosen_slot is None or run < SAME_SIDE:
        return None
    reason = f"chose {preference.chosen_slot.upper()} {run} times in a row, though sides are drawn at random"
    return Finding("straight_lining", reason, 0.3)


def _same_marks(mark: Relevance, evidence: Evidence) -> Finding | None:
    marks = [mark, *evidence.by_the_same(Relevance)]
    moments = sorted(one.created_at for one in marks)
    took_s = (moments[-1] - moments[0]).total_seconds()
    if len(marks) < SAME_MARKS or {one.label for one in marks} != {mark.label} or took_s >= MARK_S * len(marks):
        return None
    reason = f"marked {len(marks)} snippets {mark.label} within {took_s:.0f} s"
    return Finding("straight_lining", reason, 0.3)
