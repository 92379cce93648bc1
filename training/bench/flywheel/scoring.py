"""How good is the product now? Questions that nothing was learned from, through the whole pipeline of the champion.

    recall@75, precision@8, ndcg@10, mrr    right passages, ir-measures; precision also as a share of what is possible
    pairwise_accuracy                       rated replies of the data set; without any, simulated preferences
    rouge_l                                 shown replies and the human reply, ROUGE-L F1 (Lin 2004), better of the two
    cosine                                  the same by the encoder that ships

Intervals hold 95 %, bootstrapped by group of conversations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

import numpy as np

from core.citations import without_marks
from core.ports import Embedder, Progress
from core.retrieval.retriever import ConversationRetriever
from core.suggest import Suggester, draw_drafts
from core.values import SNIPPETS_RETRIEVED, SNIPPETS_SHOWN, Case
from training.bench.drafts import rouge_l
from training.bench.flywheel.data import Query
from training.bench.pairwise import ALL, OTHER_PASSAGES, SAME_PASSAGE, pairwise_accuracy
from training.bench.rated_replies import RatedPair, rate
from training.evaluation.answers import Answered, answer, find
from training.evaluation.metrics import Estimate, bootstrap_interval
from training.evaluation.questions import Question
from training.evaluation.rankings import precision_cap, score_rankings

PRECISION = f"precision@{SNIPPETS_SHOWN}"
PRECISION_SHARE = f"{PRECISION}_share"
PAIRWISE = "pairwise_accuracy"
# What training/bench/pairwise.py calls them.
RATED = {
    ALL: PAIRWISE,
    SAME_PASSAGE: f"{PAIRWISE}_same_passage",
    OTHER_PASSAGES: f"{PAIRWISE}_other_passages",
}
RETRIEVAL = {
    f"recall@{SNIPPETS_RETRIEVED}": f"R@{SNIPPETS_RETRIEVED}",
    PRECISION: f"P@{SNIPPETS_SHOWN}",
    "ndcg@10": "nDCG@10",
    "mrr": "RR",
}
_SEED = 20260601
_SAME_MERIT = 0.03  # drafts nearer to each other than this are equal to an agent


@dataclass(frozen=True, slots=True)
class _Row:
    """One value of one metric, with the group of its conversation."""

    value: float
    group: str


@dataclass(frozen=True)
class Scorer:
    """`articles`: by snippet id, the id of its article. `embedder`: the one that ships, for the cosine. `pairs`: by
    query id, those that were rated.
    """

    articles: Mapping[str, str]
    embedder: Embedder
    pairs: Mapping[str, Sequence[RatedPair]]

    def __call__(
        self, suggester: Suggester, queries: Sequence[Query], now: datetime, progress: Progress
    ) -> dict[str, Estimate]:
        """Every metric that has a value; empty for no queries."""
        rows: dict[str, list[_Row]] = {}
        rankings: dict[str, list[str]] = {}
        for place, query in enumerate(queries):
            question = question_of(query, now)
            found = find(suggester, question)
            answered = answer(suggester, question, found, _SEED + place)
            rankings[query.id] = [self.articles[one] for one in found.ids]
            for name, value in self._of_replies(query, answered, _SEED + place):
                rows.setdefault(name, []).append(_Row(value, query.group))
            progress(place + 1, len(queries))
        for name, values in retrieval_values(rankings, queries).items():
            rows[name] = [_Row(value, query.group) for value, query in zip(values, queries, strict=True)]
        estimates = {
            name: bootstrap_interval([one.value for one in some], [one.group for one in some])
            for name, some in rows.items()
        }
        return estimates | self._of_rated(suggester, queries)

    def _of_rated(self, suggester: Suggester, queries: Sequence[Query]) -> dict[str, Estimate]:
        pairs = [pair for query in queries for pair in self.pairs.get(query.id, ())]
        if not pairs:
            return {}
        retriever = suggester.retriever
        assert isinstance(retriever, ConversationRetriever), "every bundle is assembled with one"
        rated = rate(pairs, retriever, self.embedder, suggester.reranker)
        found = pairwise_accuracy(suggester.ranker, rated)
        return {RATED[kind]: estimate for kind, estimate in found.items() if kind in RATED}

    def _of_replies(self, query: Query, answered: Answered, seed: int) -> list[tuple[str, float]]:
        places = draw_drafts(answered.scores, seed)
        reply, *vectors = self.embedder.embed([query.reply, *(without_marks(one.text) for one in answered.drafts)])
        likeness = [float(np.vecdot(vector, reply)) for vector in vectors]
        shown = [without_marks(answered.drafts[place].text) for place in places]
        values = [
            ("rouge_l", max(rouge_l(query.reply, text) for text in shown)),
            ("cosine", max(likeness[place] for place in places)),
        ]
        right = [] if self.pairs else _simulated_right(query, answered, likeness)
        return values + [(PAIRWISE, one) for one in right]


def question_of(query: Query, now: datetime) -> Question:
    """A question of the data set as the product is asked it."""
    case = Case(f"scored_{query.id}", "", "", "", "", query.turns, "open", now)
    return Question(query.id, case, {}, query.reply)


def retrieval_values(rankings: Mapping[str, Sequence[str]], queries: Sequence[Query]) -> dict[str, list[float]]:
    """By metric its value for each query; {} for no queries. `rankings`: by query id the article ids, best first."""
    if not queries:
        return {}
    right = {query.id: dict.fromkeys(query.gold, 1.0) for query in queries}
    scores = score_rankings(rankings, right, RETRIEVAL.values())
    values = {name: [scores[measure][query.id] for query in queries] for name, measure in RETRIEVAL.items()}
    caps = [precision_cap(SNIPPETS_SHOWN, query.gold) for query in queries]
    return {**values, PRECISION_SHARE: [one / cap for one, cap in zip(values[PRECISION], caps, strict=True)]}


def _simulated_right(query: Query, answered: Answered, likeness: Sequence[float]) -> list[float]:
    """For every two drafts of which an agent who never errs prefers one: 1.0 where the ranker does too, 0.5 where it
    cannot tell.
    """
    gold = {one.rank for one in answered.request.shown if one.snippet.article_id in query.gold}
    merits = [
        near + bool(gold & {n for check in draft.report.sentences for n in check.citations})
        for draft, near in zip(answered.drafts, likeness, strict=True)
    ]
    return [
        _agrees((answered.scores[one] - answered.scores[other]) * (merits[one] - merits[other]))
        for one, other in combinations(range(len(merits)), 2)
        if abs(merits[one] - merits[other]) > _SAME_MERIT
    ]


def _agrees(ahead: float) -> float:
    return 0.5 if ahead == 0 else float(ahead > 0)
