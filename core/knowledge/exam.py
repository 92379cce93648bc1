"""The knowledge exam: questions that an article answers, asked of a search; passed when it is among the eight shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Literal

from core.ports import Progress
from core.retrieval.retriever import ConversationRetriever
from core.suggest import Found, Suggester, with_english_keywords
from core.values import Case, LostQuestion, RankedSnippet, Turn

Origin = Literal["asked", "written", "synthetic"]
_LONGEST = 100  # characters of a question where it is quoted
_BATCH = 64  # questions encoded together: with MiniLM 2.7 times as fast as one by one


@dataclass(frozen=True, slots=True)
class ExamQuestion:
    """One question of an article, and how it went the last time; `passed` is None before the first.

    `turns`: empty where the words of the case that asked were removed: then it cannot be asked.
    """

    id: str
    article_id: str
    origin: Origin
    turns: tuple[Turn, ...]
    suggestion_id: str | None = None  # where it was asked; None for one in words of its own
    case_id: str | None = None
    passed: bool | None = None
    rank: int | None = None
    passed_once: bool = False

    @property
    def is_lost(self) -> bool:
        """True where it was passed once, and failed the last time; never of one that a machine made up."""
        return self.passed_once and self.passed is False and self.origin != "synthetic"

    @property
    def is_asked_for_real(self) -> bool:
        """True where people asked or wrote it, in words that are still there: only then it can stop a change."""
        return self.origin != "synthetic" and self.has_words

    @property
    def has_words(self) -> bool:
        """False where the words of the case that asked were removed, or there never were any."""
        return has_words(*(turn.text for turn in self.turns))

    @property
    def words(self) -> str:
        """The last turn with words, on one line, at most 100 characters; "" where there are none left."""
        said = next((" ".join(turn.text.split()) for turn in reversed(self.turns) if has_words(turn.text)), "")
        return said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1].rstrip()}…"


@dataclass(frozen=True, slots=True)
class ExamResult:
    """`rank`: of the article's first snippet, from 1; at most 8 it was shown, None: not among the 75 found."""

    question: ExamQuestion
    rank: int | None
    passed: bool

    @property
    def is_lost(self) -> bool:
        """True where it was passed once and is not any more; never of one that a machine made up."""
        return replace(self.question, passed=self.passed).is_lost


@dataclass(frozen=True, slots=True)
class ArticleReport:
    """How one article did. `passed`, `failed`, `lost` and `median_rank`: of questions that people asked or wrote.

    `median_rank`: over those that found it at all; None where none did. `made_up_passed` and `made_up_failed`: of
    questions that a machine made up, which count as nobody's.
    """

    id: str
    passed: int
    failed: int
    lost: int
    median_rank: float | None
    made_up_passed: int
    made_up_failed: int

    @property
    def hit_at_8(self) -> float | None:
        """The share of people's questions that found it among the eight, in [0, 1]; None where there are none."""
        asked = self.passed + self.failed
        return self.passed / asked if asked else None


def sit(
    questions: Iterable[ExamQuestion], suggester: Suggester, progress: Progress = lambda done, total: None
) -> list[ExamResult]:
    """One result per question that has words, with what this bundle finds. Raises EmptyKnowledge."""
    asked = [one for one in questions if one.has_words]
    results: list[ExamResult] = []
    for start in range(0, len(asked), _BATCH):
        portion = asked[start : start + _BATCH]
        if isinstance(suggester.retriever, ConversationRetriever):
            suggester.retriever.prepare([with_english_keywords(one.turns) for one in portion])
        for one in portion:
            results.append(_result(one, found_by(suggester, one.turns)))
            progress(len(results), len(asked))
    return results


def lost_between(questions: Iterable[ExamQuestion], now: Suggester, then: Suggester) -> list[LostQuestion]:
    """The questions of people whose article `now` shows and `then` does not, in their order. Raises EmptyKnowledge."""
    return [] if search_alike(now, then) else lost_of(shown_by(questions, now), then)


def search_alike(one: Suggester, other: Suggester) -> bool:
    """Whether both find the same, so that neither loses anything to the other."""
    return one.retriever is other.retriever and one.reranker is other.reranker


def shown_by(questions: Iterable[ExamQuestion], now: Suggester) -> list[ExamQuestion]:
    """The questions of people whose article it shows, in their order. Raises EmptyKnowledge."""
    asked = [one for one in questions if one.is_asked_for_real]
    return [one.question for one in sit(asked, now) if one.passed]


def lost_of(shown: Sequence[ExamQuestion], then: Suggester) -> list[LostQuestion]:
    """Of questions whose article is shown now, those whose article `then` does not show. Raises EmptyKnowledge."""
    return [described(one.question) for one in sit(shown, then) if not one.passed]


def described(question: ExamQuestion) -> LostQuestion:
    """As it is told to people."""
    return LostQuestion(question.article_id, question.id, question.words)


def has_words(*texts: str) -> bool:
    """True where a search has something to go by."""
    return any(character.isalnum() for text in texts for character in text)


def found_by(suggester: Suggester, turns: Sequence[Turn]) -> Found:
    """What this bundle finds and shows for a conversation. Raises EmptyKnowledge."""
    case = Case("case_of_the_exam", "", "", "", "", tuple(turns), "open", suggester.clock())
    return suggester.find(case, {})


def by_article(results: Iterable[ExamResult]) -> list[ArticleReport]:
    """One report per article, those with most failures first."""
    of: Mapping[str, list[ExamResult]] = defaultdict(list)
    for one in results:
        of[one.question.article_id].append(one)
    reports = [_report(article_id, some) for article_id, some in of.items()]
    return sorted(reports, key=lambda one: (-one.failed, one.id))


def rank_of(article_id: str, found: Found) -> int | None:
    """Where the article's first snippet stands: among those shown, or else behind them among all found."""
    shown = _first(article_id, found.shown)
    if shown is not None:
        return shown
    rank = _first(article_id, found.retrieved.snippets)
    # A second stage that left it out of the eight has put it behind them.
    return None if rank is None else max(rank, len(found.shown) + 1)


def heir_of(article_id: str, live: Container[str], heirs: Mapping[str, str]) -> str | None:
    """The article itself where it is live, else the live one that took its place, over many steps; None without one.

    `heirs`: by the id of an article that is gone, the one that supersedes it.
    """
    passed: set[str] = set()
    while article_id not in live:
        passed.add(article_id)
        article_id = heirs.get(article_id, article_id)
        if article_id in passed:
            return None
    return article_id


def _first(article_id: str, snippets: Sequence[RankedSnippet]) -> int | None:
    return next((one.rank for one in snippets if one.snippet.article_id == article_id), None)


def _result(question: ExamQuestion, found: Found) -> ExamResult:
    rank = rank_of(question.article_id, found)
    return ExamResult(question, rank, rank is not None and rank <= len(found.shown))


def _report(article_id: str, results: Sequence[ExamResult]) -> ArticleReport:
    by_people = [one for one in results if one.question.origin != "synthetic"]
    made_up = [one for one in results if one.question.origin == "synthetic"]
    ranks = [one.rank for one in by_people if one.rank is not None]
    return ArticleReport(
        id=article_id,
        passed=sum(one.passed for one in by_people),
        failed=sum(not one.passed for one in by_people),
        lost=sum(one.is_lost for one in by_people),
        median_rank=median(ranks) if ranks else None,
        made_up_passed=sum(one.passed for one in made_up),
        made_up_failed=sum(not one.passed for one in made_up),
    )
