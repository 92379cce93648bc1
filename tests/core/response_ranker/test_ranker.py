"""The response ranker in service: any reply has features, weights become scores, what does not fit is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.checker.lexical import LexicalChecker
from core.errors import ModelUnavailable
from core.hashed_words import HashedWordsEmbedder
from core.ports import DraftRequest
from core.response_ranker.features import FEATURES
from core.response_ranker.ranker import (
    RANKER_FILE,
    LearnedRanker,
    RankerWeights,
    describe,
    helpfulness,
    load_ranker,
)
from core.suggest import FirstDraftsRanker
from core.values import CheckReport, Draft, RankedSnippet, Snippet, Turn

EMBEDDER = HashedWordsEmbedder()


def snippet(number: int, title: str, text: str, section: str = "") -> RankedSnippet:
    held = Snippet(f"snip_{number}", f"article_{number}", 1, title, section, None, text)
    return RankedSnippet(held, number, 1.0 - number / 10)


SHOWN = (
    snippet(1, "Seaside Inn", "Dogs are not allowed at the Seaside Inn.", "Are dogs allowed?"),
    snippet(2, "Garden House", "Yes, dogs are welcome for 20 euros a night.", "Are dogs allowed?"),
    snippet(3, "Garden House", "Breakfast is served from 7:30.", "When is breakfast?"),
)
TURNS = (
    Turn("customer", "Do you know the Garden House?"),
    Turn("agent", "Yes."),
    Turn("customer", "Are dogs allowed?"),
)
REQUEST = DraftRequest(TURNS, "Are dogs allowed?", SHOWN, (), 0)


def draft(text: str, style: str = "direct") -> Draft:
    return Draft(text, style, "knowledge", LexicalChecker().check(text, SHOWN, TURNS))


def foreign(text: str) -> Draft:
    return Draft(text, "", "knowledge", CheckReport((), citations_valid=False, answers_question=False))


def described(one: Draft, request: DraftRequest = REQUEST) -> dict[str, float]:
    return dict(zip(FEATURES, describe(request, [one], EMBEDDER)[0], strict=True))


def test_a_reply_without_marks_is_described_by_its_words_alone():
    features = described(foreign("Yes, dogs are welcome at the Garden House for 20 euros a night."))

    assert features["said_most"] == 1.0
    assert (features["opens_yes"], features["opens_no"], features["asks_back"]) == (1.0, 0.0, 0.0)
    assert (features["figures_most"], features["figures_unheard"]) == (1.0, 0.0)
    assert features["foreign_words"] == 0.0
    assert (features["supported"], features["cites"], features["style_direct"]) == (0.0, 0.0, 0.0)


def test_a_draft_of_ours_is_described_by_its_marks_too():
    features = described(draft("Dogs are welcome for 20 euros a night [2]."))

    assert (features["supported"], features["citations_valid"], features["answers"]) == (1.0, 1.0, 1.0)
    assert features["cites_first"] == 0.0
    assert features["style_direct"] == 1.0


def test_a_reply_rests_more_on_the_snippet_whose_subject_was_named_than_on_the_first():
    right = described(foreign("Yes, dogs are welcome for 20 euros a night."))
    wrong = described(foreign("No, dogs are not allowed there."))

    assert right["rests_on_first"] == 0.0
    assert right["rests_on_belief"] > wrong["rests_on_belief"]
    assert right["agrees_believed"] > 0 > wrong["agrees_believed"]


def test_a_reply_written_from_the_likeliest_snippet_is_told_from_one_written_from_another():
    right = described(foreign("Yes, dogs are welcome for 20 euros a night."))
    wrong = described(foreign("Breakfast is served from 7:30."))

    assert right["attended"] > 0.4 > wrong["attended"]
    assert right["rests_on_odds"] > wrong["rests_on_odds"]
    assert 0.0 < right["attended_if_named"] < right["attended"]


def test_a_reply_that_turns_a_snippet_around_or_gives_another_figure_is_noticed():
    says_so = described(foreign("Breakfast is served from 7:30."))
    denies = described(foreign("Breakfast is not served."))
    misquotes = described(foreign("Dogs are welcome for 35 euros a night."))

    assert (says_so["flips_most"], denies["flips_most"]) == (0.0, 1.0)
    assert (says_so["misquotes_most"], misquotes["misquotes_believed"]) == (1.0, pytest.approx(1.0))


def test_a_snippet_without_an_end_mark_is_compared_by_what_it_says():
    shown = (snippet(1, "Garden House", "A kettle and a toaster for every guest", "What is in the kitchen?"),)
    request = DraftRequest(TURNS, "Kitchen?", shown, (), 0)

    assert described(foreign("A kettle and a toaster for every guest"), request)["stated_most"] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("reply", "fitting", "turns_on_itself"),
    [("Yes, they are.", 1.0, 0.0), ("They are welcome.", 0.0, 0.0), ("Yes, dogs are not allowed.", 1.0, 1.0)],
)
def test_a_yes_fits_a_question_that_asks_whether_and_what_follows_it(reply, fitting, turns_on_itself):
    features = described(foreign(reply))

    assert (features["opens_fitting"], features["turns_on_itself"]) == (fitting, turns_on_itself)


def test_a_yes_does_not_fit_a_question_for_a_time():
    request = DraftRequest((Turn("customer", "When is breakfast?"),), "When is breakfast?", SHOWN, (), 0)

    assert described(foreign("Yes, there is."), request)["opens_fitting"] == -1.0
    assert described(foreign("From 7:30 am."), request)["kind_expected"] == 1.0
    assert described(foreign("Breakfast is nice."), request)["kind_expected"] == 0.0


def test_careless_writing_is_noticed():
    careless = described(foreign("Dogs are welcome, dogs are welcome. anything else?"))
    careful = described(foreign("Dogs are welcome. Anything else?"))

    assert (careless["small_letters"], careful["small_letters"]) == (0.5, 0.0)
    assert (careless["says_twice"], careful["says_twice"]) == (0.5, 0.0)


def test_a_figure_that_nobody_named_counts_as_unheard():
    assert described(foreign("It costs 35 euros."))["figures_unheard"] == pytest.approx(0.693, abs=0.001)


@settings(max_examples=25, deadline=None)
@given(text=st.text(min_size=1, max_size=200), shown=st.integers(0, 3))
def test_any_text_over_any_number_of_snippets_has_finite_features(text, shown):
    request = DraftRequest((Turn("customer", text),), text, SHOWN[:shown], (), 0)

    rows = describe(request, [foreign(text), foreign("It does.")], EMBEDDER)

    assert rows.shape == (2, len(FEATURES))
    assert abs(rows).max() < 20


def test_scores_follow_the_weights_and_an_average_draft_has_0(tmp_path):
    RankerWeights({"opens_yes": 2.0}, {"opens_yes": 0.5}, EMBEDDER.version).write(tmp_path)
    ranker = load_ranker(tmp_path, EMBEDDER)

    assert ranker.score(REQUEST, [foreign("Yes."), foreign("No.")]) == [1.0, -1.0]
    assert ranker.score(REQUEST, []) == []
    assert ranker.version.startswith("response-ranker@")
    assert helpfulness(ranker, REQUEST, foreign("Yes.")) == pytest.approx(0.731, abs=0.001)


def test_a_ranker_that_learned_nothing_does_not_know_what_is_helpful():
    assert helpfulness(FirstDraftsRanker(), REQUEST, foreign("Yes.")) is None


def test_weights_of_another_embedder_are_refused():
    weights = RankerWeights({"similar_first": 1.0}, {"similar_first": 0.0}, "all-MiniLM-L6-v2@0649cb85")

    with pytest.raises(ModelUnavailable, match="trained with the embedder all-MiniLM-L6-v2@0649cb85"):
        LearnedRanker(weights, EMBEDDER)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "could not be read"),
        ("{", "could not be read"),
        ("[]", "could not be read"),
        (json.dumps({"weights": {"charm": 1.0}, "means": {}, "embedder": "hashed-words@1"}), "the feature 'charm'"),
    ],
)
def test_a_folder_without_usable_weights_is_refused_and_named(tmp_path, content, reason):
    if content is not None:
        (tmp_path / RANKER_FILE).write_text(content)

    with pytest.raises(ModelUnavailable, match=reason) as refused:
        load_ranker(tmp_path, EMBEDDER)
    assert str(tmp_path) in str(refused.value)
