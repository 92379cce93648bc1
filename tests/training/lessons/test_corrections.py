"""What an agent sent after an edit is preferred to the draft, unless the checker finds it worse."""

from __future__ import annotations

import pytest

from core.judge.judge import Judge
from core.knowledge.generation import IndexGeneration
from core.values import Article
from training.datasets import completion_rows
from training.examples import read_examples
from training.lessons.corrections import correction_rows

DRAFT = "Refund rule number 2 applies. It takes five days."


@pytest.fixture
def said(world, store, watch):
    """What the completion rows are once this was sent for draft B; its articles are still there."""
    articles = [Article(f"article-{n}", 1, f"Article {n}", None, "Text.", f"hash-{n}", "here") for n in (1, 2, 3)]
    snippets = [one.snippet for one in world.suggestion.shown]
    store.knowledge.publish(articles, [], snippets, IndexGeneration("gen-1", "minilm", "here", 3))
    watch.advance(60)

    def send(final, reasons=()):
        world.feedback.adopt(world.suggestion.id, "U_ANN", "b", "modal", "key1", final=final, reasons=list(reasons))
        Judge(store).round()
        return completion_rows(read_examples(store))

    return send


def test_an_edit_is_preferred_to_its_draft_and_keeps_the_marks(said, world):
    (row,) = correction_rows(said("Hello Kim! Refund rule number 2 applies.", ["too_long"]))

    assert (row["chosen"], row["rejected"]) == ("Hello Kim! Refund rule number 2 applies.", DRAFT)
    assert row["chosen_draft"]["text"] == "Hello Kim! Refund rule number 2 applies. [2]"
    assert row["rejected_draft"]["text"] == world.suggestion.candidate("b").text
    assert 0 < row["margin"] <= 1


def test_a_reply_sent_as_it_was_says_nothing_about_another(said):
    assert correction_rows(said(DRAFT)) == []


def test_an_edit_for_taste_alone_teaches_nothing(said):
    assert correction_rows(said("Refund rule number 2 applies.", ["my_preference"])) == []


def test_an_edit_that_the_checker_finds_worse_is_not_preferred(said):
    assert correction_rows(said("You get 500 euros within an hour, I promise.", ["incomplete"])) == []
