"""Drafts listen to what a bundle has learned, where the sentence model does not know the words."""

from __future__ import annotations

import pytest

from core.drafting.learned import chances_by_article
from core.ports import DraftRequest
from core.values import Draft, RankedSnippet, Turn
from tests.core.suggesters import GENERATOR, SNIPPETS

JARGON = "Somebody mentioned the goldfish. What do we need to know?"
SHOWN = tuple(
    RankedSnippet(SNIPPETS[title], rank, 1 / rank) for rank, title in enumerate(("invoices", "keys", "pool"), 1)
)


def drafts(question: str, *chances: float) -> list[Draft]:
    """What is drafted over the three articles, each with the chance that it helps."""
    return GENERATOR.draft(DraftRequest((Turn("customer", question),), question, SHOWN, (), 7, chances))


def cited(draft: Draft) -> set[int]:
    return {n for n in (1, 2, 3) if f"[{n}]" in draft.text}


def test_what_was_learned_answers_a_question_in_words_that_no_article_uses() -> None:
    assert {one.source for one in drafts(JARGON)} == {"no_answer"}

    made = drafts(JARGON, 0.02, 0.95, 0.03)

    assert [one.source for one in made] == ["knowledge", "knowledge"]
    assert [cited(one) for one in made] == [{2}, {2}]


def test_a_small_chance_is_no_answer() -> None:
    assert {one.source for one in drafts(JARGON, 0.1, 0.15, 0.1)} == {"no_answer"}


def test_a_likely_article_is_only_asked_about_and_a_sure_one_is_told() -> None:
    likely, sure = drafts(JARGON, 0.0, 0.35, 0.0)[0], drafts(JARGON, 0.0, 0.95, 0.0)[0]

    assert cited(likely) == cited(sure) == {2}
    assert "?" in likely.text
    assert "?" not in sure.text


@pytest.mark.parametrize("question", ["Is the pool open in September?", "When is the pool open, from May or later?"])
def test_where_the_words_are_known_what_was_learned_changes_nothing(question: str) -> None:
    assert drafts(question, 0.99, 0.005, 0.005) == drafts(question)


def test_an_article_has_the_best_chance_of_its_snippets() -> None:
    again = RankedSnippet(SNIPPETS["keys"], 4, 0.1)

    assert chances_by_article((*SHOWN, again), (0.1, 0.2, 0.3, 0.7)) == {"invoices": 0.1, "keys": 0.7, "pool": 0.3}
    assert chances_by_article(SHOWN, ()) == {}
