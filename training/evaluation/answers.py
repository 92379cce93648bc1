"""How one bundle answers a question, stage by stage, as it would be answered live."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from core.ports import DraftRequest, Retrieved
from core.solved_cases import question_of
from core.suggest import Suggester, with_english_keywords
from core.values import SNIPPETS_RETRIEVED, SNIPPETS_SHOWN, Draft, RankedSnippet
from training.evaluation.questions import Choice, Question

RANKED = 10  # as deep as nDCG@10 looks


@dataclass(frozen=True, slots=True)
class Found:
    """What retrieval and reranking gave: ids of the first stage, and the best of the second."""

    retrieved: tuple[str, ...]
    ranked: tuple[RankedSnippet, ...]
    query: str
    seconds: float

    @property
    def ids(self) -> list[str]:
        """Best first: the reranked ones, then the rest of the first stage."""
        first = [one.snippet.id for one in self.ranked]
        return first + [one for one in self.retrieved if one not in set(first)]

    @property
    def shown(self) -> frozenset[str]:
        """What would stand on the screen."""
        return frozenset(one.snippet.id for one in self.ranked[:SNIPPETS_SHOWN])


@dataclass(frozen=True, slots=True)
class Answered:
    """The drafts that would be made of what was found, with the bundle's own scores."""

    request: DraftRequest
    drafts: tuple[Draft, ...]
    scores: tuple[float, ...]
    seconds: float

    @property
    def first(self) -> Draft:
        """The draft its ranker puts first."""
        return self.drafts[max(range(len(self.scores)), key=lambda place: self.scores[place])]


def find(suggester: Suggester, question: Question) -> Found:
    """The first two stages. Raises EmptyKnowledge, IndexBroken, ModelUnavailable."""
    start = time.perf_counter()
    retrieved = retrieve(suggester, question)
    ranked = suggester.reranker.rerank(retrieved.query, retrieved.snippets, RANKED)
    seconds = time.perf_counter() - start
    return Found(tuple(one.snippet.id for one in retrieved.snippets), tuple(ranked), retrieved.query, seconds)


def retrieve(suggester: Suggester, question: Question) -> Retrieved:
    """The first stage alone. Raises as `find` does."""
    return suggester.retriever.search(with_english_keywords(question.case.turns), SNIPPETS_RETRIEVED)


def answer(suggester: Suggester, question: Question, found: Found, seed: int) -> Answered:
    """The stages after that; never from what was sent in this very case."""
    start = time.perf_counter()
    similar = suggester.memory.similar(question_of(question.case.turns), besides=question.case.id)
    shown = found.ranked[:SNIPPETS_SHOWN]
    request = DraftRequest(question.case.turns, found.query, shown, tuple(similar), seed, suggester.chances(shown))
    drafts = suggester.generator.draft(request)
    scores = suggester.ranker.score(request, drafts)
    return Answered(request, tuple(drafts), tuple(scores), time.perf_counter() - start)


def chooses_right(suggester: Suggester, choices: Sequence[Choice]) -> list[float]:
    """Per preference 1.0 where the bundle's ranker prefers what the agent preferred, 0.5 where both are equal to it."""
    right: list[float] = []
    for one in choices:
        scores = suggester.ranker.score(one.request, one.drafts)
        ahead = scores[one.preferred] - scores[1 - one.preferred]
        right.append(0.5 if ahead == 0 else float(ahead > 0))
    return right
