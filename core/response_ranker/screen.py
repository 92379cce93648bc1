"""What is on the screen, read once for all drafts: the question and, for each snippet, what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.conversation import asks_of, plain_words
from core.drafting.facts import facts_of
from core.ports import DraftRequest, Embedder
from core.sentences import split_sentences
from core.values import RankedSnippet
from core.words import content_stems, words

Vectors = NDArray[np.float32]

_LAST_TURNS = 3
_NOTHING = "?"  # stands for a text without words, so that it has a vector
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_NO = re.compile(
    r"^\W*(?:no|nope|unfortunately|sadly|i'm afraid|i am afraid|sorry|i'm sorry|i am sorry)\b", re.IGNORECASE
)
_YES = re.compile(r"^\W*(?:yes|yeah|yep|sure|of course|certainly|absolutely|definitely)\b", re.IGNORECASE)
_NEGATOR_WORDS = """
    not no never none nothing neither nor cannot without unable unavailable prohibited forbidden
"""
_NEGATORS = frozenset(_NEGATOR_WORDS.split())


@dataclass(frozen=True, slots=True)
class Passage:
    """One snippet on the screen. `vectors`: of its title and each thing it says, (1 + facts, dim).

    `closeness`: its retrieval score between that of the last (0) and that of the first (1) on the screen.
    """

    rank: int
    closeness: float
    vectors: Vectors
    stems: frozenset[str]
    title_stems: frozenset[str]
    figures: frozenset[str]
    leaning: int


@dataclass(frozen=True, slots=True)
class Screen:
    """`question`: unit vector of what is asked, (dim,). `passages`: in the order of their ranks."""

    question: Vectors
    question_stems: frozenset[str]
    said: frozenset[str]  # stems of the last turns
    figures: frozenset[str]  # in the conversation
    passages: tuple[Passage, ...]


def read_screen(request: DraftRequest, embedder: Embedder) -> Screen:
    """Reads conversation and snippets. Everything is embedded in one batch; most of it the drafting stage asked for."""
    asks = asks_of(request.turns)
    asked = " ".join(ask.searched for ask in asks) or request.query
    told = " ".join(plain_words(turn.text) for turn in request.turns[-_LAST_TURNS:])
    facts = [[fact.text for fact in facts_of(one.snippet)] for one in request.shown]
    texts = [asked if words(asked) else _NOTHING]
    for one, some in zip(request.shown, facts, strict=True):
        texts += [one.snippet.title or "untitled", *some]
    vectors = embedder.embed(texts)
    passages, start = [], 1
    lowest, highest = _range_of(request.shown)
    for one, some in zip(request.shown, facts, strict=True):
        closeness = (one.score - lowest) / (highest - lowest) if highest > lowest else 1.0
        passages.append(_passage(one, closeness, vectors[start : start + 1 + len(some)]))
        start += 1 + len(some)
    return Screen(
        vectors[0],
        frozenset(content_stems(" ".join(ask.text for ask in asks) or asked)),
        frozenset(content_stems(told)),
        figures_in(told),
        tuple(passages),
    )


def _range_of(shown: Sequence[RankedSnippet]) -> tuple[float, float]:
    scores = [one.score for one in shown]
    return min(scores, default=0.0), max(scores, default=0.0)


def _passage(one: RankedSnippet, closeness: float, vectors: Vectors) -> Passage:
    snippet = one.snippet
    return Passage(
        one.rank,
        closeness,
        vectors,
        frozenset(content_stems(f"{snippet.section} {snippet.text}")),
        frozenset(content_stems(snippet.title)),
        figures_in(snippet.text),
        leaning(split_sentences(snippet.text)[:1]),
    )


def figures_in(text: str) -> frozenset[str]:
    """Its numbers as they are written, without trailing signs: "19.99", "11:30"."""
    return frozenset(_NUMBER.findall(text))


def leaning(sentences: Iterable[str]) -> int:
    """+1 for an answer that affirms, -1 for one that denies, 0 for none: by its first word, else by any negation."""
    said = list(sentences)
    if not said:
        return 0
    if _YES.match(said[0]):
        return 1
    denied = any(word in _NEGATORS or word.endswith("n't") for text in said for word in words(text))
    return -1 if denied or _NO.match(said[0]) else 1


def opening(text: str) -> int:
    """+1 where it opens with a yes, -1 with a no or a regret, else 0."""
    return 1 if _YES.match(text) else -1 if _NO.match(text) else 0
