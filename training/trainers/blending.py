"""How much a reranker's logits weigh against the first stage: fitted on questions that it did not learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

# Standard errors by which the blend has to be better than the first stage alone. The gain of a good reranker on 40
# questions is about .4 of one, so that more would hardly ever let one through; less lets through those of no use.
_SURE = 0.5
# Of the best weight. Measured on DSTC11's seed split, fitted on 40 questions and tried on 20 others, 60 times: nDCG@10
# +.007 on average, and lower than without in one of 50; the whole weight is lower twice as often.
_CAUTION = 0.5
_STRENGTH_LEAST = 0.25  # of the first stage: among the few on the screen it looks weaker than it is among all


@dataclass(frozen=True, slots=True)
class JudgedList:
    """One question's snippets: the first stage's standardized scores, logits, and weights, below 0 if irrelevant."""

    first_stage: Sequence[float]
    logits: Sequence[float]
    weights: Sequence[float]


@dataclass(frozen=True, slots=True)
class Fitted:
    """`weight` of a logit beside a standardized score, 0 where it does not help for sure.

    Accuracies: share of pairs, by weight, that stand in the right order, in [0, 1]; 0.5 where there are none.
    """

    weight: float
    accuracy_before: float
    accuracy_after: float
    questions: int


def fit_blend(lists: Sequence[JudgedList]) -> Fitted:
    """Half the weight with the least pairwise logistic loss, where that is below the first stage's own."""
    pairs = [found for one in lists if len((found := _pairs(one))[0])]
    if len(pairs) < 2:
        return Fitted(0.0, 0.5, 0.5, len(pairs))
    first, both = _minimum(pairs, with_logits=False), _minimum(pairs, with_logits=True)
    gains = np.array([_loss(first, [one]) - _loss(both, [one]) for one in pairs])
    is_sure = gains.mean() > _SURE * gains.std(ddof=1) / np.sqrt(len(gains))
    weight = float(_CAUTION * both[1] / max(both[0], _STRENGTH_LEAST)) if is_sure else 0.0
    return Fitted(weight, _accuracy(0.0, pairs), _accuracy(weight, pairs), len(pairs))


_Pairs = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def _pairs(one: JudgedList) -> _Pairs:
    """Of each helpful and irrelevant snippet: difference of score, difference of logit, weight. Shape (pairs,)."""
    first, logits, weights = (np.asarray(some, dtype=np.float64) for some in (one.first_stage, one.logits, one.weights))
    better, worse = np.nonzero(np.outer(weights > 0, weights < 0))
    return first[better] - first[worse], logits[better] - logits[worse], -weights[better] * weights[worse]


def _minimum(pairs: Sequence[_Pairs], *, with_logits: bool) -> NDArray[np.float64]:
    bounds = [(0.0, None), (0.0, None if with_logits else 0.0)]
    return np.asarray(minimize(_loss, [1.0, 0.1 * with_logits], args=(pairs,), method="L-BFGS-B", bounds=bounds).x)


def _loss(strengths: NDArray[np.float64], pairs: Sequence[_Pairs]) -> float:
    """Mean over questions of each one's mean by weight."""
    total = 0.0
    for scores, logits, weights in pairs:
        total += float(np.average(np.logaddexp(0, -(strengths[0] * scores + strengths[1] * logits)), weights=weights))
    return total / len(pairs)


def _accuracy(weight: float, pairs: Sequence[_Pairs]) -> float:
    shares = [
        np.average(np.heaviside(scores + weight * logits, 0.5), weights=weights) for scores, logits, weights in pairs
    ]
    return float(np.mean(shares))
