"""Which facts on the screen answer a question: by meaning, by words, by what else their article says, by deadlines.

The weights come from a ridge regression on the sample cases (two folds, the cosine of a sentence to the human reply
plus 0.3 where its article is the right one); both folds agree on them.
"""

from __future__ import annotations

import math
import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.conversation import Ask
from core.drafting.expecting import fits_question
from core.drafting.facts import Fact, PlacedFact, facts_of
from core.drafting.situation import Moment, fit, is_about_before, is_over
from core.ports import Embedder
from core.values import RankedSnippet, Snippet
from core.words import content_stems, coverage

_SENTENCE_TO_CONVERSATION = 0.75
_SENTENCE_TO_ASK = 0.10
_ARTICLE_SENTENCES = 0.70  # mean of the three sentences of the article that are nearest to the conversation
_TITLE = 0.12
_ARTICLE_WORDS = 0.12
_TITLE_WORDS = 0.09
_RANK = 0.07
_DEADLINE_FITS, _DEADLINE_FAILS = 0.05, -0.12
_ALONE_IS_BETTER = -0.08  # a sentence that needs the one before it
_GENERAL_WORDS = 7  # a question with more content words tells a story of its own
_EXPECTED = 0.07  # a time for "when", an amount for "how much", steps for "how do I", a permission for "may I"
_UNTOLD_CASE = -0.12  # a sentence about a case that the customer does not mention
_SPECIAL_CASE = re.compile(r"(?:if|when|where|after|unless|for) ([^,]+),", re.IGNORECASE)
_SNIPPETS_KEPT = 4096

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ScoredFact:
    """A fact and how well it answers one question. `vector` is the unit vector of its words.

    `chance`: that its article helps, in [0, 1], as far as what the bundle has learned counts (see learned.py).
    """

    placed: PlacedFact
    score: float
    similarity: float  # cosine of the sentence to the conversation
    article_score: float  # how well its article fits, without the sentence itself
    vector: Vectors
    chance: float = 0.0
    by_chance: float = 0.0  # what the chance adds to the score

    @property
    def by_meaning(self) -> float:
        """The score without what the bundle has learned."""
        return self.score - self.by_chance


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts of all snippets on the screen, with vectors. Rows of `vectors` follow `facts`: (facts, dim)."""

    facts: tuple[PlacedFact, ...]
    vectors: Vectors
    titles: Vectors  # (facts, dim)


# A snippet's facts, their vectors (facts, dim), and the title's (1, dim).
_Known = tuple[list[Fact], Vectors, Vectors]


class SnippetReader:
    """Facts and vectors of snippets, computed once per snippet id. Safe for several threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, shown: Sequence[RankedSnippet]) -> Reading:
        """All facts on the screen. Where no snippet says anything, `facts` is empty."""
        read = self._read([ranked.snippet for ranked in shown])
        placed = [
            PlacedFact(fact, ranked, place)
            for ranked, (facts, _, _) in zip(shown, read, strict=True)
            for place, fact in enumerate(facts)
        ]
        titles = [np.repeat(title, len(facts), axis=0) for facts, _, title in read]
        if not placed:
            nothing = np.empty((0, self._embedder.dim), dtype=np.float32)
            return Reading((), nothing, nothing)
        return Reading(tuple(placed), np.concatenate([vectors for _, vectors, _ in read]), np.concatenate(titles))

    def _read(self, snippets: Sequence[Snippet]) -> list[_Known]:
        """Facts and vectors of each snippet; what two threads read at the same time, both compute."""
        with self._lock:
            known = {one.id: self._known[one.id] for one in snippets if one.id in self._known}
        new = {one.id: one for one in snippets if one.id not in known}
        if new:
            known |= self._embedded(list(new.values()))
        with self._lock:
            for one in snippets:
                self._known[one.id] = known[one.id]
                self._known.move_to_end(one.id)
            while len(self._known) > _SNIPPETS_KEPT:
                self._known.popitem(last=False)
        return [known[one.id] for one in snippets]

    def _embedded(self, snippets: Sequence[Snippet]) -> dict[str, _Known]:
        """All new sentences in one batch."""
        facts = [facts_of(one) for one in snippets]
        texts = [fact.text for some in facts for fact in some] + [one.title or "untitled" for one in snippets]
        vectors = self._embedder.embed(texts)
        found: dict[str, _Known] = {}
        start, count = 0, len(texts) - len(snippets)
        for place, (snippet, some) in enumerate(zip(snippets, facts, strict=True)):
            title = vectors[count + place : count + place + 1]
            found[snippet.id] = (some, vectors[start : start + len(some)], title)
            start += len(some)
        return found


def rank_facts(
    reading: Reading, ask: Ask, conversation: Vectors, asked: Vectors, told: list[Moment]
) -> list[ScoredFact]:
    """Every fact that can stand in a reply, best first. `conversation` and `asked` are unit vectors (dim,)."""
    if not reading.facts:
        return []
    to_conversation = reading.vectors @ conversation
    articles = _article_scores(reading, to_conversation, ask)
    over = is_over(f"{ask.context} {ask.text}")
    said = content_stems(ask.searched)
    scored = []
    for place, placed in enumerate(reading.facts):
        if placed.fact.dangling or placed.fact.example:  # an example reads as if it were this customer's case
            continue
        similarity = float(to_conversation[place])
        article = articles[placed.snippet.article_id] + _TITLE * float(reading.titles[place] @ conversation)
        article += _RANK / placed.n
        sentence = _SENTENCE_TO_CONVERSATION * similarity + _SENTENCE_TO_ASK * float(reading.vectors[place] @ asked)
        score = sentence + article + _adjustment(placed, told, over) + _special_case(placed.fact.text, said)
        if fits_question(ask, placed.fact.text, placed.fact.kind == "steps"):
            score += _EXPECTED
        scored.append(ScoredFact(placed, score, similarity, article, reading.vectors[place]))
    return sorted(scored, key=lambda one: -one.score)


def _adjustment(placed: PlacedFact, told: list[Moment], over: bool) -> float:
    verdict = fit(placed.fact.text, told) if told else 0
    if over and is_about_before(placed.fact.text):
        verdict = -1
    deadline = _DEADLINE_FITS if verdict > 0 else _DEADLINE_FAILS if verdict < 0 else 0.0
    return deadline + (_ALONE_IS_BETTER if placed.fact.before is not None else 0.0)


def _special_case(sentence: str, said: set[str]) -> float:
    """Less for "If the bank finds nothing, ..." where a short, general question speaks of no such thing."""
    condition = _SPECIAL_CASE.match(sentence)
    if not condition or len(said) > _GENERAL_WORDS:
        return 0.0
    named = content_stems(condition.group(1))
    return _UNTOLD_CASE * (1.0 - coverage(named, said)) if named else 0.0


def _article_scores(reading: Reading, similarities: Vectors, ask: Ask) -> dict[str, float]:
    """Per article: what its best sentences, its words and its title share with the question."""
    said: dict[str, list[float]] = {}
    stems: dict[str, set[str]] = {}
    titles: dict[str, set[str]] = {}
    for placed, similarity in zip(reading.facts, similarities, strict=True):
        snippet = placed.snippet
        said.setdefault(snippet.article_id, []).append(float(similarity))
        stems.setdefault(snippet.article_id, set()).update(content_stems(f"{snippet.section} {placed.fact.text}"))
        titles.setdefault(snippet.article_id, content_stems(snippet.title))
    wanted = _weighted(content_stems(ask.searched), [stems[one] | titles[one] for one in stems])
    total = sum(wanted.values()) or 1.0
    return {
        article: _ARTICLE_SENTENCES * float(np.mean(sorted(values)[-3:]))
        + _ARTICLE_WORDS * _share(wanted, stems[article] | titles[article]) / total
        + _TITLE_WORDS * _share(wanted, titles[article]) / total
        for article, values in said.items()
    }


def _weighted(wanted: set[str], articles: Sequence[set[str]]) -> dict[str, float]:
    """The rarer a word is on the screen, the more it tells; one that is nowhere tells nothing."""
    counts = {word: sum(word in one for one in articles) for word in wanted}
    return {word: math.log((len(articles) + 1) / (count + 0.5)) for word, count in counts.items() if count}


def _share(wanted: dict[str, float], present: set[str]) -> float:
    return sum(weight for word, weight in wanted.items() if word in present)
