"""Do a fast and an exact model rank alike? Where they do not, the exact one is used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.values import SNIPPETS_SHOWN

LEAST_SPEARMAN, LEAST_OVERLAP = 0.99, 0.9


@dataclass(frozen=True, slots=True)
class Agreement:
    """Means over lists: `spearman`, of both orders, in [-1, 1]; `overlap`, of the best eight, in [0, 1]."""

    spearman: float
    overlap: float

    @property
    def holds(self) -> bool:
        """Whether the fast one may stand for the exact one."""
        return self.spearman >= LEAST_SPEARMAN and self.overlap >= LEAST_OVERLAP


def rank_agreement(lists: Iterable[tuple[ArrayLike, ArrayLike]]) -> Agreement:
    """Of pairs (exact scores, fast scores) of the same items, higher first. Without any list of two it holds wholly."""
    spearmans, overlaps = [], []
    for exact, fast in lists:
        first, second = _ranks(exact), _ranks(fast)
        if len(first) > 1:
            spearmans.append(float(np.corrcoef(first, second)[0, 1]))
            shown = min(SNIPPETS_SHOWN, len(first))
            overlaps.append(float(((first < shown) & (second < shown)).sum()) / shown)
    return Agreement(float(np.mean(spearmans)), float(np.mean(overlaps))) if spearmans else Agreement(1.0, 1.0)


def _ranks(scores: ArrayLike) -> NDArray[np.intp]:
    return np.argsort(np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable"))
