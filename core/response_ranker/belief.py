"""Which snippet on the screen is likely the one that answers: by its place, its meaning, and the rare words it shares.

The first place is often wrong where the conversation names its subject a turn earlier; a reply that rests on the
right snippet must not lose to one that rests on the first.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.checker.quantities import Quantity

Vectors = NDArray[np.float32]
Floats = NDArray[np.float64]

# Chosen on the training questions of DSTC9 track 1, whose right passages are known: the likeliest softmax.
_CLOSENESS, _MEANING, _HEADING, _LAST, _BEFORE, _NAMED = 2.6, 7.1, 2.2, 2.0, 0.4, 5.7


@dataclass(frozen=True, slots=True)
class Passage:
    """One snippet on the screen. `vectors`: of its headings and of each thing it says, (headings + facts, dim).

    `closeness`: its retrieval score between that of the last (0) and that of the first (1) on the screen.
    `headings`: how many of the vectors are of its title and section, at least 1.
    """

    rank: int
    closeness: float
    vectors: Vectors
    headings: int
    stems: frozenset[str]  # of what it says
    title_stems: frozenset[str]
    section_stems: frozenset[str]
    figures: frozenset[str]
    leaning: int
    sentences: tuple[str, ...]
    quantities: tuple[Quantity, ...]


def beliefs(passages: Sequence[Passage], question: Vectors, last: Set[str], before: Set[str]) -> Floats:
    """How likely each passage is the one that answers: shape (passages,), summing to 1; of none, empty.

    `question`: unit vector, (dim,). `last`, `before`: the content stems of the last turn and of those before it.
    """
    if not passages:
        return np.empty(0)
    signs = np.stack([_signs(one, question, last, before, _Rareness(passages)) for one in passages])
    weighed = signs @ np.array([_CLOSENESS, _MEANING, _HEADING, _LAST, _BEFORE, _NAMED])
    likely = np.exp(weighed - weighed.max())
    return np.asarray(likely / likely.sum(), dtype=np.float64)


class _Rareness:
    """How much a word tells the passages of one screen apart: one that all share tells little."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._count = len(passages)
        self._having = Counter(word for one in passages for word in one.stems | one.title_stems | one.section_stems)

    def share(self, wanted: Iterable[str], present: Set[str]) -> float:
        """The share of `wanted`, by rareness, that is `present`; words that no passage has do not count."""
        weights = {
            word: math.log((self._count + 1) / (self._having[word] + 0.5)) for word in wanted if self._having[word]
        }
        total = sum(weights.values())
        return sum(weight for word, weight in weights.items() if word in present) / total if total else 0.0


def _signs(
    one: Passage, question: Vectors, last: Set[str], before: Set[str], rareness: _Rareness
) -> NDArray[np.float64]:
    cosines = one.vectors @ question
    every = one.stems | one.title_stems | one.section_stems
    return np.array(
        [
            one.closeness,
            float(cosines.max()),
            float(cosines[: one.headings].max()),
            rareness.share(last, every),
            rareness.share(before, one.title_stems),
            rareness.share(one.title_stems, last | before),
        ]
    )
