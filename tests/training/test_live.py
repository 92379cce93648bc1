"""The live comparison: valid whenever one looks."""

from __future__ import annotations

import numpy as np
import pytest

from core.values import Slot
from training.live import ALPHA, Vote, compare, davidson, evidence


def votes(wins: int, losses: int, ties: int = 0) -> list[Vote]:
    sides: list[Slot] = ["a", "b"]
    won = [Vote(side, side) for side in (sides[n % 2] for n in range(wins))]
    lost = [Vote(side, "b" if side == "a" else "a") for side in (sides[n % 2] for n in range(losses))]
    return [*won, *lost, *[Vote(sides[n % 2], None) for n in range(ties)]]


def test_without_votes_nothing_speaks_for_or_against():
    found = compare([])

    assert (found.call, found.evidence_for, found.evidence_against) == ("keep collecting", 1.0, 1.0)


def test_the_evidence_is_a_fair_bet_against_equality():
    """Its mean over both outcomes of the next vote is what it is now."""
    for wins, losses in [(0, 0), (3, 1), (10, 12), (40, 20)]:
        after = (evidence(wins + 1, losses) + evidence(wins, losses + 1)) / 2
        assert after == pytest.approx(evidence(wins, losses))


@pytest.mark.parametrize(
    ("wins", "losses", "call"),
    [(40, 10, "promote"), (10, 40, "withdraw"), (26, 24, "keep collecting"), (12, 0, "keep collecting")],
)
def test_clear_votes_decide_and_few_do_not(wins, losses, call):
    assert compare(votes(wins, losses)).call == call


def test_ties_are_counted_and_decide_nothing():
    without, with_ties = compare(votes(40, 10)), compare(votes(40, 10, ties=500))

    assert with_ties.evidence_for == without.evidence_for
    assert with_ties.in_words == (
        "Promoted: the challenger was preferred in 40 of 550 comparisons, 10 against it, 500 ties."
    )


def calls(chance: float, comparisons: int, each: int, seed: int = 7) -> dict[str, int]:
    """How often looking after every vote ends in each call."""
    random = np.random.default_rng(seed)
    found = {"promote": 0, "keep collecting": 0, "withdraw": 0}
    for _ in range(comparisons):
        wins = 0
        for number, won in enumerate(random.random(each) < chance, 1):
            wins += int(won)
            if number < 20:
                continue
            if evidence(wins, number - wins) >= 1 / ALPHA:
                found["promote"] += 1
                break
            if evidence(number - wins, wins) >= 1 / ALPHA:
                found["withdraw"] += 1
                break
        else:
            found["keep collecting"] += 1
    return found


def test_an_equal_challenger_is_promoted_in_less_than_one_of_twenty_comparisons_however_often_one_looks():
    found = calls(0.5, comparisons=400, each=600)

    assert found["promote"] / 400 < ALPHA
    assert found["withdraw"] / 400 < ALPHA


def test_a_challenger_preferred_by_three_in_five_is_mostly_promoted_and_never_withdrawn():
    found = calls(0.6, comparisons=100, each=600)

    assert found["promote"] >= 90
    assert found["withdraw"] <= 1


def test_strength_place_and_ties_are_told_apart():
    """4,000 votes drawn from the model itself: the challenger is better, and slot A has an advantage."""
    random = np.random.default_rng(3)
    drawn: list[Vote] = []
    for _ in range(4000):
        side: Slot = "a" if random.random() < 0.5 else "b"
        half = (0.5 + (0.3 if side == "a" else -0.3)) / 2
        weights = np.exp([half, -half, -0.4])
        outcome = random.choice(3, p=weights / weights.sum())
        other: Slot = "b" if side == "a" else "a"
        drawn.append(Vote(side, (side, other, None)[outcome]))

    found = davidson(drawn)

    assert found.challenger == pytest.approx(0.5, abs=0.12)
    assert found.first_place == pytest.approx(0.3, abs=0.12)
    assert found.ties == pytest.approx(-0.4, abs=0.12)


def test_one_sided_votes_give_a_finite_strength():
    assert 0 < davidson(votes(30, 0)).challenger < 20
    assert davidson([]) == davidson([])
