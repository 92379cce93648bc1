"""One model for many threads: a text is encoded once, and what several threads wait for goes through together.

A conversation is embedded by several stages and again with each revision, and the sentences of an article with each
case that it answers: most of what is asked for was asked for before.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.errors import EmptyText
from core.ports import Embedder

_KEPT = 60_000  # vectors: about 100 MB of 384 numbers each
_AT_ONCE = 64  # texts in one go: an ingest must not make a case wait for long

Vector = NDArray[np.float32]


@dataclass
class _Request:
    """What one thread waits for: filled by whichever thread uses the model next."""

    texts: list[str]
    vectors: dict[str, Vector] = field(default_factory=dict)
    error: BaseException | None = None

    @property
    def is_answered(self) -> bool:
        return self.error is not None or bool(self.vectors)


class SharedEmbedder:
    """An Embedder around another one that only one thread uses at a time. Safe for several threads.

    Vectors are remembered by a hash of their text, never the text itself: what is deleted must not live on here.
    """

    def __init__(self, model: Embedder, kept: int = _KEPT) -> None:
        """`kept`: how many vectors are remembered, the least recently used forgotten first; 0 remembers none."""
        self._model, self._most = model, kept
        self._kept: OrderedDict[bytes, Vector] = OrderedDict()
        self._queue: deque[_Request] = deque()
        self._lock = threading.Lock()  # of the two above
        self._turn = threading.Lock()  # of the model

    @property
    def version(self) -> str:
        """That of the model."""
        return self._model.version

    @property
    def dim(self) -> int:
        """The length of each vector."""
        return self._model.dim

    def count_tokens(self, text: str) -> int:
        """How many tokens the model's own tokenizer makes of it, without special tokens."""
        return self._model.count_tokens(text)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector per text: shape (len(texts), dim), row i for texts[i]; [] gives (0, dim).

        Raises EmptyText, naming the index, if a text is blank, and what the model raises.
        """
        for index, text in enumerate(texts):
            if not text.strip():
                raise EmptyText(index)
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        vectors = self._remembered(texts)
        missing = [text for text in dict.fromkeys(texts) if text not in vectors]
        if missing:
            vectors |= self._encoded(missing)
        return np.stack([vectors[text] for text in texts])

    def _encoded(self, texts: list[str]) -> dict[str, Vector]:
        request = _Request(texts)
        with self._lock:
            self._queue.append(request)
        with self._turn:  # while one thread encodes, the requests of the others gather
            while not request.is_answered:
                self._answer_some()
        if request.error is not None:
            raise request.error
        return request.vectors

    def _answer_some(self) -> None:
        """The oldest requests, as many as go through the model together; the texts of all of them once."""
        requests = self._next()
        texts = list(dict.fromkeys(text for request in requests for text in request.texts))
        try:
            rows = self._model.embed(texts)
        except BaseException as error:
            for request in requests:
                request.error = error  # each thread that waits raises it too
            raise
        vectors = {text: row.copy() for text, row in zip(texts, rows, strict=True)}  # a view would keep all rows
        self._remember(vectors.items())
        for request in requests:
            request.vectors = {text: vectors[text] for text in request.texts}

    def _next(self) -> list[_Request]:
        with self._lock:
            requests = [self._queue.popleft()]
            count = len(requests[0].texts)
            while self._queue and count + len(self._queue[0].texts) <= _AT_ONCE:
                requests.append(self._queue.popleft())
                count += len(requests[-1].texts)
            return requests

    def _remembered(self, texts: Iterable[str]) -> dict[str, Vector]:
        found: dict[str, Vector] = {}
        with self._lock:
            for text in texts:
                key = _key(text)
                if key in self._kept:
                    self._kept.move_to_end(key)
                    found[text] = self._kept[key]
        return found

    def _remember(self, vectors: Iterable[tuple[str, Vector]]) -> None:
        with self._lock:
            for text, vector in vectors:
                self._kept[_key(text)] = vector
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
