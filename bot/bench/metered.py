"""Models that note what they are asked and how long they take, so that the same calls can be made again, bare."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from core.ports import Embedder, Reranker
from core.values import RankedSnippet


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One use of a model. `again` makes it once more."""

    seconds: float
    texts: int  # that were to be encoded; a reranker reads pairs, which count as none
    again: Callable[[], object]


@dataclass
class ModelCalls:
    """What has been asked of the models since it was last taken. Safe for several threads."""

    _calls: list[ModelCall] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def note(self, started_s: float, texts: int, again: Callable[[], object]) -> None:
        """A call that began at `started_s` on the performance counter has ended now."""
        with self._lock:
            self._calls.append(ModelCall(time.perf_counter() - started_s, texts, again))

    def take(self) -> list[ModelCall]:
        """All calls noted, in order; they are forgotten here."""
        with self._lock:
            taken, self._calls = self._calls, []
            return taken


class MeteredEmbedder:
    """An Embedder that notes each call."""

    def __init__(self, model: Embedder, calls: ModelCalls) -> None:
        self._model, self._calls = model, calls

    @property
    def version(self) -> str:
        """That of the model."""
        return self._model.version

    @property
    def dim(self) -> int:
        """The length of each vector."""
        return self._model.dim

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As the model does."""
        started_s = time.perf_counter()
        vectors = self._model.embed(texts)
        self._calls.note(started_s, len(texts), lambda: self._model.embed(texts))
        return vectors

    def count_tokens(self, text: str) -> int:
        """As the model does."""
        return self._model.count_tokens(text)


class MeteredReranker:
    """A Reranker that notes each call."""

    def __init__(self, model: Reranker, calls: ModelCalls) -> None:
        self._model, self._calls = model, calls

    @property
    def version(self) -> str:
        """That of the model."""
        return self._model.version

    def rerank(self, query: str, snippets: Sequence[RankedSnippet], k: int) -> list[RankedSnippet]:
        """As the model does."""
        started_s = time.perf_counter()
        best = self._model.rerank(query, snippets, k)
        self._calls.note(started_s, 0, lambda: self._model.rerank(query, snippets, k))
        return best


def seconds_again(calls: Sequence[ModelCall]) -> float:
    """Make the same calls once more, one after the other and nothing else; how long that takes."""
    started_s = time.perf_counter()
    for call in calls:
        call.again()
    return time.perf_counter() - started_s
