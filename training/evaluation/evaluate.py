"""Champion and candidate answer the same later cases through the whole pipeline, and are measured side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from core.adapters.torch_cpu import at_once
from core.opinions import Opinions
from core.ports import Embedder, Progress
from core.retrieval.retriever import ConversationRetriever
from core.suggest import Suggester, with_english_keywords
from training.evaluation.answers import Found, answer, chooses_right, find
from training.evaluation.calibration import Calibration, calibrate
from training.evaluation.gate import Scores
from training.evaluation.llm_judge import Compared, compare
from training.evaluation.measures import (
    CHOICE,
    BothAnswered,
    BothFound,
    answers_right,
    comparison_scores,
    draft_scores,
    facts_of,
    retrieval_scores,
)
from training.evaluation.questions import Choice, Question

_SEED = 20260601
_AT_ONCE = 40  # questions

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class EvaluationOptions:
    """The newest so many questions are searched for, of those the newest so many answered with drafts, and of those
    the newest so many compared by a language model, where there is one: it reads each pair twice.
    """

    searched: int = 400
    drafted: int = 100
    compared: int = 50


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`scores`: by measure, those that have rows. `facts`: (champion, challenger) by name. `frozen`: questions that
    the champion answers right, and how many of those the challenger misses. `calibration`: of the challenger's search;
    None where it searches as the champion does. `lost`: articles that questions of their exam find now and with the
    challenger no more. `compared`: pairs of different replies put before a language model, and
    `consistent`: those about which it said the same in both orders.
    """

    scores: dict[str, Scores] = field(default_factory=dict)
    facts: dict[str, tuple[float, float]] = field(default_factory=dict)
    frozen: int = 0
    missed: int = 0
    calibration: Calibration | None = None
    compared: int = 0
    consistent: int = 0
    lost: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evaluator:
    """Two bundles, and who judges their drafts: the champion's ranker and the embedder that ships, neither trained
    by the run that is being judged; `opinions` of a language model without the adapter of either, where there is one.
    `check` is called between questions and may raise to stop.
    """

    champion: Suggester
    challenger: Suggester
    embedder: Embedder
    opinions: Opinions | None = None
    options: EvaluationOptions = field(default_factory=EvaluationOptions)
    progress: Progress = lambda done, total: None
    check: Callable[[], None] = lambda: None

    def __call__(
        self, questions: Sequence[Question], choices: Sequence[Choice], frozen: Sequence[Question]
    ) -> Evaluation:
        """`questions` and `choices`: oldest first, all later than what the challenger learned from."""
        asked = list(questions[-self.options.searched :])
        drafted = asked[-self.options.drafted :]
        read = drafted[-self.options.compared :] if self.opinions else []
        steps = _Steps(self.progress, self.check, len(asked) + len(drafted) + len(frozen) + len(read))
        found = self._searched(asked[: len(asked) - len(drafted)], steps)
        found += [steps.done(self._find(question, place)) for place, question in enumerate(drafted)]
        calibration = None if self._same_search else calibrate(asked, [new.ranked for _, new in found])
        their = found[len(asked) - len(drafted) :]
        answered = [
            steps.done(self._answer(question, both, place, calibration))
            for place, (question, both) in enumerate(zip(drafted, their, strict=True))
        ]
        compared = self._compared(read, answered[len(drafted) - len(read) :], steps)
        again = self._searched(frozen, steps)
        known = [
            (question, new) for question, (old, new) in zip(frozen, again, strict=True) if answers_right(old, question)
        ]
        scores = [
            *retrieval_scores(asked, found),
            *self._choices(choices),
            *draft_scores(drafted, answered, self.champion.ranker, self.embedder),
            *comparison_scores(read, [one.won for one in compared]),
        ]
        differ = [one for one in compared if one.differ]
        return Evaluation(
            {one.name: one for one in scores},
            facts_of(asked, found, their, answered),
            frozen=len(known),
            missed=sum(not answers_right(new, question) for question, new in known),
            calibration=calibration,
            compared=len(differ),
            consistent=sum(one.won is not None for one in differ),
        )

    @property
    def _same_search(self) -> bool:
        """Parts that two bundles have in common are one object: then there is nothing to compare."""
        old, new = self.champion, self.challenger
        return old.retriever is new.retriever and old.reranker is new.reranker

    def _searched(self, questions: Sequence[Question], steps: _Steps) -> list[BothFound]:
        """Of those whose time does not count: by both bundles at once, some questions at a time."""
        found: list[BothFound] = []
        sides = [self.champion] if self._same_search else [self.champion, self.challenger]
        for start in range(0, len(questions), _AT_ONCE):
            works = [partial(_find_all, one, questions[start : start + _AT_ONCE]) for one in sides]
            found += [steps.done((some[0], some[-1])) for some in zip(*at_once(works), strict=True)]
        return found

    def _find(self, question: Question, place: int) -> BothFound:
        """One after the other: how long each takes is compared."""
        if self._same_search:
            found = find(self.champion, question)
            return found, found
        return _in_turn(place, lambda: find(self.champion, question), lambda: find(self.challenger, question))

    def _answer(
        self, question: Question, found: BothFound, place: int, calibration: Calibration | None
    ) -> BothAnswered:
        old, new = found
        challenger = self.challenger
        if calibration:
            challenger = replace(challenger, confidence=calibration.besides(question.case.id))
        return _in_turn(
            place,
            lambda: answer(self.champion, question, old, _SEED),
            lambda: answer(challenger, question, new, _SEED),
        )

    def _compared(self, read: Sequence[Question], answered: Sequence[BothAnswered], steps: _Steps) -> list[Compared]:
        if self.opinions is None:
            return []
        pairs = zip(read, answered, strict=True)
        return [steps.done(compare(self.opinions, question, old, new)) for question, (old, new) in pairs]

    def _choices(self, choices: Sequence[Choice]) -> list[Scores]:
        if not choices:
            return []
        old, new = chooses_right(self.champion, choices), chooses_right(self.challenger, choices)
        return [Scores(CHOICE, old, new, [one.case_id for one in choices])]


class _Steps:
    """Counts what is done, tells of it, and lets somebody stop it there."""

    def __init__(self, progress: Progress, check: Callable[[], None], total: int) -> None:
        self._progress, self._check, self._total, self._done = progress, check, total, 0

    def done(self, result: T) -> T:
        self._done += 1
        self._progress(self._done, self._total)
        self._check()
        return result


def _find_all(suggester: Suggester, questions: Sequence[Question]) -> list[Found]:
    if isinstance(suggester.retriever, ConversationRetriever):
        suggester.retriever.prepare([with_english_keywords(one.case.turns) for one in questions])
    return [find(suggester, one) for one in questions]


def _in_turn(place: int, one: Callable[[], T], other: Callable[[], T]) -> tuple[T, T]:
    """Both, each as often first as second: whoever comes second finds texts that are embedded already."""
    if place % 2:
        second = other()
        return one(), second
    return one(), other()
