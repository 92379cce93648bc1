"""The encoder in 32 bits and in bfloat16, by turns: how fast each is, and whether they rank alike."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.bench.spread import Spread, spread_of
from core.adapters.sentence_transformers import SentenceTransformerEmbedder
from core.adapters.torch_cpu import computes_bfloat16
from core.values import SNIPPETS_RETRIEVED, SNIPPETS_SHOWN

_ALONE, _TOGETHER = 1, 8  # questions in one call


@dataclass(frozen=True, slots=True)
class EncoderTimes:
    """Milliseconds, and how far the two agree on the order of the snippets for a question."""

    question_ms: dict[str, Spread]  # one question alone
    together_ms: dict[str, Spread]  # per question, eight in one call
    snippet_ms: dict[str, Spread]  # per snippet, thirty-two in one call
    spearman: float  # mean over the questions: both orders of the 75 that are best in 32 bits
    top_8_overlap: float  # mean share of the best eight that both name
    is_used: bool  # whether this processor computes bfloat16 itself


def measure_encoder(questions: Sequence[str], snippets: Sequence[str], repeats: int) -> EncoderTimes:
    """`questions` and `snippets`: at least eight and thirty-two, all different."""
    models = {
        "32 bits": SentenceTransformerEmbedder(bfloat16=False),
        "bfloat16": SentenceTransformerEmbedder(bfloat16=True),
    }
    loads = {
        "question": (questions[:_ALONE], _ALONE),
        "together": (questions[:_TOGETHER], _TOGETHER),
        "snippet": (snippets[:32], 32),
    }
    ms: dict[str, dict[str, list[float]]] = {load: {name: [] for name in models} for load in loads}
    for model in models.values():
        model.warm()
    for _ in range(repeats):
        for load, (texts, count) in loads.items():
            for name, model in models.items():
                started_s = time.perf_counter()
                model.embed(texts)
                ms[load][name].append(1000 * (time.perf_counter() - started_s) / count)
    exact, fast = ((one.embed(questions) @ one.embed(snippets).T) for one in models.values())
    spreads = {load: {name: spread_of(values) for name, values in by_name.items()} for load, by_name in ms.items()}
    return EncoderTimes(
        question_ms=spreads["question"],
        together_ms=spreads["together"],
        snippet_ms=spreads["snippet"],
        spearman=_spearman(exact, fast),
        top_8_overlap=_overlap(exact, fast),
        is_used=computes_bfloat16(),
    )


def _spearman(exact: NDArray[np.float32], fast: NDArray[np.float32]) -> float:
    """Mean rank correlation over the questions. Both (questions, snippets)."""
    best = np.argsort(-exact, axis=1)[:, :SNIPPETS_RETRIEVED]
    pairs = zip(np.take_along_axis(exact, best, axis=1), np.take_along_axis(fast, best, axis=1), strict=True)
    return float(np.mean([np.corrcoef(_ranks(one), _ranks(other))[0, 1] for one, other in pairs]))


def _ranks(scores: NDArray[np.float32]) -> NDArray[np.intp]:
    return np.argsort(np.argsort(-scores, kind="stable"))


def _overlap(exact: NDArray[np.float32], fast: NDArray[np.float32]) -> float:
    best = (np.argsort(-scores, axis=1)[:, :SNIPPETS_SHOWN] for scores in (exact, fast))
    return float(np.mean([len(set(one) & set(other)) / SNIPPETS_SHOWN for one, other in zip(*best, strict=True)]))
