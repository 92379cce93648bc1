"""Similar solved cases: adopted replies remembered with the snippets they cited.

Case-based reasoning as in DS-Agent (arXiv:2402.17453): what helped once is retrieved, never where its source changed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.ports import Embedder, KnowledgeStore, SolvedCaseStore
from core.values import SolvedCase, Turn
from core.words import content_words

# Below this cosine two questions are about different things (MiniLM, support questions).
SIMILAR_ENOUGH = 0.6
_LOOKED_AT_ONCE = 8
_PORTION = 5000  # vectors read between two turns of others
_EMBEDDED_AT_ONCE = 64  # more would keep a case waiting for seconds; a start embeds the rest
_OVERLAP = 200  # so many transactions may be under way at once
_SMALLEST = 1024
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

    The vectors of all questions are kept in memory, and in the store for the next start: only what has arrived since
    is read, and only what no process has embedded yet is embedded. Whether a case stands is asked each time, of the
    few that come first. Safe for several threads.
    """

    def __init__(self, store: SolvedCaseStore, knowledge: KnowledgeStore, embedder: Embedder) -> None:
        self._store, self._knowledge, self._embedder = store, knowledge, embedder
        self._rows = VectorRows()
        self._seen: set[int] = set()
        self._newest = 0
        self._unread: list[int] = []  # places seen whose vectors are not in memory yet
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Read and embed whatever is not in memory yet, in portions, so that others get their turn."""
        while self._take_in():
            pass

    def similar(self, question: str, *, besides: str, k: int = 3) -> list[SolvedCase]:
        """At most k solved cases like this question, most similar first, no reply twice; never the case `besides`.

        A case is left out when anything its reply cited is retired or has changed since.
        """
        self._take_in()
        places, matrix = self._rows.view()
        if not len(places) or not question.strip():
            return []
        # Not `@`: several threads of BLAS wait for each other longer than one takes, on a machine with other work.
        scores = np.vecdot(matrix, self._embedder.embed([question])[0])
        near = np.flatnonzero(scores >= SIMILAR_ENOUGH)
        best_first = near[np.lexsort((-places[near], -scores[near]))]  # of equal ones the newest
        found: list[SolvedCase] = []
        for case in self._standing({int(places[row]): float(scores[row]) for row in best_first}):
            known = case.case_id == besides or any(case.reply == other.reply for other in found)
            if not known and self._knowledge.is_current(case.snippet_ids):
                found.append(case)
            if len(found) == k:
                break
        return found

    def _standing(self, similarities: Mapping[int, float]) -> Iterator[SolvedCase]:
        """Those of these places that stand, in the same order, read as they are needed."""
        places = list(similarities)
        for start in range(0, len(places), _LOOKED_AT_ONCE):
            some = places[start : start + _LOOKED_AT_ONCE]
            cases = self._store.standing(some)
            yield from (replace(cases[place], similarity=similarities[place]) for place in some if place in cases)

    def _take_in(self) -> bool:
        """One portion of what has arrived, the newest first; False when nothing is left."""
        with self._lock:
            self._notice()
            portion = self._unread[-_PORTION:]
            if not portion:
                return False
            vectors = self._store.vectors(portion, self._embedder.version)
            missing = [place for place in portion if place not in vectors]
            vectors |= self._embedded(missing[-_EMBEDDED_AT_ONCE:])
            self._rows.add(vectors)
            self._unread[-len(portion) :] = missing[:-_EMBEDDED_AT_ONCE]
            return bool(self._unread)

    def _notice(self) -> None:
        """Remember which places are new. The last ones are asked for again: a lower one may have come later."""
        arrived = self._store.arrived(max(0, self._newest - _OVERLAP))
        new = [place for place in arrived if place not in self._seen]
        self._seen.update(new)
        self._newest = max([self._newest, *new])
        self._unread.extend(new)

    def _embedded(self, places: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        questions = self._store.questions(places) if places else {}
        if not questions:
            return {}
        vectors = self._embedder.embed(list(questions.values()))
        # As they are read at the next start: the same cases are similar then.
        rounded = vectors.astype(np.float16).astype(np.float32)
        made = dict(zip(questions, rounded, strict=True))
        self._store.keep_vectors(made, self._embedder.version)
        return made


class VectorRows:
    """Vectors by place in one matrix that grows; what was viewed before does not change."""

    def __init__(self) -> None:
        self._count = 0
        self._places = np.empty(0, dtype=np.int64)
        self._matrix = np.empty((0, 0), dtype=np.float32)
        self._lock = threading.Lock()

    def view(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Places, shape (rows,), and their vectors, shape (rows, dim)."""
        with self._lock:
            return self._places[: self._count], self._matrix[: self._count]

    def add(self, vectors: Mapping[int, NDArray[np.float32]]) -> None:
        """Appends rows, all of one length."""
        if not vectors:
            return
        with self._lock:
            self._make_room(len(vectors), len(next(iter(vectors.values()))))
            rows = slice(self._count, self._count + len(vectors))
            self._places[rows] = list(vectors)
            self._matrix[rows] = list(vectors.values())
            self._count += len(vectors)

    def _make_room(self, count: int, dim: int) -> None:
        if self._count + count <= len(self._places):
            return
        size = max(_SMALLEST, self._count + count, len(self._places) * 3 // 2)
        places, matrix = np.empty(size, dtype=np.int64), np.empty((size, dim), dtype=np.float32)
        if self._count:
            places[: self._count] = self._places[: self._count]
            matrix[: self._count] = self._matrix[: self._count]
        self._places, self._matrix = places, matrix
