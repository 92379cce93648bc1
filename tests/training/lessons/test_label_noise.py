"""Label noise out of what several agents judged."""

from __future__ import annotations

import pytest

from training.lessons.label_noise import label_noise


def judged(case_id: str, chosen: str, rejected: str) -> dict[str, str]:
    return {"case_id": case_id, "chosen": chosen, "rejected": rejected}


def test_where_nothing_was_judged_twice_the_belief_before_any_data_holds() -> None:
    rows = [judged("1", "yes", "no"), judged("2", "yes", "no")]

    assert label_noise(rows) == pytest.approx(0.1127, abs=1e-4)
    assert label_noise([]) == label_noise(rows)


def test_agreement_lowers_it_and_disagreement_raises_it() -> None:
    agreed = [judged(str(n), "yes", "no") for n in range(50) for _ in range(2)]
    disputed = [row for n in range(50) for row in (judged(str(n), "yes", "no"), judged(str(n), "no", "yes"))]

    assert label_noise(agreed) == pytest.approx((1 - (1 - 4 / 60) ** 0.5) / 2)
    assert label_noise(disputed) == 0.4


def test_a_known_noise_is_found_again() -> None:
    # Each label wrong with probability .1: two agents disagree on 18 of 100 pairs.
    rows = [
        row
        for n in range(1000)
        for row in (judged(str(n), "yes", "no"), judged(str(n), *(("no", "yes") if n % 100 < 18 else ("yes", "no"))))
    ]

    assert label_noise(rows) == pytest.approx(0.1, abs=0.001)
