"""Precision and Cohen's kappa of the judge, with intervals."""

from __future__ import annotations

import pytest
from sklearn.metrics import cohen_kappa_score

from core.judge.agreement import Audited, Figure, agreement, agreement_by_kind


def audits(verdict, may_teach, count, kind="preference", start=0):
    return [Audited(kind, f"case_{start + number}", verdict, may_teach) for number in range(count)]


MIXED = [
    *audits("accepted", True, 50),
    *audits("downweighted", True, 10, start=50),
    *audits("accepted", False, 15, start=60),
    *audits("held", True, 5, start=75),
    *audits("held", False, 20, start=80),
]


def test_precision_counts_what_people_would_have_done_too():
    found = agreement(MIXED)

    assert (found.accepted.value, found.accepted.n) == (0.8, 75)
    assert (found.held.value, found.held.n) == (0.8, 25)
    assert 0.69 < found.accepted.low < 0.73
    assert 0.86 < found.accepted.high < 0.90
    assert found.held.low < found.accepted.low  # fewer audits, a wider interval


def test_kappa_is_that_of_the_field():
    judge = [one.verdict != "held" for one in MIXED]
    people = [one.may_teach for one in MIXED]

    found = agreement(MIXED).kappa

    assert found.value == pytest.approx(cohen_kappa_score(judge, people))
    assert found.n == 100
    assert found.low < found.value < found.high


def test_a_judge_that_throws_dice_has_no_kappa_to_speak_of():
    dice = [("accepted", True), ("accepted", False), ("held", True), ("held", False)]

    found = agreement([one for n, (verdict, say) in enumerate(dice) for one in audits(verdict, say, 50, start=50 * n)])

    assert found.kappa.value == 0.0
    assert found.kappa.low < 0 < found.kappa.high


def test_few_audits_say_nothing_and_neither_do_many_that_are_all_alike():
    assert agreement(audits("accepted", True, 19)).accepted == Figure(19)
    alike = agreement(audits("accepted", True, 30))
    assert alike.accepted == Figure(30, 1.0, 1.0, 1.0)
    assert (alike.held, alike.kappa) == (Figure(0), Figure(30))
    assert agreement([]).kappa == Figure(0)


def test_what_was_said_about_one_case_counts_as_one_draw():
    apart = audits("accepted", True, 30) + audits("accepted", False, 30, start=30)
    together = [
        Audited(one.kind, f"case_{number % 30 // 10}{one.may_teach}", one.verdict, one.may_teach)
        for number, one in enumerate(apart)
    ]

    assert agreement(together).accepted.low < agreement(apart).accepted.low


def test_each_kind_is_measured_by_itself():
    found = agreement_by_kind([*audits("accepted", True, 20), *audits("accepted", False, 20, kind="relevance")])

    assert {kind: one.accepted.value for kind, one in found.items()} == {"preference": 1.0, "relevance": 0.0}
