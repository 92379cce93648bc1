"""What is on the screen, read once for all drafts: the question and, for each snippet, what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.checker.quantities import Quantity, quantities
from core.conversation import Ask, asks_of, plain_words
from core.drafting.facts import facts_of
from core.ports import DraftRequest, Embedder
from core.response_ranker.belief import Floats, Passage, Vectors, beliefs
from core.sentences import split_sentences
from core.values import RankedSnippet, Snippet, Turn
from core.words import content_stems, coverage, words

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
class Screen:
    """`question`: unit vector of what is asked, (dim,). `passages`: in the order of their ranks."""

    asks: tuple[Ask, ...]
    question: Vectors
    question_stems: frozenset[str]
    said: frozenset[str]  # stems of the last turns
    figures: frozenset[str]  # in the last turns
    passages: tuple[Passage, ...]
    ids: frozenset[str]  # of the snippets
    beliefs: Floats  # how likely each passage is the one that answers: (passages,), summing to 1
    named: float  # how much of the believed passages' titles the last turns say, in [0, 1]


def read_screen(request: DraftRequest, embedder: Embedder) -> Screen:
    """Reads conversation and snippets. Everything is embedded in one batch; most of it the drafting stage asked for."""
    asks = asks_of(request.turns)
    asked = " ".join(ask.searched for ask in asks) or request.query
    last, before = _said(request.turns)
    read = [_held(one.snippet) for one in request.shown]
    vectors = embedder.embed([asked if words(asked) else _NOTHING, *(text for held in read for text in held.texts)])
    ends = np.cumsum([1, *(len(held.texts) for held in read)])
    passages = tuple(
        _passage(one, held, closeness, vectors[start:end])
        for one, held, closeness, start, end in zip(
            request.shown, read, _closeness(request.shown), ends[:-1], ends[1:], strict=True
        )
    )
    believed = beliefs(passages, vectors[0], content_stems(last), content_stems(before))
    said = frozenset(content_stems(f"{before} {last}"))
    return Screen(
        asks=tuple(asks),
        question=vectors[0],
        question_stems=frozenset(content_stems(" ".join(ask.text for ask in asks) or asked)),
        said=said,
        figures=figures_in(f"{before} {last}"),
        passages=passages,
        ids=frozenset(one.snippet.id for one in request.shown),
        beliefs=believed,
        named=sum(float(one) * coverage(held.title_stems, set(said)) for one, held in zip(believed, read, strict=True)),
    )


def _said(turns: Sequence[Turn]) -> tuple[str, str]:
    """The last turn, and the few before it."""
    told = [plain_words(turn.text) for turn in turns[-_LAST_TURNS:]]
    return "".join(told[-1:]), " ".join(told[:-1])


def _headings(snippet: Snippet) -> list[str]:
    return [one for one in (snippet.title, snippet.section) if words(one)] or [_NOTHING]


def _closeness(shown: Sequence[RankedSnippet]) -> list[float]:
    scores = [one.score for one in shown]
    lowest, highest = min(scores, default=0.0), max(scores, default=0.0)
    return [(score - lowest) / (highest - lowest) if highest > lowest else 1.0 for score in scores]


@dataclass(frozen=True, slots=True)
class _Held:
    """What a snippet says, whoever asks. `texts`: its headings, then each thing it says."""

    texts: tuple[str, ...]
    headings: int
    stems: frozenset[str]
    title_stems: frozenset[str]
    section_stems: frozenset[str]
    figures: frozenset[str]
    leaning: int
    sentences: tuple[str, ...]
    quantities: tuple[Quantity, ...]


@lru_cache(maxsize=4096)
def _held(snippet: Snippet) -> _Held:
    headings = _headings(snippet)
    sentences = tuple(one for one in split_sentences(snippet.text) if words(one))
    # Short answers without an end mark ("Yes, until 10 pm") are no facts that a draft could quote.
    stated = [fact.text for fact in facts_of(snippet)] or sentences
    return _Held(
        texts=(*headings, *stated),
        headings=len(headings),
        stems=frozenset(content_stems(snippet.text)),
        title_stems=frozenset(content_stems(snippet.title)),
        section_stems=frozenset(content_stems(snippet.section)),
        figures=figures_in(snippet.text),
        leaning=leaning(sentences[:1]),
        sentences=sentences,
        quantities=tuple(quantities(f"{snippet.section} {snippet.text}")),
    )


def _passage(one: RankedSnippet, held: _Held, closeness: float, vectors: Vectors) -> Passage:
    return Passage(
        rank=one.rank,
        closeness=closeness,
        vectors=vectors,
        headings=held.headings,
        stems=held.stems,
        title_stems=held.title_stems,
        section_stems=held.section_stems,
        figures=held.figures,
        leaning=held.leaning,
        sentences=held.sentences,
        quantities=held.quantities,
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
