"""The port Ranker as a linear model of features, learned from pairs (Bradley and Terry, 1952).

The score of a draft is the log-odds that an agent would rather have it than an average draft of those it was trained
on; the difference of two scores is the log-odds that the first is preferred.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelUnavailable
from core.ports import DraftRequest, Embedder, Ranker
from core.response_ranker.features import FEATURES, features, supporting_place
from core.response_ranker.lookup import Lookup
from core.response_ranker.reply import Reply, read_reply, sentences_to_embed
from core.response_ranker.screen import read_screen
from core.values import Draft

RANKER_FILE = "ranker.json"


@dataclass(frozen=True, slots=True)
class RankerWeights:
    """score = Σ weight · (feature − mean). All three by the name of the feature; `embedder` made the similarities."""

    weights: dict[str, float]
    means: dict[str, float]
    embedder: str

    def write(self, folder: Path) -> None:
        """Save to `folder` as ranker.json."""
        (folder / RANKER_FILE).write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> RankerWeights:
        """What `write` saved. Raises ModelUnavailable where it is not there, or made for other features."""
        try:
            held = cls(**json.loads((folder / RANKER_FILE).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise ModelUnavailable(f"The response ranker in {folder} could not be read: {error}.") from error
        unknown = set(held.weights) - set(FEATURES)
        if unknown:
            raise ModelUnavailable(
                f"The response ranker in {folder} needs the feature {min(unknown)!r}, which this version does not "
                "have; train it again: aitl train --only ranker"
            )
        return held


class LearnedRanker:
    """Scores drafts by what agents preferred. Safe for several threads."""

    def __init__(self, weights: RankerWeights, embedder: Embedder, lookup: Lookup | None = None) -> None:
        """`embedder`: the one that the drafting stage uses, so that most vectors are there already.
        `lookup`: where it finds what else the knowledge base says; without one replies are told apart by the screen.

        Raises ModelUnavailable where the weights were learned with another one.
        """
        if _hash(weights.embedder) != _hash(embedder.version):
            raise ModelUnavailable(
                f"The response ranker was trained with the embedder {weights.embedder}, and {embedder.version} is in "
                "use; train it again: aitl train --only ranker"
            )
        self._embedder, self._lookup = embedder, lookup
        self._held = weights
        self._weights = np.array([weights.weights.get(name, 0.0) for name in FEATURES])
        self._means = np.array([weights.means.get(name, 0.0) for name in FEATURES])

    @cached_property
    def version(self) -> str:
        """Names the weights exactly: the first 8 hex digits of their SHA-256."""
        described = json.dumps(asdict(self._held), sort_keys=True).encode()
        return f"response-ranker@{hashlib.sha256(described).hexdigest()[:8]}"

    def score(self, request: DraftRequest, drafts: Sequence[Draft]) -> list[float]:
        """One score per draft, higher is better; 0 is an average draft. No drafts give []."""
        if not drafts:
            return []
        rows = describe(request, drafts, self._embedder, self._lookup)
        return [float(score) for score in (rows - self._means) @ self._weights]


def describe(
    request: DraftRequest, drafts: Sequence[Draft], embedder: Embedder, lookup: Lookup | None = None
) -> NDArray[np.float64]:
    """The features of each draft: shape (len(drafts), len(FEATURES)). `drafts` is not empty."""
    screen = read_screen(request, embedder)
    replies = _read([draft.text for draft in drafts], embedder)
    return np.stack([features(screen, draft, reply, lookup) for draft, reply in zip(drafts, replies, strict=True)])


def supporting_places(request: DraftRequest, texts: Sequence[str], embedder: Embedder) -> list[int]:
    """For each reply the place, in what is shown, of the snippet that it most likely rests on; nothing shown gives -1.

    Cited or not: what it says is compared with what the snippets say.
    """
    screen = read_screen(request, embedder)
    return [supporting_place(screen, reply) for reply in _read(texts, embedder)]


def _read(texts: Sequence[str], embedder: Embedder) -> list[Reply]:
    """All sentences of all replies are embedded in one batch."""
    cut = [sentences_to_embed(text) for text in texts]
    vectors = embedder.embed([claim for _, claims in cut for claim in claims])
    replies, start = [], 0
    for text, (sentences, claims) in zip(texts, cut, strict=True):
        replies.append(read_reply(text, sentences, claims, vectors[start : start + len(claims)]))
        start += len(claims)
    return replies


def load_ranker(folder: Path, embedder: Embedder, lookup: Lookup | None = None) -> LearnedRanker:
    """The ranker that a training run left in that folder.

    Raises ModelUnavailable where there is none, or where it was trained with another embedder or other features.
    """
    return LearnedRanker(RankerWeights.read(folder), embedder, lookup)


def helpfulness(ranker: Ranker, request: DraftRequest, draft: Draft) -> float | None:
    """How likely an agent would rather have this draft than an average one, in (0, 1).

    None for a ranker that has learned nothing. Judge a bundle with the champion's ranker, never with its own.
    """
    if not isinstance(ranker, LearnedRanker):
        return None
    return 1.0 / (1.0 + math.exp(-ranker.score(request, [draft])[0]))


def _hash(version: str) -> str:
    """The content hash of an embedder's version: the same weights may lie in folders of different names."""
    return version.rpartition("@")[2]
