"""The list of knowledge that ails, as the store has it now."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from core.knowledge.contradictions import contradictions
from core.knowledge.health import AilingArticle, ailing
from core.store import Store

DAYS = 90  # replies of cases that came since then are looked at


def knowledge_health(store: Store, now: datetime, days: int = DAYS) -> list[AilingArticle]:
    """Articles that somebody should look at, most reasons first; asks nothing of a model, and stores nothing."""
    lost = Counter(one.article_id for one in store.exam.questions() if one.is_lost)
    uses = store.usage.of_articles(now - timedelta(days=days))
    changed_at = {one.id: one.changed_at for one in uses}
    articles = [one for one in store.knowledge.current_articles() if one.id in changed_at]
    otherwise = contradictions(articles, changed_at)
    return ailing(uses, lost, otherwise, now.date())
