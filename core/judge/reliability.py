"""How reliable each agent is, from what several of them said about the same thing.

Maximum likelihood by expectation and maximisation over the agents' confusion matrices: Dawid & Skene 1979, Maximum
Likelihood Estimation of Observer Error-Rates Using the EM Algorithm. Departures:

1. Every agent starts with `PRIOR` imagined answers, `AVERAGE` of them right, so that few answers mean "average".
2. Only a factor in [`LEAST`, 1] comes of it: nobody gains weight, and nobody is silenced by statistics alone.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Votes = Mapping[Hashable, Mapping[str, bool]]
"""By question: by agent, which of the two answers they gave."""

AVERAGE, PRIOR = 0.8, 20.0
FEWEST = 10  # answers to questions that others answered too; with fewer an agent is not estimated
LEAST = 0.1
MOST_ROUNDS, CLOSE = 100, 1e-6


def reliabilities(votes: Votes) -> dict[str, float]:
    """By agent: how often they are right, in (0, 1), as the mean over both answers that can be right.

    Questions with a single answer say nothing. Those who share fewer than `FEWEST` with others are left out: average.
    """
    shared = [of_one for of_one in votes.values() if len(of_one) > 1]
    agents = sorted({agent for of_one in shared for agent in of_one})
    if not agents:
        return {}
    given = np.zeros((len(shared), len(agents), 2))  # (questions, agents, answers): 1 where they gave it
    for question, of_one in enumerate(shared):
        for agent, answer in of_one.items():
            given[question, agents.index(agent), int(answer)] = 1.0
    confusion = _confusion(given)
    right = confusion[:, [0, 1], [0, 1]].mean(axis=1)
    answers = given.sum(axis=(0, 2))
    return {agent: float(right[n]) for n, agent in enumerate(agents) if answers[n] >= FEWEST}


def factor(reliability: float) -> float:
    """What is left of an agent's weight: 1 for the average or better, `LEAST` for one who might as well guess."""
    return min(1.0, max(LEAST, (reliability - 0.5) / (AVERAGE - 0.5)))


def _confusion(given: Array) -> Array:
    """(agents, truth, answer): how often each agent gives that answer where this is the truth."""
    truth = given.sum(axis=1) / given.sum(axis=(1, 2))[:, np.newaxis]  # (questions, answers): the majority to begin
    imagined = PRIOR / 2 * np.array([[AVERAGE, 1 - AVERAGE], [1 - AVERAGE, AVERAGE]])
    confusion: Array = imagined
    for _ in range(MOST_ROUNDS):
        counts: Array = np.einsum("qt,qar->atr", truth, given) + imagined
        confusion = counts / counts.sum(axis=2, keepdims=True)
        share = (truth.sum(axis=0) + 1.0) / (len(truth) + 2.0)
        likelihood = np.log(share) + np.einsum("qar,atr->qt", given, np.log(confusion))
        before, truth = truth, np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
        truth /= truth.sum(axis=1, keepdims=True)
        if np.abs(truth - before).max() < CLOSE:
            break
    return confusion
