"""From measures to a verdict: which measure decides, what guards, and what may never happen."""

from __future__ import annotations

import pytest

from training.evaluation.evaluate import Evaluation
from training.evaluation.gate import Scores
from training.evaluation.measures import (
    CHOICE,
    CITATIONS,
    CLOSENESS,
    HELPFULNESS,
    RANKING_ESTIMATED,
    RANKING_OF_JUDGED,
    SLOWEST,
    WORDS,
)
from training.evaluation.verdict import measure_of, verdict, vetoes

CASES = [f"case_{n}" for n in range(40)]


def scores(name: str, change: float, cases: int = 40) -> Scores:
    """A clear change on so many cases, with a little spread around it."""
    spread = [0.02 if n % 2 else -0.02 for n in range(cases)]
    return Scores(name, [0.5] * cases, [0.5 + change + one for one in spread], CASES[:cases])


def measured(*some: Scores, **facts: object) -> Evaluation:
    return Evaluation({one.name: one for one in some}, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("part", "name"),
    [("retriever", RANKING_OF_JUDGED), ("reranker", RANKING_OF_JUDGED), ("ranker", CHOICE), ("generator", HELPFULNESS)],
)
def test_each_part_is_judged_by_its_own_measure(part, name):
    evaluation = measured(
        scores(RANKING_OF_JUDGED, 0.1), scores(CHOICE, 0.1), scores(HELPFULNESS, 0.1), scores(CLOSENESS, 0.1)
    )

    assert measure_of(part, evaluation, 20).name == name


def test_where_too_few_cases_have_the_measure_closeness_stands_in():
    evaluation = measured(scores(CHOICE, 0.1, cases=5), scores(CLOSENESS, 0.0))

    assert measure_of("ranker", evaluation, 20).name == CLOSENESS
    assert measure_of("ranker", measured(scores(CHOICE, 0.1, cases=5)), 20).name == CHOICE
    assert measure_of("ranker", measured(), 20) is None


def test_a_better_part_passes_and_the_reason_says_in_words_what_is_better():
    decision = verdict(measured(scores(CHOICE, 0.1), scores(RANKING_OF_JUDGED, 0.0)), ["ranker"], {}, margin=0.03)

    assert (decision.verdict, decision.share) == ("superior", 1.0)
    assert decision.reason.startswith("Better: how often the preferred draft is put first (pairwise accuracy) changes")


def test_one_part_that_gets_worse_refuses_all_of_them():
    evaluation = measured(scores(RANKING_OF_JUDGED, 0.3), scores(CHOICE, -0.2))

    decision = verdict(evaluation, ["retriever", "ranker"], {}, margin=0.03)

    assert decision.verdict == "inferior"
    assert decision.reason.startswith("Refused: how often the preferred draft is put first")


def test_several_parts_are_judged_together():
    evaluation = measured(scores(RANKING_OF_JUDGED, 0.1), scores(CHOICE, 0.2))

    decision = verdict(evaluation, ["retriever", "ranker"], {}, margin=0.03)

    assert decision.judgements[0].difference.value == pytest.approx(0.15)
    assert decision.judgements[0].cases == 40


def test_what_nobody_trained_is_still_a_guard():
    decision = verdict(measured(scores(CHOICE, 0.1), scores(CITATIONS, -0.1)), ["ranker"], {}, margin=0.03)

    assert decision.reason.startswith("Refused: how many facts their citations support changes by -0.1")


def test_a_language_that_gets_worse_refuses_what_is_better_on_the_whole():
    change = [0.3 if n % 2 else -0.1 + 0.001 * n for n in range(40)]
    evaluation = measured(Scores(RANKING_OF_JUDGED, [0.5] * 40, [0.5 + one for one in change], CASES))
    languages = {"language": lambda case: "de" if int(case.removeprefix("case_")) % 2 == 0 else "en"}

    decision = verdict(evaluation, ["retriever"], languages, margin=0.03)

    assert decision.verdict == "inferior"
    assert "(nDCG@10) in language de changes by -0.0" in decision.reason


def test_without_anything_measured_it_is_skipped():
    decision = verdict(measured(), ["ranker"], {}, margin=0.03)

    assert decision.reason == "Skipped: 0 later cases can be compared, 20 more are needed."


@pytest.mark.parametrize(
    ("frozen", "missed", "refused"), [(20, 2, False), (20, 3, True), (100, 5, False), (100, 6, True)]
)
def test_a_few_frozen_questions_may_come_and_go_but_not_many(frozen, missed, refused):
    said = vetoes(measured(frozen=frozen, missed=missed))

    assert bool(said) == refused
    assert all(one.startswith(f"{missed} of {frozen} questions that are answered right now") for one in said)


def test_an_article_that_its_exam_would_no_longer_find_refuses_the_candidate_and_is_named():
    decision = verdict(measured(scores(CHOICE, 0.1), lost=("pets", "keys")), ["ranker"], {}, margin=0.03)

    assert decision.verdict == "inferior"
    assert decision.reason == "Refused: a question of its exam would no longer find pets or keys."


@pytest.mark.parametrize(("before", "after", "refused"), [(60, 100, False), (60, 125, True), (60, 29, True)])
def test_drafts_of_another_length_are_another_product(before, after, refused):
    assert bool(vetoes(measured(facts={WORDS: (before, after)}))) == refused


@pytest.mark.parametrize(("before", "after", "refused"), [(0.5, 4.0, False), (8.0, 12.0, False), (4.0, 12.0, True)])
def test_a_draft_may_take_longer_but_not_so_long_that_nobody_waits(before, after, refused):
    assert bool(vetoes(measured(facts={SLOWEST: (before, after)}))) == refused


def test_a_search_that_finds_what_nobody_judged_is_decided_by_the_agents():
    evaluation = measured(scores(RANKING_OF_JUDGED, 0.1), scores(RANKING_ESTIMATED, -0.1))

    decision = verdict(evaluation, ["retriever"], {}, margin=0.03)

    assert (decision.verdict, decision.share) == ("inconclusive", 0.2)
    assert "but how high the helpful snippets stand by the chances of those nobody judged" in decision.reason


def test_the_doubt_alone_refuses_nothing_where_the_search_was_not_trained():
    evaluation = measured(scores(CHOICE, 0.1), scores(RANKING_OF_JUDGED, 0.0), scores(RANKING_ESTIMATED, 0.0))

    assert verdict(evaluation, ["ranker"], {}, margin=0.03).verdict == "superior"
