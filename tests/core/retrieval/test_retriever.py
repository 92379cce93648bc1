"""A conversation finds what answers its last question about what it is talking about."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from core.errors import EmptyText
from core.retrieval.retriever import largest
from core.values import Turn

HOTELS = {
    "Belfry Lodge": "Parking is free for guests. Breakfast is served until ten.",
    "Acorn House": "Parking costs nine dollars a day. Dogs are welcome.",
    "Cancelling a booking": "A booking can be cancelled until the day before arrival.",
}


def conversation(*texts):
    """Customer and agent by turns; the customer speaks last."""
    return [Turn("customer" if (len(texts) - place) % 2 else "agent", text) for place, text in enumerate(texts)]


def ids(found):
    return [one.snippet.id for one in found.snippets]


def test_the_question_finds_its_answer_and_ranks_count_from_one(publish):
    found = publish(HOTELS).search(conversation("can i bring my dogs?"), 2)

    assert ids(found)[0] == "acorn house"
    assert [one.rank for one in found.snippets] == [1, 2]
    assert found.snippets[0].score > found.snippets[1].score


def test_what_an_earlier_turn_names_is_what_the_last_question_is_about(publish):
    retriever = publish(HOTELS)
    belfry = conversation("I need a room.", "How about the Belfry Lodge?", "Is parking free there?")
    acorn = conversation("I need a room.", "How about Acorn House?", "Is parking free there?")

    assert ids(retriever.search(belfry, 1)) == ["belfry lodge"]
    assert ids(retriever.search(acorn, 1)) == ["acorn house"]


def test_what_was_named_last_counts_most(publish):
    turns = conversation("Is Acorn House nice?", "Yes.", "And the Belfry Lodge?", "Yes.", "How is the parking?")

    assert ids(publish(HOTELS).search(turns, 1)) == ["belfry lodge"]


def test_without_a_name_the_earlier_turns_say_what_it_is_about(publish):
    turns = conversation("My question is about breakfast.", "Yes?", "Until when is it?")

    assert ids(publish(HOTELS).search(turns, 1)) == ["belfry lodge"]


def test_the_query_in_words_is_the_question_and_what_it_is_about(publish):
    retriever = publish(HOTELS)
    named = conversation("I need a room.", "How about the Belfry Lodge?", "Is parking free there?")
    unnamed = conversation("My question is about breakfast.", "Yes?", "Until when is it?")

    assert retriever.search(named, 1).query == "Is parking free there?\nBelfry Lodge"
    assert retriever.search(unnamed, 1).query == "Until when is it?\nMy question is about breakfast."


def test_each_snippet_comes_once_and_k_may_be_more_than_there_are(publish):
    found = publish(HOTELS).search(conversation("parking"), 75)

    assert sorted(ids(found)) == sorted(title.lower() for title in HOTELS)


def test_words_that_no_snippet_knows_still_find_the_nearest(publish):
    assert len(ids(publish(HOTELS).search(conversation("¿Dónde está mi reembolso?"), 2))) == 2


def test_a_conversation_without_words_is_refused(publish):
    with pytest.raises(EmptyText):
        publish(HOTELS).search([Turn("customer", " …!")], 8)


def test_the_version_names_query_building_and_embedder(publish):
    assert publish(HOTELS).version == "conversation-2:hashed-words@1"


def test_a_search_says_which_generation_it_looked_into(publish):
    assert publish(HOTELS).search(conversation("parking"), 1).generation == "gen_1"


def test_threads_may_share_it(publish):
    retriever, answers = publish(HOTELS), []

    def ask(text, expected):
        answers.append(ids(retriever.search(conversation(text), 1)) == [expected])

    asks = [("breakfast?", "belfry lodge"), ("my dogs?", "acorn house")] * 8
    threads = [threading.Thread(target=ask, args=one) for one in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [True] * 16


def test_the_largest_are_those_a_stable_sort_would_put_first():
    values = np.array([0.0, 3.0, 1.0, 2.0, 2.0, -1.0, 2.0])

    assert sorted(largest(values, 3)) == [1, 3, 4]
    assert sorted(largest(values, 99)) == [1, 2, 3, 4, 6]
    assert largest(np.zeros(3), 2) == []
