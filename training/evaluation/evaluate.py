"""Champion and candidate answer the same later cases through the whole pipeline, and are measured side by side.

What is known to be right comes from labels alone: helpful marks, what an adopted reply cites, links of reports. What
nobody judged counts as wrong for both; how much of each one's eight was judged stands in the facts.

    retrieval      recall@75, precision@8, nDCG@10, RR         known-relevant snippets, ir-measures
    choice         pairwise accuracy                           held-out preferences, each bundle's ranker
    drafts         citations                                   share of facts that the checker finds supported
                   helpfulness                                 the champion's ranker, on the draft it likes best
                   closeness                                   cosine of the first draft to the reply that was sent
    facts          length, seconds, unjudged, frozen questions
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from core.citations import without_marks
from core.ports import Embedder, Progress, Ranker
from core.response_ranker.ranker import helpfulness
from core.suggest import Suggester
from core.values import SNIPPETS_RETRIEVED, SNIPPETS_SHOWN, Draft
from training.evaluation.answers import Answered, Found, answer, chooses_right, find
from training.evaluation.gate import Scores
from training.evaluation.questions import Choice, Question
from training.evaluation.rankings import score_rankings

# What a person reads, and what ir-measures calls it.
RETRIEVAL = {
    f"recall@{SNIPPETS_RETRIEVED}": f"R@{SNIPPETS_RETRIEVED}",
    f"precision@{SNIPPETS_SHOWN}": f"P@{SNIPPETS_SHOWN}",
    "nDCG@10": "nDCG@10",
    "MRR": "RR",
}
RANKING = "nDCG@10"
CHOICE = "pairwise accuracy"
CITATIONS = "citation correctness"
HELPFULNESS = "helpfulness"
CLOSENESS = "closeness to the sent reply"
UNJUDGED = "unjudged share of the eight"
WORDS = "words per draft"
SECONDS = "seconds per case"
SLOWEST = "seconds per case, 95th percentile"
_SEED = 20260601

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class EvaluationOptions:
    """The newest so many questions are searched for, and of those the newest so many answered with drafts."""

    searched: int = 400
    drafted: int = 100


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`scores`: by measure, those that have rows. `facts`: (champion, challenger) by name. `frozen`: questions that
    the champion answers right, and how many of those the challenger misses.
    """

    scores: dict[str, Scores] = field(default_factory=dict)
    facts: dict[str, tuple[float, float]] = field(default_factory=dict)
    frozen: int = 0
    missed: int = 0


@dataclass(frozen=True)
class Evaluator:
    """Two bundles, and who judges their drafts: the champion's ranker and the embedder that ships, neither trained
    by the run that is being judged. `check` is called between questions and may raise to stop.
    """

    champion: Suggester
    challenger: Suggester
    embedder: Embedder
    options: EvaluationOptions = field(default_factory=EvaluationOptions)
    progress: Progress = lambda done, total: None
    check: Callable[[], None] = lambda: None

    def __call__(
        self, questions: Sequence[Question], choices: Sequence[Choice], frozen: Sequence[Question]
    ) -> Evaluation:
        """`questions` and `choices`: oldest first, all later than what the challenger learned from."""
        asked = list(questions[-self.options.searched :])
        drafted = asked[-self.options.drafted :]
        steps = _Steps(self.progress, self.check, len(asked) + len(drafted) + len(frozen))
        found = [steps.done(self._find(question, place)) for place, question in enumerate(asked)]
        their = found[len(asked) - len(drafted) :]
        answered = [
            steps.done(self._answer(question, both, place))
            for place, (question, both) in enumerate(zip(drafted, their, strict=True))
        ]
        again = [steps.done(self._find(question, place)) for place, question in enumerate(frozen)]
        known = [(question, new) for question, (old, new) in zip(frozen, again, strict=True) if _answers(old, question)]
        missed = sum(not _answers(new, question) for question, new in known)
        scores = [*_retrieval(asked, found), *self._choices(choices), *self._drafts(drafted, answered)]
        facts = _facts(asked, found, their, answered)
        return Evaluation({one.name: one for one in scores}, facts, len(known), missed)

    @property
    def _same_search(self) -> bool:
        """Parts that two bundles have in common are one object: then there is nothing to compare."""
        old, new = self.champion, self.challenger
        return old.retriever is new.retriever and old.reranker is new.reranker

    def _find(self, question: Question, place: int) -> tuple[Found, Found]:
        if self._same_search:
            found = find(self.champion, question)
            return found, found
        return _in_turn(place, lambda: find(self.champion, question), lambda: find(self.challenger, question))

    def _answer(self, question: Question, found: tuple[Found, Found], place: int) -> tuple[Answered, Answered]:
        old, new = found
        return _in_turn(
            place,
            lambda: answer(self.champion, question, old, _SEED),
            lambda: answer(self.challenger, question, new, _SEED),
        )

    def _choices(self, choices: Sequence[Choice]) -> list[Scores]:
        if not choices:
            return []
        old, new = chooses_right(self.champion, choices), chooses_right(self.challenger, choices)
        return [Scores(CHOICE, old, new, [one.case_id for one in choices])]

    def _drafts(self, asked: Sequence[Question], answered: Sequence[tuple[Answered, Answered]]) -> list[Scores]:
        cases = [question.case.id for question in asked]
        measured: dict[str, list[tuple[float, float] | None]] = {
            CITATIONS: [(_supported(old.first), _supported(new.first)) for old, new in answered],
            HELPFULNESS: [_helpful(self.champion.ranker, old, new) for old, new in answered],
            CLOSENESS: [
                self._closeness(question.reply, old.first, new.first)
                for question, (old, new) in zip(asked, answered, strict=True)
            ],
        }
        return [made for name, rows in measured.items() if (made := _scores(name, rows, cases)) is not None]

    def _closeness(self, reply: str | None, old: Draft, new: Draft) -> tuple[float, float] | None:
        texts = [without_marks(one.text) for one in (old, new)]
        if not reply or not all(texts):
            return None
        sent, *vectors = self.embedder.embed([reply, *texts])
        return float(np.vecdot(vectors[0], sent)), float(np.vecdot(vectors[1], sent))


class _Steps:
    """Counts what is done, tells of it, and lets somebody stop it there."""

    def __init__(self, progress: Progress, check: Callable[[], None], total: int) -> None:
        self._progress, self._check, self._total, self._done = progress, check, total, 0

    def done(self, result: T) -> T:
        self._done += 1
        self._progress(self._done, self._total)
        self._check()
        return result


def _in_turn(place: int, one: Callable[[], T], other: Callable[[], T]) -> tuple[T, T]:
    """Both, each as often first as second: whoever comes second finds texts that are embedded already."""
    if place % 2:
        second = other()
        return one(), second
    return one(), other()


def _retrieval(asked: Sequence[Question], found: Sequence[tuple[Found, Found]]) -> list[Scores]:
    known = [(question, both) for question, both in zip(asked, found, strict=True) if question.right]
    labels = {question.id: question.labels for question, _ in known}
    old, new = (
        score_rankings({question.id: both[side].ids for question, both in known}, labels, RETRIEVAL.values())
        for side in (0, 1)
    )
    cases = [question.case.id for question, _ in known]
    return [
        Scores(name, [*old[measure].values()], [*new[measure].values()], cases)
        for name, measure in RETRIEVAL.items()
        if known
    ]


def _helpful(frozen: Ranker, old: Answered, new: Answered) -> tuple[float, float] | None:
    """Of each bundle the draft that the frozen ranker likes best: what it can write, whoever chooses."""
    liked = [[helpfulness(frozen, one.request, draft) for draft in one.drafts] for one in (old, new)]
    best = [max((score for score in some if score is not None), default=None) for some in liked]
    return None if best[0] is None or best[1] is None else (best[0], best[1])


def _supported(draft: Draft) -> float:
    """The share of its facts that the checker finds in what they cite; 1.0 for a draft without any."""
    facts = [check.supported for check in draft.report.sentences if check.states_fact]
    return sum(facts) / len(facts) if facts else 1.0


def _scores(name: str, rows: Sequence[tuple[float, float] | None], cases: Sequence[str]) -> Scores | None:
    kept = [(row, case) for row, case in zip(rows, cases, strict=True) if row is not None]
    if not kept:
        return None
    return Scores(name, [row[0] for row, _ in kept], [row[1] for row, _ in kept], [case for _, case in kept])


def _facts(
    asked: Sequence[Question],
    found: Sequence[tuple[Found, Found]],
    their: Sequence[tuple[Found, Found]],
    answered: Sequence[tuple[Answered, Answered]],
) -> dict[str, tuple[float, float]]:
    if not asked:
        return {}
    unjudged = [
        [_unjudged(both[side], question) for question, both in zip(asked, found, strict=True)] for side in (0, 1)
    ]
    facts = {UNJUDGED: (_mean(unjudged[0]), _mean(unjudged[1]))}
    if answered:
        words = [[len(both[side].first.text.split()) for both in answered] for side in (0, 1)]
        spent = [
            [one[side].seconds + other[side].seconds for one, other in zip(their, answered, strict=True)]
            for side in (0, 1)
        ]
        facts[WORDS] = (_mean(words[0]), _mean(words[1]))
        facts[SECONDS] = (float(np.median(spent[0])), float(np.median(spent[1])))
        facts[SLOWEST] = (float(np.quantile(spent[0], 0.95)), float(np.quantile(spent[1], 0.95)))
    return facts


def _unjudged(found: Found, question: Question) -> float:
    return 1.0 - len(found.shown & set(question.labels)) / len(found.shown) if found.shown else 0.0


def _answers(found: Found, question: Question) -> bool:
    return bool(found.shown & question.right)


def _mean(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))
