"""From what two bundles found and wrote to scores, case by case."""

from __future__ import annotations

import pytest

from core.hashed_words import HashedWordsEmbedder
from core.response_ranker.ranker import LearnedRanker, RankerWeights
from core.suggest import FirstDraftsRanker
from tests.training.evaluation.asking import answered, draft, found, question
from training.evaluation.measures import (
    CITATIONS,
    CLOSENESS,
    HELPFULNESS,
    RANKING,
    RANKING_ESTIMATED,
    RANKING_OF_JUDGED,
    RETRIEVAL,
    SECONDS,
    SLOWEST,
    UNJUDGED,
    WORDS,
    answers_right,
    draft_scores,
    facts_of,
    retrieval_scores,
    scores_of,
)

EMBEDDER = HashedWordsEmbedder()


def by_name(scores):
    return {one.name: one for one in scores}


def test_every_retrieval_measure_compares_both_on_the_questions_with_a_known_answer():
    asked = [question(1, {"refund times": 1.0, "pets": 0.0}), question(2, {"pets": 0.0}), question(3, {"keys": 1.0})]
    old, new = found("refund times", "pets", "keys"), found("pets", "keys", "refund times")

    scores = by_name(retrieval_scores(asked, [(old, new)] * 3))

    assert set(scores) == {*RETRIEVAL, RANKING_ESTIMATED}
    assert [*scores["nDCG@10"].cases] == ["case-1", "case-3"]
    assert scores["MRR"].champion == pytest.approx([1.0, 1 / 3])
    assert scores["MRR"].challenger == pytest.approx([1 / 3, 1 / 2])
    assert scores["recall@75"].champion == scores["recall@75"].challenger == [1.0, 1.0]
    assert scores["precision@8"].champion == [1 / 8, 1 / 8]


def test_what_nobody_judged_counts_as_wrong_in_one_view_and_not_at_all_in_the_other():
    asked = [question(1, {"refund times": 1.0, "pets": 0.0})]
    old = found("refund times", "pets", "keys")
    new = found("keys", "pool", "parking", "refund times", "pets")

    scores = by_name(retrieval_scores(asked, [(old, new)]))

    assert scores[RANKING].challenger == pytest.approx([0.4307], abs=1e-4)  # at the fourth place
    assert scores[RANKING_OF_JUDGED].challenger == [1.0]  # before the one that is known to be wrong
    assert scores[RANKING].champion == scores[RANKING_OF_JUDGED].champion == [1.0]


def test_what_is_known_to_be_wrong_before_what_is_right_costs_in_both_views():
    asked = [question(1, {"refund times": 1.0, "pets": 0.0})]

    scores = by_name(retrieval_scores(asked, [(found("refund times", "pets"), found("pets", "refund times"))]))

    assert scores[RANKING].challenger == scores[RANKING_OF_JUDGED].challenger == pytest.approx([0.6309], abs=1e-4)


def test_a_right_snippet_that_was_not_found_is_missed_in_both_views():
    asked = [question(1, {"refund times": 1.0})]

    scores = by_name(retrieval_scores(asked, [(found("refund times"), found("keys", "pool"))]))

    assert scores[RANKING].challenger == scores[RANKING_OF_JUDGED].challenger == [0.0]


def test_without_a_known_answer_nothing_is_measured_of_the_search():
    assert retrieval_scores([question(1, {"pets": 0.0})], [(found("pets"), found("keys"))]) == []
    assert retrieval_scores([], []) == []


def test_citations_are_the_share_of_facts_that_are_supported():
    asked = [question(1, {}), question(2, {})]
    half, all_of_it, no_facts = draft("a", True, False), draft("b", True), draft("c")

    rows = [(answered(half), answered(all_of_it)), (answered(no_facts), answered(half))]
    scores = by_name(draft_scores(asked, rows, FirstDraftsRanker(), EMBEDDER))

    assert scores[CITATIONS].champion == [0.5, 1.0]
    assert scores[CITATIONS].challenger == [1.0, 0.5]


def test_closeness_is_to_the_reply_that_was_sent_without_marks_and_only_where_one_was():
    asked = [question(1, {}, reply="Refunds take five days."), question(2, {})]
    near, far = draft("Refunds take five days. [1]", True), draft("Dogs are welcome. [1]", True)

    scores = by_name(draft_scores(asked, [(answered(far), answered(near))] * 2, FirstDraftsRanker(), EMBEDDER))

    assert [*scores[CLOSENESS].cases] == ["case-1"]
    assert scores[CLOSENESS].challenger == pytest.approx([1.0])
    assert scores[CLOSENESS].champion[0] < 0.5


def test_an_empty_draft_is_close_to_nothing():
    asked = [question(1, {}, reply="Refunds take five days.")]

    scores = by_name(draft_scores(asked, [(answered(draft("")), answered(draft("a")))], FirstDraftsRanker(), EMBEDDER))

    assert CLOSENESS not in scores


def test_helpfulness_is_the_frozen_rankers_and_of_the_draft_it_likes_best_whoever_chose():
    likes_long = LearnedRanker(RankerWeights({"length": 1.0}, {}, EMBEDDER.version), EMBEDDER)
    short, long = draft("Five days."), draft("It takes five days until the money is on your account again.")
    asked = [question(1, {})]

    one = by_name(draft_scores(asked, [(answered(short, long), answered(long, short))], likes_long, EMBEDDER))
    other = by_name(draft_scores(asked, [(answered(short), answered(long))], likes_long, EMBEDDER))

    assert one[HELPFULNESS].champion == one[HELPFULNESS].challenger
    assert other[HELPFULNESS].champion[0] < other[HELPFULNESS].challenger[0] < 1.0


def test_a_champion_that_has_learned_nothing_finds_nothing_helpful():
    rows = [(answered(draft("a")), answered(draft("b")))]

    assert HELPFULNESS not in by_name(draft_scores([question(1, {})], rows, FirstDraftsRanker(), EMBEDDER))


def test_rows_without_a_value_are_left_out_with_their_case():
    scores = scores_of("some", [(0.1, 0.2), None, (0.3, 0.4)], ["c1", "c2", "c3"])

    assert (scores.champion, scores.challenger, scores.cases) == ([0.1, 0.3], [0.2, 0.4], ["c1", "c3"])
    assert scores_of("none", [None], ["c1"]) is None


def test_facts_are_lengths_times_and_how_much_nobody_judged():
    asked = [question(1, {"refund times": 1.0, "pets": 0.0}), question(2, {"keys": 1.0})]
    searched = [(found("refund times", "pets"), found("keys", "pool")), (found("keys", "pool"), found())]
    wrote = [(answered(draft("two words")), answered(draft("now three words"), seconds=9.5))]

    facts = facts_of(asked, searched, searched[1:], wrote)

    assert facts[UNJUDGED] == (0.25, 0.5)  # what found nothing shows nothing unjudged
    assert facts[WORDS] == (2.0, 3.0)
    assert facts[SECONDS] == facts[SLOWEST] == (2.0, 10.0)


def test_without_drafts_there_are_no_facts_about_them_and_without_questions_none_at_all():
    asked = [question(1, {"keys": 1.0})]

    assert set(facts_of(asked, [(found("keys"), found("pool"))], [], [])) == {UNJUDGED}
    assert facts_of([], [], [], []) == {}


def test_a_question_is_answered_right_by_what_stands_on_the_screen():
    keys = question(1, {"keys": 1.0, "pets": 0.0})

    assert answers_right(found("pool", "keys"), keys)
    assert not answers_right(found("pool", "keys", shown=1), keys)
    assert not answers_right(found("pets"), keys)
