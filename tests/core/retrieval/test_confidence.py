"""What a bundle's lead over its other articles says about the one in front."""

from __future__ import annotations

import pytest

from core.retrieval.confidence import Confidence, chance, leads_of
from core.values import RankedSnippet, Snippet


def shown(*scored: tuple[str, float]) -> list[RankedSnippet]:
    """Snippets of these articles with these scores, in this order."""
    return [
        RankedSnippet(Snippet(f"{article}-{n}", article, 1, article, "", None, "Text."), n, score)
        for n, (article, score) in enumerate(scored, 1)
    ]


def test_the_first_article_leads_by_what_it_is_ahead_and_the_others_are_behind_by_that_to_it() -> None:
    leads = leads_of(shown(("pets", 0.9), ("pets", 0.8), ("keys", 0.5), ("pool", 0.25)))

    assert leads == pytest.approx({"pets": 0.4, "keys": -0.4, "pool": -0.65})


def test_of_two_equal_articles_none_leads() -> None:
    assert leads_of(shown(("pets", 0.5), ("keys", 0.5))) == {"pets": 0.0, "keys": 0.0}


def test_an_article_that_has_the_screen_for_itself_is_ahead_of_its_own_last_snippet() -> None:
    assert leads_of(shown(("pets", 0.75), ("pets", 0.25))) == {"pets": 0.5}
    assert leads_of([]) == {}


def test_each_snippet_has_the_chance_of_its_article() -> None:
    confidence = Confidence(bias=0.0, lead=10.0)

    chances = confidence.chances(shown(("pets", 0.9), ("keys", 0.7), ("pets", 0.6)))

    assert chances == pytest.approx((0.8808, 0.1192, 0.8808), abs=1e-4)
    assert confidence.chances([]) == ()


def test_it_is_read_from_the_measures_of_a_bundle_that_has_one() -> None:
    assert Confidence.of({"confidence": {"bias": -0.5, "lead": 8, "questions": 40}}) == Confidence(-0.5, 8.0)
    assert Confidence.of({"confidence": {"questions": 3}}) is None
    assert Confidence.of({}) is None


def test_odds_beyond_all_measure_are_certain() -> None:
    assert (chance(5000.0), chance(-5000.0), chance(0.0)) == (1.0, 0.0, 0.5)
