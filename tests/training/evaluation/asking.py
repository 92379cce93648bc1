"""Questions and answers by hand, for the tests of what is measured."""

from __future__ import annotations

from collections.abc import Mapping

from core.ports import DraftRequest
from core.values import CheckReport, Draft, RankedSnippet, SentenceCheck
from tests.core.suggesters import SNIPPETS, asked
from training.evaluation.answers import Answered, Found
from training.evaluation.questions import Question
from training.evaluation.rankings import RIGHT


def question(number: int, labels: Mapping[str, float], reply: str | None = None, text: str = "When?") -> Question:
    """One that is asked in a case of its own. `labels`: by title of a snippet."""
    by_id = {SNIPPETS[title].id: label for title, label in labels.items()}
    articles = frozenset(SNIPPETS[title].article_id for title, label in labels.items() if label >= RIGHT)
    return Question(f"sug-{number}", asked(text, f"case-{number}"), by_id, reply, articles)


def found(*titles: str, shown: int = 8, seconds: float = 0.5) -> Found:
    """These titles, in this order, of which so many were reranked."""
    ranked = tuple(RankedSnippet(SNIPPETS[title], rank, 1.0) for rank, title in enumerate(titles[:shown], 1))
    return Found(tuple(SNIPPETS[title].id for title in titles), ranked, "when", seconds)


def draft(text: str, *supported: bool) -> Draft:
    """A reply with so many facts, each supported or not."""
    sentences = tuple(SentenceCheck(text, (1,), one, True, False, "quoted") for one in supported)
    return Draft(text, "direct", "knowledge", CheckReport(sentences, True, True))


def answered(*drafts: Draft, scores: tuple[float, ...] = (), seconds: float = 1.5) -> Answered:
    """These drafts, the first one liked best unless the scores say otherwise."""
    request = DraftRequest(asked("When?").turns, "when", (), (), 0)
    return Answered(request, drafts, scores or tuple(-float(n) for n in range(len(drafts))), seconds)
