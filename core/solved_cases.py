"""Similar solved cases: adopted replies remembered with the snippets they cited.

Case-based reasoning as in DS-Agent (arXiv:2402.17453): what helped once is retrieved, never where its source changed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.ports import Embedder, KnowledgeStore, SolvedCaseStore
from core.values import SolvedCase, Turn
from core.words import content_words

# Below this cosine two questions are about different things (MiniLM, support questions).
SIMILAR_ENOUGH = 0.6
_KEPT_AT_LEAST = 1000
_WORDS_ENOUGH = 6  # a last turn with fewer content words needs those before it


def question_of(turns: Sequence[Turn]) -> str:
    """What solved cases are compared by: the customer's last turn, after the earlier ones where it says little.

    Where no customer spoke, the last turn.
    """
    said = [turn.text for turn in turns if turn.role == "customer" and turn.text.strip()]
    if not said:
        return turns[-1].text
    if len(content_words(said[-1])) >= _WORDS_ENOUGH:
        return said[-1]
    return "\n".join([*(text for text in said[:-1] if content_words(text)), said[-1]])  # "Hello" says nothing


class SolvedCaseMemory:
    """Finds the solved cases whose question is most like the one asked now.

    Vectors are kept in memory by case and computed once. Safe for several threads.
    """

    def __init__(self, store: SolvedCaseStore, knowledge: KnowledgeStore, embedder: Embedder) -> None:
        self._store, self._knowledge, self._embedder = store, knowledge, embedder
        self._vectors: dict[tuple[str, str], NDArray[np.float32]] = {}
        self._lock = threading.Lock()

    def similar(self, question: str, *, besides: str, k: int = 3) -> list[SolvedCase]:
        """At most k solved cases like this question, most similar first, no reply twice; never the case `besides`.

        A case is left out when anything its reply cited is retired or has changed since.
        """
        cases = [case for case in self._store.solved_cases() if case.case_id != besides]
        if not cases or not question.strip():
            return []
        with self._lock:
            matrix = self._matrix(cases)
            scores = matrix @ self._embedder.embed([question])[0]
        found: list[SolvedCase] = []
        for index in np.argsort(-scores, kind="stable"):
            if scores[index] < SIMILAR_ENOUGH or len(found) == k:
                break
            case = cases[int(index)]
            known = any(case.reply == other.reply for other in found)
            if not known and self._knowledge.is_current(case.snippet_ids):
                found.append(replace(case, similarity=float(scores[index])))
        return found

    def _matrix(self, cases: Sequence[SolvedCase]) -> NDArray[np.float32]:
        new = [case for case in cases if _key(case) not in self._vectors]
        if new:
            for case, vector in zip(new, self._embedder.embed([case.question for case in new]), strict=True):
                self._vectors[_key(case)] = vector
        if len(self._vectors) > 2 * len(cases) + _KEPT_AT_LEAST:
            self._forget_all_but(cases)
        return np.stack([self._vectors[_key(case)] for case in cases])  # (cases, dim)

    def _forget_all_but(self, cases: Iterable[SolvedCase]) -> None:
        """Withdrawn adoptions must not fill the memory for ever."""
        standing = {_key(case) for case in cases}
        self._vectors = {key: vector for key, vector in self._vectors.items() if key in standing}


def _key(case: SolvedCase) -> tuple[str, str]:
    return case.case_id, case.question
