"""What clicks teach a language model, from real annotations in a real store."""

from __future__ import annotations

import pytest

from core.judge.judge import Judge
from core.knowledge.generation import IndexGeneration
from core.prompting import RULES
from core.values import Article
from training.datasets import completion_rows, preference_rows, unpaired_rows
from training.examples import read_examples
from training.lessons.generator_lessons import lessons_of
from training.lessons.screens import bare_screen, screen_of

DRAFT_A, DRAFT_B = "Hi! Refund rule number 1 applies. [1]", "Refund rule number 2 applies. [2] It takes five days. [2]"


@pytest.fixture
def taught(world, store, watch):
    """The world, its knowledge there, a minute after the drafts came."""
    articles = [Article(f"article-{n}", 1, f"Article {n}", None, "Text.", f"hash-{n}", "here") for n in (1, 2, 3)]
    snippets = [one.snippet for one in world.suggestion.shown]
    store.knowledge.publish(articles, [], snippets, IndexGeneration("gen-1", "minilm", "here", 3))
    watch.advance(60)
    return world


def lessons(store):
    Judge(store).round()
    examples = read_examples(store).examples
    rows = [*completion_rows(examples), *preference_rows(examples), *unpaired_rows(examples)]
    return lessons_of(rows)


def test_a_preference_is_learned_with_its_marks_its_strength_and_the_prompt_of_drafting(taught, store):
    taught.feedback.prefer(taught.suggestion.id, "U_ANN", "b1", "button", "key1")

    (pair,) = lessons(store).pairs

    assert (pair["chosen"], pair["rejected"]) == (DRAFT_B, DRAFT_A)
    assert (pair["margin"], pair["weight"], pair["case_id"]) == (pytest.approx(1 / 3), 1.0, taught.case.id)
    assert pair["prompt"][0] == {"role": "system", "content": RULES}
    assert "[2] Article 2 - Refunds\n  Refund rule number 2 applies." in pair["prompt"][1]["content"]
    assert "Customer: Where is my refund?" in pair["prompt"][1]["content"]
    assert pair["prompt"][1]["content"].endswith("in one to three short sentences.")


def test_a_draft_that_was_sent_is_imitated_with_its_marks_and_is_a_good_one(taught, store):
    taught.feedback.adopt(taught.suggestion.id, "U_ANN", "a", "button", "key1")

    found = lessons(store)

    assert [one["completion"] for one in found.completions] == [DRAFT_A]
    assert [(one["completion"], one["label"], one["weight"]) for one in found.verdicts] == [(DRAFT_A, True, 1.0)]
    assert found.pairs == []  # using A says nothing about B


def test_an_edit_is_imitated_and_preferred_to_its_draft(taught, store):
    final = "Hello Ana! Refund rule number 1 applies."
    taught.feedback.adopt(taught.suggestion.id, "U_ANN", "a", "modal", "key1", final=final)

    found = lessons(store)

    edited = "Hello Ana! Refund rule number 1 applies. [1]"
    assert [one["completion"] for one in found.completions] == [edited]
    assert [(one["chosen"], one["rejected"], one["margin"]) for one in found.pairs] == [(edited, DRAFT_A, 2 / 3)]


def test_an_edit_for_taste_alone_is_imitated_but_makes_its_draft_no_worse(taught, store):
    final = "Hello Ana! Refund rule number 1 applies."
    taught.feedback.adopt(taught.suggestion.id, "U_ANN", "a", "modal", "key1", final=final, reasons=["my_preference"])

    found = lessons(store)

    assert len(found.completions) == 1
    assert found.pairs == []


def test_an_edit_that_the_checker_finds_worse_teaches_nothing(taught, store):
    final = "Hi! Refund rule number 1 applies. You also get a voucher of 500 euros."
    taught.feedback.adopt(taught.suggestion.id, "U_ANN", "a", "modal", "key1", final=final)

    found = lessons(store)

    assert (found.completions, found.pairs) == ([], [])
    assert found.excluded == {"the checker finds the edit worse than the draft": 1}


def test_a_refusal_weighs_half_on_each_draft_and_taste_alone_nothing(taught, new_world, store, watch):
    other = new_world("9.0")
    watch.advance(60)
    taught.feedback.reject(taught.suggestion.id, "U_ANN", ["wrong_fact"], None, None, "modal", "key1")
    other.feedback.reject(other.suggestion.id, "U_ANN", ["my_preference"], None, None, "modal", "key2")

    found = lessons(store)

    assert [(one["completion"], one["label"], one["weight"]) for one in found.verdicts] == [
        (DRAFT_A, False, 0.5),
        (DRAFT_B, False, 0.5),
    ]


OWN = {"prompt": "", "draft": None, "decision": "own_reply", "reasons": [], "weight": 1.0, "case_id": "case_1"}


@pytest.mark.parametrize(
    ("text", "imitated"),
    [
        ("Refund rule number 3 applies.", ["Refund rule number 3 applies. [3]"]),
        ("Our office in Lisbon will call you tomorrow at nine.", []),
    ],
)
def test_an_own_reply_is_imitated_only_where_the_screen_bears_it(taught, text, imitated):

    row = {**OWN, "completion": text, "screen": screen_of(taught.suggestion)}

    assert [one["completion"] for one in lessons_of([row]).completions] == imitated


def test_a_reply_without_snippets_on_the_screen_teaches_no_answer(taught):

    found = lessons_of([{**OWN, "completion": "It depends.", "screen": bare_screen(taught.case.turns)}])

    assert found.excluded == {"no snippet was on the screen": 1}


def test_a_long_reply_is_asked_for_as_a_complete_one(taught):

    text = " ".join(f"Refund rule number {n} applies." for n in (1, 2, 3, 1))
    (lesson,) = lessons_of([{**OWN, "completion": text, "screen": screen_of(taught.suggestion)}]).completions

    assert lesson["prompt"][1]["content"].endswith("in four to eight sentences.")
