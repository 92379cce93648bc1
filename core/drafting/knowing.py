"""How likely is it that the screen answers? A calibrated guess from the facts that come nearest.

The sentence model cannot tell "not in the knowledge base" from "asked in other words". What it can tell is how likely
its best fact is the right one, and that is what decides how boldly a draft may speak.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.conversation import Ask
from core.drafting.ranking import ScoredFact
from core.words import content_stems

# Logistic regression on the sample cases, target: the best fact is from a right article; five folds, AUC 0.81.
_INTERCEPT, _SCORE, _MARGIN, _SNIPPETS, _WORDS = -4.66, 2.88, 4.6, 0.55, 0.63
_BY_KEYWORDS = 1.2  # a handful of keywords comes nearer to everything than a sentence does
UNKNOWN_BELOW = 0.24  # the best fact is right in about one case of six: better to say so
SURE_FROM = 0.5
SURE_THOUGH_VAGUE = 0.8


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for the best fact."""

    score: float  # its own
    margin: float  # by how much it beats the best fact of any other article; 0 where there is no other
    snippets: int  # how many of the shown snippets are from its article
    words: float  # share of the question's content words that stand anywhere on the screen, in [0, 1]


def evidence_for(ask: Ask, ranking: Sequence[ScoredFact], best: ScoredFact) -> Evidence:
    """The evidence for `best`, one of the facts of a question, by meaning and words alone."""
    article = best.placed.snippet.article_id
    others = [one.by_meaning for one in ranking if one.placed.snippet.article_id != article]
    screen = {one.placed.n: one.placed.snippet for one in ranking}.values()
    said = content_stems(" ".join(f"{one.title} {one.section} {one.text}" for one in screen))
    asked = {word for word in content_stems(ask.keywords or ask.text) if not word.isdigit()}
    return Evidence(
        score=best.by_meaning,
        margin=best.by_meaning - max(others, default=best.by_meaning),
        snippets=sum(one.article_id == article for one in screen),
        words=len(asked & said) / len(asked) if asked else 0.0,
    )


def likelihood(ask: Ask, ranking: Sequence[ScoredFact]) -> float:
    """How likely the best fact answers the question, in [0, 1]; 0.0 where there is none."""
    if not ranking:
        return 0.0
    best = ranking[0]
    nearest = max(ranking, key=lambda one: one.by_meaning)
    alone = _by_meaning(ask, ranking, best)
    if nearest.placed.snippet.article_id == best.placed.snippet.article_id:
        return max(alone, best.chance)
    doubt = _by_meaning(ask, ranking, nearest)  # the sentence model would answer from another article
    return max(alone, best.chance * (1.0 - doubt) / (1.0 - best.chance * doubt))


def _by_meaning(ask: Ask, ranking: Sequence[ScoredFact], best: ScoredFact) -> float:
    found = evidence_for(ask, ranking, best)
    total = _INTERCEPT + _SCORE * found.score + _MARGIN * found.margin - (_BY_KEYWORDS if ask.keywords else 0.0)
    return 1.0 / (1.0 + math.exp(-(total + _SNIPPETS * found.snippets + _WORDS * found.words)))
