"""How often the gate is right about a search, by simulation: what it decides beside what is true.

    python -m training.bench.gate

Each of 100 questions has a few right snippets among 75. Champion and candidate see each of them with an error, and the
two errors correlate by .9, as of two versions of one model; the candidate's is smaller or larger. Labels exist for
what the champion showed alone: a random third of its eight is marked, or only the first right one is known, as where
agents send a draft and mark nothing, or both. The gate decides 40 times each, with other draws.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import click
import numpy as np
from numpy.typing import NDArray

from core.values import SNIPPETS_RETRIEVED, SNIPPETS_SHOWN
from training.evaluation.evaluate import Evaluation
from training.evaluation.gate import Scores
from training.evaluation.measures import RANKING, search_scores
from training.evaluation.verdict import verdict

Known = Literal["a third marked", "cited known", "both"]
KNOWN: tuple[Known, ...] = ("a third marked", "cited known", "both")
NOISE = 0.8  # of the champion, in units of how far right and wrong snippets are apart
CHANGES = (-0.35, -0.1, 0.0, 0.12, 0.5)  # of the noise: below 0 the candidate's is smaller
CORRELATION, RIGHT_ON_AVERAGE, MARGIN = 0.9, 3.0, 0.03
LABELLED_SHARE = 1 / 3

Labels = dict[str, dict[str, float]]
Rankings = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Trial:
    """One decision. `change`: of the true nDCG@10, which the gate cannot see. `share`: of cases it is shown on."""

    change: float
    share: float


def trial(noisier: float, known: Known, questions: int, seed: int) -> Trial:
    """Two searches of which the second has an error larger by the factor 1 + `noisier`, and what the gate says."""
    random = np.random.default_rng(seed)
    truth: Labels = {}
    labels: Labels = {}
    marked: dict[str, set[str]] = {}
    rankings: tuple[Rankings, Rankings] = ({}, {})
    for number in range(questions):
        query = f"q{number}"
        right = random.permutation(SNIPPETS_RETRIEVED) < 1 + random.poisson(RIGHT_ON_AVERAGE - 1)
        both = _seen(right, noisier, random)
        for side, scores in zip(rankings, both, strict=True):
            side[query] = [str(place) for place in np.argsort(-scores)]
        truth[query] = {str(place): float(one) for place, one in enumerate(right)}
        shown = rankings[0][query][:SNIPPETS_SHOWN]
        marked[query] = {one for one in shown if known != "cited known" and random.random() < LABELLED_SHARE}
        cited = [one for one in shown if known != "a third marked" and truth[query][one]][:1]
        labels[query] = {one: truth[query][one] for one in {*marked[query], *cited}}
    decision = verdict(Evaluation(_scores(labels, marked, rankings)), ["retriever"], {}, MARGIN)
    true = _scores(truth, {}, rankings)[RANKING]
    return Trial(float(np.mean(true.challenger) - np.mean(true.champion)), decision.share)


def _seen(right: NDArray[np.bool_], noisier: float, random: np.random.Generator) -> NDArray[np.float64]:
    """Scores of both searches, shape (2, snippets)."""
    covariance = [[1.0, CORRELATION], [CORRELATION, 1.0]]
    errors = random.multivariate_normal([0.0, 0.0], covariance, len(right)).T
    seen: NDArray[np.float64] = right + NOISE * errors * np.array([[1.0], [1.0 + noisier]])
    return seen


def _scores(labels: Labels, marked: Mapping[str, set[str]], rankings: tuple[Rankings, Rankings]) -> dict[str, Scores]:
    found = search_scores(labels, marked, {query: query for query in labels}, *rankings)
    return {one.name: one for one in found}


@click.command()
@click.option("--questions", default=100, show_default=True)
@click.option("--times", default=40, show_default=True)
def main(questions: int, times: int) -> None:
    """Print, for each change of the search, how often it is refused, shown on a fifth, shown on all."""
    click.echo(f"{'true change of nDCG@10':<24}" + "".join(f"{known:>18}" for known in KNOWN))
    for noisier in CHANGES:
        told: list[str] = []
        changes: list[float] = []
        for known in KNOWN:
            trials = [trial(noisier, known, questions, seed) for seed in range(times)]
            changes += [one.change for one in trials]
            shares = Counter(one.share for one in trials)
            told.append(f"{shares[0.0]:>3} / {shares[0.2]:>2} / {shares[1.0]:>2}")
        click.echo(f"{np.mean(changes):<+24.2f}" + "".join(f"{one:>18}" for one in told))


if __name__ == "__main__":
    main()
