"""How sure a bundle may be of what it found: the chance that an article helps, by how far its search puts it ahead.

    chance(article) = 1 / (1 + exp(-(bias + lead · (its best score - the best score of any other article))))

A search that has learned the customers' words tells right from wrong by its scores where a comparison by meaning alone
cannot; what a lead is worth differs from bundle to bundle. So it is measured on questions that the bundle did not
learn from (training/evaluation/calibration.py), and stands among the bundle's measures. A bundle without that
measurement says nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.values import RankedSnippet

MEASURE = "confidence"  # its place among a bundle's metrics


@dataclass(frozen=True, slots=True)
class Confidence:
    """`lead`: of one unit of the bundle's own score, at least 0. `bias`: the log odds without any lead."""

    bias: float
    lead: float

    @classmethod
    def of(cls, metrics: Mapping[str, Any]) -> Confidence | None:
        """The one that was measured for a bundle with these metrics; None where none was."""
        measured = metrics.get(MEASURE)
        return cls(float(measured["bias"]), float(measured["lead"])) if measured and "lead" in measured else None

    def chances(self, shown: Sequence[RankedSnippet]) -> tuple[float, ...]:
        """Per snippet the chance, in [0, 1], that its article helps; () for none.

        `shown`: all eight as the bundle itself chose and scored them, so never what another one interleaved.
        """
        leads = leads_of(shown)
        return tuple(chance(self.bias + self.lead * leads[one.snippet.article_id]) for one in shown)


def leads_of(shown: Sequence[RankedSnippet]) -> dict[str, float]:
    """By article id: how far its best score is above that of any other article, below 0 for all but one.

    An article that has the screen for itself is ahead of its own last snippet.
    """
    best: dict[str, float] = {}
    for one in shown:
        best[one.snippet.article_id] = max(one.score, best.get(one.snippet.article_id, -math.inf))
    if len(best) == 1:
        return {article: score - min(one.score for one in shown) for article, score in best.items()}
    highest, second = sorted(best.values(), reverse=True)[:2] if best else (0.0, 0.0)
    first = next((article for article, score in best.items() if score == highest), "")
    return {article: score - (second if article == first else highest) for article, score in best.items()}


def chance(log_odds: float) -> float:
    """The probability with these log odds; exact at both ends."""
    if log_odds < 0:
        return 1.0 - chance(-log_odds)
    return 1.0 / (1.0 + math.exp(-log_odds))
