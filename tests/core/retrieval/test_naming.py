"""Titles are named by the words that single them out."""

from __future__ import annotations

from core.retrieval.naming import TitleNaming
from core.retrieval.terms import SnippetTerms
from core.values import Snippet

TITLES = {
    "THE BELFRY HOTEL": "The hotel has a bar.",
    "ROSA'S GUEST HOUSE": "The house has a garden and a hotel bar nearby.",
    "Cancelling a booking": "Open the booking, then cancel. The hotel or house is told.",
    "Changing a booking": "Open the booking, then change it. You may cancel the change.",
}


def strengths(text):
    snippets = [Snippet(title, title, 1, title, "", None, words) for title, words in TITLES.items()]
    naming = TitleNaming(snippets, [SnippetTerms.of(one) for one in snippets])
    return dict(zip(naming.titles, naming.strengths(text), strict=True))


def test_a_proper_name_names_its_title_and_no_other():
    found = strengths("how about the Belfry?")

    assert found["THE BELFRY HOTEL"] > 0.4
    assert found["ROSA'S GUEST HOUSE"] == found["Cancelling a booking"] == 0.0


def test_case_possessives_and_word_forms_do_not_matter():
    assert strengths("Rosa guest houses")["ROSA'S GUEST HOUSE"] > 0.6


def test_words_that_all_articles_use_name_nothing():
    assert max(strengths("I want a hotel, a house or a bar").values()) < 0.3


def test_a_turn_without_content_words_names_nothing():
    assert set(strengths("and the?").values()) == {0.0}
