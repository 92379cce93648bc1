"""One candidate by each of two bundles, over eight snippets that both have found."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from core.adapters.openai_chat import OpenAIModel
from core.adapters.py3langid import LanguageDetector
from core.challenge import NoContest, suggest_together
from core.checker.lexical import LexicalChecker
from core.drafting.fallback import FallbackGenerator
from core.drafting.prompted import PromptedGenerator
from core.drafting.similarity import near_identical
from core.retrieval.confidence import Confidence
from core.values import Suggestion
from tests.core.suggesters import ARTICLES, FixedRetriever, LastDraftsRanker, asked, pipeline

QUESTION = "When does my refund arrive?"
FIRST_FIVE, LAST_FIVE = list(ARTICLES)[:5], list(ARTICLES)[5:]


def together(seed: int = 1, champion: Any = None, challenger: Any = None, question: str = QUESTION) -> Suggestion:
    return suggest_together(
        champion or pipeline(3, *FIRST_FIVE), challenger or pipeline(4, *LAST_FIVE), asked(question), 1, seed
    )


def challenge(suggestion: Suggestion) -> Any:
    return suggestion.parameters["challenge"]


def test_each_bundle_has_one_slot_and_the_champion_answers_for_the_suggestion() -> None:
    made = together()

    assert made.bundle == "3"
    assert sorted(one.bundle for one in made.candidates) == ["3", "4"]
    assert [one.slot for one in made.candidates] == ["a", "b"]
    assert challenge(made)["version"] == 4


def test_the_same_seed_gives_the_same_suggestion() -> None:
    one, again = together(seed=11), together(seed=11)

    assert (one.shown, one.candidates, one.parameters) == (again.shown, again.candidates, again.parameters)


def test_the_eight_are_picked_by_both_in_turns_and_it_is_recorded_by_whom() -> None:
    made = together()

    picked = challenge(made)["picked"]
    titles = {side: [made.shown[n - 1].snippet.title for n in numbers] for side, numbers in picked.items()}
    assert titles == {"champion": FIRST_FIVE[:4], "challenger": LAST_FIVE[:4]}
    assert [one.rank for one in made.shown] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_each_bundle_cites_what_it_found_itself_and_nothing_that_is_not_shown() -> None:
    for seed in range(10):
        made = together(seed)

        found = challenge(made)["found"]
        by_bundle = {one.bundle: set(one.citations) for one in made.candidates}
        assert by_bundle["3"]
        assert by_bundle["3"] <= set(found["champion"])
        assert by_bundle["4"] <= set(found["challenger"])
        assert {*found["champion"], *found["challenger"]} == set(range(1, 9))


def test_a_snippet_that_both_found_may_be_cited_by_both() -> None:
    champion, challenger = pipeline(3, "pets", "keys", "pool"), pipeline(4, "keys", "pets", "parking")

    made = together(champion=champion, challenger=challenger, question="How much is the pet fee?")

    titles = {one.snippet.title: one.rank for one in made.shown}
    assert sorted(titles) == ["keys", "parking", "pets", "pool"]
    assert challenge(made)["found"]["champion"] == [titles["pets"], titles["keys"], titles["pool"]]
    assert challenge(made)["found"]["challenger"] == [titles["keys"], titles["pets"], titles["parking"]]


def test_a_bundle_is_as_sure_of_a_snippet_as_it_was_in_its_own_eight_wherever_that_stands_on_the_screen() -> None:
    question = "Somebody mentioned the goldfish. What do we need to know?"
    challenger = replace(pipeline(4, "pets", "pool"), confidence=Confidence(bias=0.0, lead=10.0))

    made = together(champion=pipeline(3, "keys", "parking"), challenger=challenger, question=question)

    titles = {one.rank: one.snippet.title for one in made.shown}
    sources = {one.bundle: (one.source, [titles[n] for n in one.citations]) for one in made.candidates}
    assert sources["3"][0] == "no_answer"
    assert sources["4"] == ("knowledge", ["pets"])


def test_two_bundles_that_search_alike_are_each_as_sure_as_was_measured_of_it() -> None:
    champion = pipeline(3, "pets", "pool")
    challenger = replace(champion, version=4, confidence=Confidence(bias=0.0, lead=10.0))

    made = together(champion=champion, challenger=challenger, question="Somebody mentioned the goldfish. What now?")

    sources = {one.bundle: one.source for one in made.candidates}
    assert sources == {"3": "no_answer", "4": "knowledge"}


def test_drafts_that_stand_in_for_a_language_model_are_no_contest() -> None:
    challenger = pipeline(4, *LAST_FIVE)
    down = PromptedGenerator(
        OpenAIModel("down", base_url="http://127.0.0.1:9/v1"),
        challenger.generator,
        LexicalChecker(),
        LanguageDetector(),
        timeout_s=1.0,
    )

    with pytest.raises(NoContest, match="stands in for its own"):
        together(challenger=replace(challenger, generator=FallbackGenerator(down, challenger.generator)))


def test_slots_are_drawn_fairly_and_tell_nothing_about_who_gave_way() -> None:
    same = pipeline(4)
    made = [together(seed, pipeline(3), same) for seed in range(200)]

    first = Counter(one.candidates[0].bundle for one in made)
    yielded = Counter((challenge(one)["yielded"], one.candidates[0].bundle) for one in made)
    assert 75 <= first["4"] <= 125
    assert all(30 <= count <= 70 for count in yielded.values())
    assert len(yielded) == 4


def test_of_two_twins_one_gives_way_to_its_next_best_so_that_the_two_differ() -> None:
    for seed in range(20):
        made = together(seed, pipeline(3), pipeline(4))

        a, b = made.candidates
        assert not near_identical(a.text, b.text)
        assert challenge(made)["yielded"] in ("champion", "challenger")
        chances = [one["probability"] for one in made.parameters["drafts"] if one["slot"]]  # type: ignore[attr-defined]
        assert chances == [0.5, 0.5]


def test_where_both_already_differ_each_shows_its_best() -> None:
    made = together(challenger=pipeline(4, *FIRST_FIVE, ranker=LastDraftsRanker()))

    shown = [one for one in made.parameters["drafts"] if one["slot"]]  # type: ignore[attr-defined]
    assert challenge(made)["yielded"] is None
    assert [one["probability"] for one in shown] == [1.0, 1.0]
    assert [one["bundle"] for one in shown] == ["3", "4"]


def test_what_only_the_challenger_found_is_part_of_what_was_retrieved() -> None:
    made = together()

    retrieved = [one.snippet.id for one in made.retrieved]
    assert {one.snippet.id for one in made.shown} <= set(retrieved)
    assert len(retrieved) == len(set(retrieved)) == 9
    assert [one.rank for one in made.retrieved] == [1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_a_challenger_that_finds_nothing_is_no_contest() -> None:
    with pytest.raises(NoContest, match="version 4 found nothing"):
        together(challenger=pipeline(4, retriever=FixedRetriever()))


class _OneDraft:
    """Has one thing to say."""

    version = "one"

    def draft(self, request: Any) -> Any:
        return pipeline(0).generator.draft(request)[:1]


def test_two_bundles_with_only_the_same_to_say_are_no_contest() -> None:
    with pytest.raises(NoContest, match="only the same to say"):
        together(1, pipeline(3, generator=_OneDraft()), pipeline(4, generator=_OneDraft()))
