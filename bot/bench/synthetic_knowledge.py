"""Made-up knowledge of any size: Zipf words, titles over some ten snippets, clustered unit vectors, no model needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from core.ids import new_id
from core.knowledge.generation import IndexGeneration
from core.knowledge.indexing import IndexShelf
from core.store import Store
from core.values import Article, Snippet, Turn

SNIPPETS_PER_ARTICLE = 10
_WORDS_PER_SNIPPET = 50
_VOCABULARY = 20_000
_ZIPF = 1.2
_SYLLABLES = [first + vowel for first in "bdfgklmnprstvz" for vowel in "aeiou"]
_SPREAD = 0.7  # how far a snippet lies from its article's centre, against that centre's length of 1
_BATCH = 5000  # vectors per call of `add`


def synthetic_articles(count: int, seed: int = 0) -> tuple[list[Article], list[Snippet]]:
    """`count` snippets and the articles they are cut from; the same seed gives the same."""
    rng = np.random.default_rng(seed)
    articles: list[Article] = []
    snippets: list[Snippet] = []
    texts = synthetic_texts(count, seed)
    for number in range(-(-count // SNIPPETS_PER_ARTICLE)):
        title = " ".join([*_words(rng, 2), _word(_VOCABULARY + number)]).capitalize()
        article_id = f"article-{seed}-{number}"
        url = f"https://help.example/{article_id}"
        articles.append(Article(article_id, 1, title, url, title, f"hash-{number}", "synthetic"))
        for place in range(min(SNIPPETS_PER_ARTICLE, count - len(snippets))):
            section = f"Part {place + 1}"
            snippets.append(Snippet(f"snip-{seed}-{number}-{place}", article_id, 1, title, section, url, next(texts)))
    return articles, snippets


def synthetic_texts(count: int, seed: int = 0) -> Iterator[str]:
    """Texts of fifty words, one after the other."""
    rng = np.random.default_rng([seed, 1])
    for _ in range(count):
        yield " ".join(_words(rng, _WORDS_PER_SNIPPET)).capitalize() + "."


def synthetic_vectors(count: int, dim: int, seed: int = 0) -> NDArray[np.float32]:
    """Unit vectors that lie around one centre per article, in the order of `synthetic_articles`. Shape (count, dim)."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((-(-count // SNIPPETS_PER_ARTICLE), dim), dtype=np.float32)
    vectors = np.repeat(centres, SNIPPETS_PER_ARTICLE, axis=0)[:count]
    vectors += _SPREAD * rng.standard_normal(vectors.shape, dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def synthetic_questions(snippets: Sequence[Snippet], count: int, seed: int = 1) -> list[list[Turn]]:
    """Conversations of three turns: one names an article's title, the last asks with words of one of its snippets."""
    rng = np.random.default_rng(seed)
    asked = [snippets[int(place)] for place in rng.integers(0, len(snippets), count)]
    return [
        [
            Turn("customer", " ".join(_words(rng, 12))),
            Turn("agent", f"Do you mean {snippet.title}?"),
            Turn("customer", " ".join(snippet.text.split()[:10])),
        ]
        for snippet in asked
    ]


def publish_synthetic(
    store: Store, indexes: IndexShelf, retriever_version: str, dim: int, count: int, seed: int = 0
) -> list[Snippet]:
    """Publishes a generation of `count` made-up snippets in place of whatever is live; returns the snippets."""
    articles, snippets = synthetic_articles(count, seed)
    vectors = synthetic_vectors(count, dim, seed)
    generation_id = new_id("gen")
    location = indexes.location(generation_id, retriever_version)
    index = indexes.create(location)
    for start in range(0, count, _BATCH):
        ids = [one.id for one in snippets[start : start + _BATCH]]
        index.add(ids, vectors[start : start + _BATCH])
    retired = sorted({one.id for one in store.knowledge.current_articles()} - {one.id for one in articles})
    generation = IndexGeneration(generation_id, retriever_version, location, count)
    store.knowledge.publish(articles, retired, snippets, generation)
    return snippets


def _words(rng: np.random.Generator, count: int) -> list[str]:
    return [_word(int(rank)) for rank in (rng.zipf(_ZIPF, count) - 1) % _VOCABULARY]


def _word(number: int) -> str:
    """A pronounceable word for each number; two numbers never share one."""
    syllables: list[str] = []
    while number or len(syllables) < 2:
        number, rest = divmod(number, len(_SYLLABLES))
        syllables.append(_SYLLABLES[rest])
    return "".join(syllables)
