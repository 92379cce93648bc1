"""Does the knowledge base answer at all? A calibrated guess from how near the best fact comes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.conversation import Ask
from core.drafting.ranking import ScoredFact
from core.words import content_words, stem


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer on the screen. All in [0, 1] but for rounding."""

    sentence: float  # cosine of the best sentence to the conversation
    article: float  # how well its article fits
    words: float  # share of the question's content words that stand anywhere on the screen


def evidence_for(asks: Sequence[Ask], rankings: Sequence[Sequence[ScoredFact]]) -> Evidence:
    """The evidence for the first question; none at all where nothing is on the screen."""
    found = [ranking for ranking in rankings if ranking]
    if not found:
        return Evidence(0.0, 0.0, 0.0)
    best = found[0][0]
    nearest = max(one.similarity for one in found[0])
    screen = {
        stem(word)
        for one in found[0]
        for word in content_words(f"{one.placed.snippet.title} {one.placed.snippet.section} {one.placed.fact.text}")
    }
    asked = {stem(word) for ask in asks for word in content_words(ask.text) if not word.isdigit()}
    words = len(asked & screen) / len(asked) if asked else 0.5
    return Evidence(nearest, best.article_score, words)


# Logistic regression on the sample cases, no_answer against the rest, two folds.
_INTERCEPT, _SENTENCE, _ARTICLE, _WORDS = -2.0, 5.0, 3.0, 1.5


def probability_of_an_answer(evidence: Evidence) -> float:
    """In (0, 1)."""
    total = _INTERCEPT + _SENTENCE * evidence.sentence + _ARTICLE * evidence.article + _WORDS * evidence.words
    return 1.0 / (1.0 + math.exp(-total))
