"""Questions made up about the articles in use, kept one article at a time: what is killed goes on where it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from core.errors import UnknownArticle
from core.knowledge.exam import ExamQuestion
from core.knowledge.made_up import MOST_OF_AN_ARTICLE, QuestionWriter
from core.ports import Progress
from core.redaction import redact
from core.store import Store


def make_up_questions(
    store: Store, writer: QuestionWriter, article_id: str | None = None, progress: Progress = lambda done, total: None
) -> Iterator[ExamQuestion]:
    """Each new question, kept before it is given; an article gets as many as it lacks to three made-up ones.

    `article_id`: only about that one. Raises UnknownArticle, ModelUnavailable; what was given until then stays.
    """
    articles = [one for one in store.knowledge.current_articles() if article_id in (None, one.id)]
    if article_id is not None and not articles:
        raise UnknownArticle(article_id)
    asked: dict[str, list[ExamQuestion]] = defaultdict(list)
    for question in store.exam.questions():
        asked[question.article_id].append(question)
    for done, article in enumerate(articles, 1):
        known = asked[article.id]
        wanted = MOST_OF_AN_ARTICLE - sum(one.origin == "synthetic" for one in known)
        if wanted > 0:
            for text in writer.write(article, [one.words for one in known], wanted):
                store.exam.add_text(article.id, redact(text), "synthetic", writer.version)
            before = {one.id for one in known}
            yield from (one for one in store.exam.questions(article.id) if one.id not in before)
        progress(done, len(articles))
