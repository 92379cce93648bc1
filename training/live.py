"""The live comparison: what agents' preferences say about a challenger, looked at after every vote.

Looking each day and promoting at p < .05 promotes an equal challenger in a quarter of all comparisons. The test here
is valid whenever one looks (an e-process; Ramdas et al. 2023, Game-Theoretic Statistics): an equal challenger is
promoted with a probability of at most `ALPHA`, however long it runs.

How strong each is, with ties and with the advantage of the first place, is estimated by a Davidson model
(Davidson 1970, On Extending the Bradley-Terry Model to Accommodate Ties).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import minimize
from scipy.special import betainc, betaln

from core.values import Slot

ALPHA = 0.05
# Below so many votes nothing is decided, whatever they say: they come from too few cases to stand for all.
FEWEST_VOTES = 20
Call = Literal["promote", "keep collecting", "withdraw"]


@dataclass(frozen=True, slots=True)
class Vote:
    """One agent's preference on a suggestion with one candidate of each bundle.

    `challenger`: the slot it wrote. `preferred`: the slot that was preferred, None for a tie.
    """

    challenger: Slot
    preferred: Slot | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`evidence_for`, `evidence_against`: how many times likelier the votes are under a better (a worse) challenger
    than under an equal one; from 1 / ALPHA on the case is decided.
    """

    call: Call
    wins: int
    losses: int
    ties: int
    evidence_for: float
    evidence_against: float

    @property
    def in_words(self) -> str:
        """One sentence that a lead understands."""
        votes = self.wins + self.losses + self.ties
        said = f"preferred in {self.wins} of {votes} comparisons, {self.losses} against it, {self.ties} ties"
        opening = {"promote": "Promoted", "withdraw": "Withdrawn", "keep collecting": "Not decided yet"}[self.call]
        return f"{opening}: the challenger was {said}."


def compare(votes: Sequence[Vote]) -> Comparison:
    """What the votes so far decide. Ties carry no direction: they are counted, and decide nothing."""
    wins = sum(vote.preferred == vote.challenger for vote in votes)
    ties = sum(vote.preferred is None for vote in votes)
    losses = len(votes) - wins - ties
    better, worse = evidence(wins, losses), evidence(losses, wins)
    call: Call = "keep collecting"
    if wins + losses >= FEWEST_VOTES and better >= 1 / ALPHA:
        call = "promote"
    elif wins + losses >= FEWEST_VOTES and worse >= 1 / ALPHA:
        call = "withdraw"
    return Comparison(call, wins, losses, ties, better, worse)


def evidence(wins: int, losses: int) -> float:
    """How many times likelier these votes are if the chance to win is anywhere above one half than if it is one half.

    The likelihood ratio of a uniform mixture over (1/2, 1) against 1/2: a martingale with mean 1 under equality, so
    it ever reaches 1 / ALPHA with a probability of at most ALPHA (Ville's inequality). 1.0 without votes.
    """
    log_beta = betaln(wins + 1, losses + 1)
    upper_half = 1.0 - float(betainc(wins + 1, losses + 1, 0.5))
    if upper_half <= 0.0:
        return 0.0
    return math.exp(float(log_beta) + math.log(upper_half) + math.log(2.0) + (wins + losses) * math.log(2.0))


@dataclass(frozen=True, slots=True)
class Strengths:
    """On the logit scale: `challenger` against the champion (0: equal), `first_place` of slot A, and `ties`: the
    logarithm of how likely a tie is beside a decision between equals.
    """

    challenger: float
    first_place: float
    ties: float


def davidson(votes: Sequence[Vote], *, ridge: float = 0.01) -> Strengths:
    """The Davidson model with a term for the place. `ridge` keeps one-sided votes finite. Without votes all is 0."""
    if not votes:
        return Strengths(0.0, 0.0, 0.0)
    in_first = np.array([1.0 if vote.challenger == "a" else -1.0 for vote in votes])
    won = np.array([vote.preferred == vote.challenger for vote in votes])
    tied = np.array([vote.preferred is None for vote in votes])

    def loss(values: np.ndarray) -> float:
        strength, place, tie = values
        half = (strength + place * in_first) / 2
        options = np.stack([half, -half, np.full_like(half, tie)])  # win, loss, tie
        chosen = np.where(tied, options[2], np.where(won, options[0], options[1]))
        total = np.logaddexp.reduce(options, axis=0)
        return float((total - chosen).sum() + ridge * (values**2).sum())

    best = minimize(loss, np.zeros(3), method="L-BFGS-B").x
    return Strengths(*(float(value) for value in best))
