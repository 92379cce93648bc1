"""Whether a fast and an exact model rank alike."""

from __future__ import annotations

import pytest

from training.trainers.agreement import rank_agreement


def test_the_same_order_agrees_wholly_whatever_the_scores():
    agreement = rank_agreement([([3.0, 2.0, 1.0], [0.9, 0.5, -4.0])])

    assert (agreement.spearman, agreement.overlap) == (pytest.approx(1.0), 1.0)
    assert agreement.holds


def test_two_swapped_among_ten_lower_the_correlation_and_only_the_best_eight_the_overlap():
    exact = list(range(10, 0, -1))
    within, across = list(exact), list(exact)
    within[0], within[1] = within[1], within[0]
    across[7], across[8] = across[8], across[7]

    assert rank_agreement([(exact, within)]).spearman == pytest.approx(1 - 6 * 2 / (10 * 99))
    assert rank_agreement([(exact, within)]).overlap == 1.0
    assert rank_agreement([(exact, across)]).overlap == 7 / 8
    assert not rank_agreement([(exact, across)]).holds


def test_lists_that_hold_nothing_to_order_do_not_disagree():
    assert rank_agreement([([1.0], [2.0])]).holds
    assert rank_agreement([]).holds
