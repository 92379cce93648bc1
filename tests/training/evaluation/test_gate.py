"""The gate: paired differences by case, five verdicts, guards and vetoes."""

from __future__ import annotations

import numpy as np
import pytest

from training.evaluation.gate import Scores, decide, judge


def scores(effect: float, cases: int, *, spread: float = 0.2, name: str = "precision@8", seed: int = 0) -> Scores:
    """Three rows a case; the challenger is better by `effect`, and the case decides part of the difference."""
    random = np.random.default_rng(seed)
    champion = random.uniform(0, 1, cases * 3)
    of_case = np.repeat(random.normal(0, spread, cases), 3)
    challenger = champion + effect + of_case + random.normal(0, spread / 2, cases * 3)
    return Scores(name, champion.tolist(), challenger.tolist(), np.repeat(np.arange(cases), 3).tolist())


@pytest.mark.parametrize(
    ("effect", "cases", "verdict"),
    [
        (0.10, 400, "superior"),
        (0.0, 2000, "non-inferior"),
        (0.0, 60, "inconclusive"),
        (-0.10, 400, "inferior"),
        (0.10, 39, "insufficient data"),
    ],
)
def test_each_verdict_comes_where_it_belongs(effect, cases, verdict):
    assert judge(scores(effect, cases), margin=0.03, fewest_cases=40).verdict == verdict


def test_many_rows_of_few_cases_are_no_more_data_than_the_cases():
    few = scores(0.0, 20)
    often = Scores(few.name, list(few.champion) * 50, list(few.challenger) * 50, list(few.cases) * 50)

    assert judge(often, margin=0.03, fewest_cases=21).verdict == "insufficient data"
    once, repeated = few.difference(), often.difference()
    assert repeated.high - repeated.low == pytest.approx(once.high - once.low, rel=0.1)


def test_the_reason_is_a_sentence_with_the_change_and_its_bounds():
    decision = decide(scores(0.10, 400), margin=0.03, fewest_cases=40)

    assert decision.share == 1.0
    assert decision.reason.startswith("Better: precision@8 changes by +0.")
    assert decision.reason.endswith("on 400 cases).")


def test_an_unclear_challenger_is_shown_on_a_fifth_of_the_cases():
    decision = decide(scores(0.0, 60), margin=0.03, fewest_cases=40)

    assert (decision.verdict, decision.share) == ("inconclusive", 0.2)


def test_a_slice_that_gets_worse_refuses_what_is_better_on_the_whole():
    spanish = scores(-0.2, 80, name="precision@8 of Spanish cases", seed=1)

    decision = decide(scores(0.10, 400), [spanish], margin=0.03, fewest_cases=40)

    assert (decision.verdict, decision.share) == ("inferior", 0.0)
    assert decision.reason.startswith("Refused: precision@8 of Spanish cases changes by -0.")


def test_a_slice_with_too_few_cases_is_silent():
    few = scores(-0.2, 10, name="precision@8 of Spanish cases", seed=1)

    assert decide(scores(0.10, 400), [few], margin=0.03, fewest_cases=40).verdict == "superior"


def test_a_veto_refuses_whatever_the_measure_says():
    veto = "the frozen question “Where is my refund?” is missed now."

    decision = decide(scores(0.10, 400), margin=0.03, fewest_cases=40, vetoes=[veto])

    assert decision.share == 0.0
    assert decision.reason == f"Refused: {veto}"


def test_too_few_cases_say_how_many_more_are_needed():
    decision = decide(scores(0.10, 30), margin=0.03, fewest_cases=40)

    assert decision.reason == "Skipped: 30 later cases can be compared, 10 more are needed."


def test_a_challenger_that_is_worse_by_the_margin_passes_in_about_one_of_twenty_trials():
    passed = sum(
        judge(scores(-0.03, 200, seed=seed), margin=0.03, fewest_cases=40).verdict in ("superior", "non-inferior")
        for seed in range(300)
    )

    assert passed / 300 < 0.09  # 5 % nominal; three standard errors above


def test_a_measure_that_leans_against_it_makes_a_better_challenger_unsure_and_says_so():
    leaning = scores(-0.1, 400, name="nDCG@10", seed=1)

    decision = decide(scores(0.10, 400), margin=0.03, fewest_cases=40, doubts=[leaning])

    assert (decision.verdict, decision.share) == ("inconclusive", 0.2)
    assert decision.reason.startswith(
        "Not clear yet, so it is shown on a fifth of the cases: precision@8 changes by +0."
    )
    assert ", but nDCG@10 changes by -0." in decision.reason


def test_a_leaning_measure_that_is_not_worse_changes_nothing():
    equal, few = scores(0.0, 2000, seed=1), scores(-0.3, 10, seed=1)

    assert decide(scores(0.10, 400), margin=0.03, fewest_cases=40, doubts=[equal, few]).verdict == "superior"


def test_a_fall_that_no_leaning_explains_refuses():
    far = scores(-0.3, 400, name="nDCG@10", seed=1)

    decision = decide(scores(0.0, 2000), margin=0.03, fewest_cases=40, doubts=[far])

    assert decision.verdict == "inferior"
    assert decision.reason.startswith("Refused: nDCG@10 changes by -0.")
