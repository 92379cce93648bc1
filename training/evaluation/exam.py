"""The knowledge exam of a candidate: a question that finds its article now must find it with the candidate too."""

from __future__ import annotations

from collections.abc import Iterable

from core.knowledge.exam import ExamQuestion, sit
from core.suggest import Suggester


def lost_articles(questions: Iterable[ExamQuestion], champion: Suggester, challenger: Suggester) -> tuple[str, ...]:
    """The ids of articles that the champion shows for a question of theirs and the challenger does not, each once.

    Synthetic questions are not asked: what a machine made up measures no bundle. Raises EmptyKnowledge.
    """
    asked = [one for one in questions if one.origin != "synthetic"]
    if champion.retriever is challenger.retriever and champion.reranker is challenger.reranker:
        return ()
    passed = [one.question for one in sit(asked, champion) if one.passed]
    again = sit(passed, challenger)
    return tuple(dict.fromkeys(one.question.article_id for one in again if not one.passed))
