"""The sample knowledge base made large: its articles again and again, as if each were written for another town.

The sample's own snippets get their real vectors. A variation's vector is its original's, moved at random: an index of
ten thousand does not need ten thousand encodings to be as slow as a real one. Its sentences are new to every cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from core.ids import new_id
from core.ingest_command import ingest_paths
from core.knowledge.generation import IndexGeneration
from core.knowledge_base import make_indexes
from core.ports import Embedder
from core.sample import sample_articles_dir
from core.settings import Settings
from core.store import Store
from core.values import Article, Snippet

_MOVED = 0.5  # length of the random step, against the vector's own of 1
_BATCH = 5000
_SYLLABLES = ("bel", "mar", "tor", "vin", "sal", "gro", "fen", "lun")


def publish_varied(
    settings: Settings, store: Store, embedder: Embedder, count: int, most_articles: int | None = None, seed: int = 0
) -> int:
    """Publish the sample (or its first articles) and variations of it, `count` snippets in all; tells how many."""
    ingest_paths(sorted(sample_articles_dir().iterdir())[:most_articles], settings, store, embedder)
    articles, originals = store.knowledge.current_articles(), store.knowledge.current_snippets()
    indexes, live = make_indexes(settings), store.knowledge.pointer(embedder.version)
    assert live is not None, "an ingest publishes"
    known = indexes.open(live.location).vectors([one.id for one in originals])
    varied = list(islice(_variations(articles, originals), max(0, count - len(originals))))
    snippets = [*originals, *(snippet for _, snippet, _ in varied)]
    vectors = np.stack([known[one.id] for one in (*originals, *(original for _, _, original in varied))])
    vectors[len(originals) :] = _moved(vectors[len(originals) :], seed)
    generation_id = new_id("gen")
    location = indexes.location(generation_id, embedder.version)
    index = indexes.create(location)
    for start in range(0, len(snippets), _BATCH):
        index.add([one.id for one in snippets[start : start + _BATCH]], vectors[start : start + _BATCH])
    made = {article.id: article for article, _, _ in varied}
    generation = IndexGeneration(generation_id, embedder.version, location, len(snippets))
    store.knowledge.publish(list(made.values()), [], [snippet for _, snippet, _ in varied], generation)
    return len(snippets)


def _variations(articles: list[Article], originals: list[Snippet]) -> Iterator[tuple[Article, Snippet, Snippet]]:
    """Article, snippet and the original, town after town, without end."""
    by_id = {article.id: article for article in articles}
    for number, town in enumerate(_towns()):
        for original in originals:
            article = by_id[original.article_id]
            article_id, title = f"{article.id}-{number}", f"{article.title} in {town}"
            content_hash = f"{article.content_hash}-{number}"
            text = original.text.replace(". ", f" in {town}. ")
            text = f"{text.removesuffix('.')} in {town}."
            varied = replace(original, id=f"{original.id}-{number}", article_id=article_id, article_version=1)
            yield (
                replace(article, id=article_id, version=1, title=title, content_hash=content_hash),
                replace(varied, title=title, text=text),
                original,
            )


def _towns() -> Iterator[str]:
    for first in _SYLLABLES:
        for second in _SYLLABLES:
            for third in _SYLLABLES:
                yield f"{first}{second}{third}".capitalize()


def _moved(vectors: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    steps = np.random.default_rng(seed).standard_normal(vectors.shape, dtype=np.float32)
    moved = vectors + _MOVED * steps / np.linalg.norm(steps, axis=1, keepdims=True)
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), dtype=np.float32)
