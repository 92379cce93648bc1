"""Two whole pipelines answer the same questions; what differs between them is what is measured."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.hashed_words import HashedWordsEmbedder
from core.ports import DraftRequest
from tests.core.suggesters import ARTICLES, FixedRetriever, LastDraftsRanker, pipeline
from tests.training.evaluation.asking import draft, question
from training.evaluation.evaluate import EvaluationOptions, Evaluator
from training.evaluation.measures import (
    CHOICE,
    CITATIONS,
    CLOSENESS,
    RANKING,
    RANKING_OF_JUDGED,
    SECONDS,
    UNJUDGED,
    WORDS,
)
from training.evaluation.questions import Choice

ASKED = "When does my card refund arrive?"
REFUND = [
    question(n, {"refund times": 1.0, "refund to a voucher": 0.0}, "Card refunds arrive within 5–7 days.", ASKED)
    for n in range(6)
]
PETS = question(9, {"pets": 1.0}, text="What does my dog cost?")


class CountingRetriever(FixedRetriever):
    """Remembers what it was asked."""

    def __init__(self, *titles: str) -> None:
        super().__init__(*titles)
        self.asked: list[str] = []

    def search(self, turns, k):
        self.asked.append(turns[-1].text)
        return super().search(turns, k)


class SureOfPets(FixedRetriever):
    """Far ahead of all others it puts pets for a dog, and by a hair for everything else."""

    def search(self, turns, k):
        retrieved = super().search(turns, k)
        first, *others = retrieved.snippets
        lead = 0.5 if "dog" in turns[-1].text else 0.02
        return replace(retrieved, snippets=(replace(first, score=lead), *(replace(one, score=0.0) for one in others)))


def evaluator(champion, challenger, **changes):
    return Evaluator(champion, challenger, HashedWordsEmbedder(), **changes)


def test_a_better_search_is_seen_in_the_ranking_and_the_facts():
    champion, challenger = pipeline(0, "parking", "refund to a voucher", "refund times"), pipeline(1, "refund times")

    evaluation = evaluator(champion, challenger)(REFUND, [], [])

    assert evaluation.scores[RANKING].champion == pytest.approx([0.5] * 6)
    assert evaluation.scores[RANKING_OF_JUDGED].champion == pytest.approx([0.6309] * 6, abs=1e-4)
    assert evaluation.scores[RANKING].challenger == [1.0] * 6
    assert len(evaluation.scores[CLOSENESS].cases) == len(evaluation.scores[CITATIONS].cases) == 6
    assert evaluation.facts[UNJUDGED] == pytest.approx((1 / 3, 0.0))
    assert min(*evaluation.facts[WORDS], *evaluation.facts[SECONDS]) > 0


def test_who_takes_the_others_search_over_is_asked_once_and_compared_in_what_is_its_own():
    search = CountingRetriever(*ARTICLES)
    champion = pipeline(0, retriever=search)
    challenger = replace(champion, ranker=LastDraftsRanker(), version=1)

    evaluation = evaluator(champion, challenger)(REFUND, [], [])

    assert len(search.asked) == 6
    assert evaluation.scores[RANKING].champion == evaluation.scores[RANKING].challenger
    assert evaluation.scores[CLOSENESS].champion != evaluation.scores[CLOSENESS].challenger


def test_preferences_are_chosen_by_each_bundles_own_ranker():
    request = DraftRequest(PETS.case.turns, "dog", (), (), 0)
    choices = [Choice(f"case-{n}", request, (draft("one"), draft("other")), 1) for n in range(3)]

    evaluation = evaluator(pipeline(0), pipeline(1, ranker=LastDraftsRanker()))([], choices, [])

    assert (evaluation.scores[CHOICE].champion, evaluation.scores[CHOICE].challenger) == ([0.0] * 3, [1.0] * 3)
    assert evaluation.facts == {}


def test_of_the_frozen_questions_those_count_that_the_champion_still_answers():
    champion, challenger = pipeline(0, "pets"), pipeline(1, "refund times")

    evaluation = evaluator(champion, challenger)([], [], [PETS, REFUND[0]])

    assert (evaluation.frozen, evaluation.missed) == (1, 1)


def test_of_too_many_questions_the_newest_are_searched_for_and_the_newest_of_those_answered():
    search = CountingRetriever("refund times")

    evaluation = evaluator(pipeline(0, retriever=search), pipeline(1), options=EvaluationOptions(3, 2))(
        [PETS, PETS, *REFUND], [], []
    )

    assert search.asked == [ASKED] * 3
    assert [*evaluation.scores[CLOSENESS].cases] == ["case-4", "case-5"]


def test_it_tells_how_far_it_is_and_can_be_stopped_between_two_questions():
    told: list[tuple[int, int]] = []

    def check() -> None:
        if len(told) == 4:
            raise InterruptedError

    run = evaluator(
        pipeline(0), pipeline(1), options=EvaluationOptions(6, 2), check=check, progress=lambda *of: told.append(of)
    )

    with pytest.raises(InterruptedError):
        run(REFUND, [], [PETS])

    assert told == [(1, 9), (2, 9), (3, 9), (4, 9)]


def test_nothing_asked_is_nothing_measured():
    evaluation = evaluator(pipeline(0), pipeline(1))([], [], [])

    assert (evaluation.scores, evaluation.facts, evaluation.frozen, evaluation.missed) == ({}, {}, 0, 0)


def test_a_challenger_drafts_with_what_other_cases_say_of_its_search():
    text, reply = "Somebody mentioned a {}. What do we need to know?", "A host may charge a pet fee of up to $100."
    asked = [
        *(question(n, {"pets": 1.0}, reply, text.format("dog")) for n in range(12)),
        *(question(n, {"parking": 1.0}, reply, text.format("frog")) for n in range(12, 24)),
    ]
    champion, challenger = (
        pipeline(0, "pets", "keys", "pool"),
        pipeline(1, retriever=SureOfPets("pets", "keys", "pool")),
    )

    evaluation = evaluator(champion, challenger)(asked, [], [])

    said = evaluation.calibration.described()
    assert said["questions"] == 24
    assert said["log_loss"] < said["log_loss_of_share"]
    closeness = evaluation.scores[CLOSENESS]
    assert min(closeness.challenger[:12]) > max(closeness.champion[:12])
    assert closeness.challenger[12:] == closeness.champion[12:]


def test_a_challenger_that_searches_alike_is_not_calibrated():
    champion = pipeline(0, "pets", "keys")

    evaluation = evaluator(champion, replace(champion, version=1, ranker=LastDraftsRanker()))([PETS], [], [])

    assert evaluation.calibration is None
