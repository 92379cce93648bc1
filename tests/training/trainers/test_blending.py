"""How much a reranker's logits weigh: fitted on questions it did not learn from."""

from __future__ import annotations

import numpy as np

from training.trainers.blending import JudgedList, fit_blend

DRAW = np.random.default_rng(0)


def lists(knows_first, knows_logit, count=60):
    """Questions with two helpful and four irrelevant snippets; both scores are noise, shifted where helpful."""
    made = []
    for _ in range(count):
        helpful = np.array([1.0, 1.0, 0.0, 0.0, 0.0, 0.0])
        first, logits = (DRAW.normal(size=6) + knows * helpful for knows in (knows_first, knows_logit))
        made.append(JudgedList(first.tolist(), logits.tolist(), (2 * helpful - 1).tolist()))
    return made


def test_a_reranker_that_knows_something_gets_a_weight_and_the_blend_is_right_more_often():
    fitted = fit_blend(lists(knows_first=1.0, knows_logit=1.0))

    assert 0.3 < fitted.weight < 1.0  # half of about 1
    assert fitted.accuracy_after > fitted.accuracy_before + 0.03
    assert fitted.questions == 60


def test_a_reranker_that_knows_nothing_is_hardly_ever_listened_to():
    weights = [fit_blend(lists(knows_first=1.0, knows_logit=0.0)).weight for _ in range(20)]

    assert sorted(weights)[11] == 0.0
    assert max(weights) < 0.25  # some look a little better by chance, and may then say as little


def test_a_reranker_that_is_wrong_is_not_listened_to():
    fitted = fit_blend(lists(knows_first=1.0, knows_logit=-1.0))

    assert fitted.weight == 0.0
    assert fitted.accuracy_after == fitted.accuracy_before


def test_beside_a_first_stage_that_knows_more_the_same_logits_count_less():
    # So a weight that was fitted beside another retriever than the one that serves makes its order worse.
    weak, strong = (fit_blend(lists(knows_first=knows, knows_logit=1.0, count=120)) for knows in (0.0, 3.0))

    assert weak.weight > 1.0
    assert strong.weight < 0.3


def test_one_question_is_not_enough_to_fit_anything():
    assert fit_blend(lists(1.0, 5.0, count=1)).weight == 0.0
    assert fit_blend([]).accuracy_before == 0.5
