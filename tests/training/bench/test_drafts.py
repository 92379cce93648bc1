"""The measures of the drafts bench."""

from __future__ import annotations

import pytest

from training.bench.drafts import rouge_l


def test_rouge_l_is_the_f1_of_the_longest_common_subsequence() -> None:
    assert rouge_l("the refund arrives in five days", "the refund arrives in five days") == 1.0
    assert rouge_l("the refund arrives", "the money arrives late") == pytest.approx(2 * 2 / 7)
    assert rouge_l("the refund", "") == 0.0
