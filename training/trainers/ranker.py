"""The response ranker: logistic regression on what sets the preferred draft apart from the other.

    aitl train --only ranker

One example row (training/datasets.py; the screen and drafts as in training/screens.py):

    {"prompt": "Customer: Where is my refund?", "chosen": "It takes five days.", "rejected": "Hi! See our rules.",
     "margin": 0.67, "weight": 1.0, "case_id": "case_1", "chosen_slot": "b", "screen": {"turns": [...], ...},
     "chosen_draft": {"text": "It takes five days [2].", "style": "direct", "source": "knowledge"}, ...}

and with a "completion" and a "label" instead of a pair, a draft that was used as it was (True) or refused (False).

How this departs from Bradley and Terry, "Rank Analysis of Incomplete Block Designs" (Biometrika, 1952):
1. A draft's strength is not a free number but a weighted sum of its features, so that it exists for new drafts.
2. A pair counts by how strongly it was felt (margin) and by the judge's weight.
3. Adoption teaches through rows of its own: the same weights, and an intercept, say how likely a draft is used as it
   is rather than refused. Using A says nothing about B, so it never makes a pair; but what an agent sent after an
   edit is better than the draft it was made from (training/corrections.py).
4. The weights are shrunk (L2); how much is chosen on cases left out of the fit.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.adapters.sentence_transformers import SentenceTransformerEmbedder
from core.citations import cited_numbers
from core.ports import Embedder
from core.response_ranker.features import FEATURES
from core.response_ranker.ranker import RankerWeights
from core.shared_embedder import SharedEmbedder
from training.errors import TooFewRows, TooManyDropped
from training.evaluation.metrics import bootstrap_interval
from training.lessons.corrections import correction_rows
from training.lessons.kept_features import KeptFeatures
from training.lessons.ranking_rows import Floats, Row, described_rows, drafts_in
from training.lessons.readable import MOST_LOST
from training.trainers.artefact import Artefact, Job, Made, Stopped, write_artefact

KEPT = "ranker-features.npz"  # beside the artefacts
_AS_LIKELY = 0.02  # by which share log losses may differ and count as the same
_LEAST_SPREAD = 1e-6  # a feature that never changes says nothing


@dataclass(frozen=True, slots=True)
class RankerOptions:
    """`shrinking`: inverse strengths of the L2 penalty that are tried. `adoption`: weight of a used or refused draft.

    `fewest_cases`: with fewer that hold a preference nothing is learned. `dropped_most`: share of the rows that may be
    unusable. `folds`: parts of the cases that are left out in turn.
    """

    shrinking: tuple[float, ...] = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
    adoption: float = 0.25
    folds: int = 5
    fewest_cases: int = 10
    dropped_most: float = MOST_LOST


DEFAULT = RankerOptions()


@dataclass(frozen=True, slots=True)
class Lessons:
    """`table`: the features of the drafts of each row, (rows, 2, features); the second is zero where there is one.

    `labels`: 1.0 for a pair (the first was preferred) and for a draft that was used, 0.0 for a refused one.
    """

    table: Floats
    is_pair: NDArray[np.bool_]
    labels: Floats
    weights: Floats
    cases: NDArray[np.str_]


def train_ranker(rows: Sequence[Row], base: Path | Embedder, job: Job, options: RankerOptions = DEFAULT) -> Artefact:
    """Learn from preference rows, and from unpaired and completion rows where there are; the artefact is a JSON file.

    `base`: the folder of the embedder that drafts are written with, or that embedder itself.
    Features that were computed are kept beside the artefact for the next run.
    Raises TooFewRows with preferences of fewer than `fewest_cases` cases, TooManyDropped, and Stopped.
    """
    begun = time.monotonic()
    embedder = SharedEmbedder(SentenceTransformerEmbedder(base)) if isinstance(base, Path) else base
    compared = _compared(rows)
    usable = _usable(compared, options)
    lessons = _lessons(usable, _features(usable, embedder, job))
    shrinking, left_out = _best_shrinking(lessons, options, job.seed)
    held = _weights(lessons, shrinking, options, embedder.version)
    metrics = {**_measured(usable, lessons, left_out), "shrinking": shrinking}
    made = Made(
        "ranker", embedder.version, asdict(options), len(compared), len(compared) - len(usable), metrics,
        time.monotonic() - begun,
    )  # fmt: skip
    return write_artefact(job, made, held.write)


def _compared(rows: Sequence[Row]) -> list[Row]:
    """Pairs and verdicts; of the completions only edits, each as a pair."""
    said = [row for row in rows if "decision" not in row]
    return said + correction_rows(row for row in rows if "decision" in row)


def _usable(rows: Sequence[Row], options: RankerOptions) -> list[Row]:
    """The rows that say something: with a screen, with words, a pair of different texts."""
    usable = [row for row in rows if _says_something(row)]
    if len(rows) - len(usable) > options.dropped_most * len(rows):
        raise TooManyDropped(
            "response ranker", len(rows) - len(usable), len(rows), "they have no screen, no words or equal sides"
        )
    cases = len({row["case_id"] for row in usable if "chosen" in row})
    if cases < options.fewest_cases:
        raise TooFewRows(
            f"The response ranker needs preferences of {options.fewest_cases} cases and there are {cases}; "
            "it is left as it is."
        )
    return usable


def _says_something(row: Row) -> bool:
    texts = [value["text"].strip() for value in drafts_in(row)]
    return bool(row.get("screen")) and all(texts) and len(set(texts)) == len(texts) and row["weight"] > 0


def _features(rows: Sequence[Row], embedder: Embedder, job: Job) -> Floats:
    """The features of all rows; what an earlier run has computed is taken from there, also where it was stopped."""
    searched = job.lookup.version if job.lookup else ""
    kept = KeptFeatures(job.out.with_name(KEPT), f"{embedder.version} {searched}")

    def after(done: int) -> None:
        job.progress(done, len(rows))
        if job.should_stop():
            kept.save(finished=False)
            raise Stopped

    table = described_rows(rows, embedder, job.lookup, kept, after)
    kept.save(finished=True)
    return table


def _lessons(rows: Sequence[Row], table: Floats) -> Lessons:
    return Lessons(
        table=table,
        is_pair=np.array(["chosen" in row for row in rows]),
        labels=np.array([float(row.get("label", True)) for row in rows]),
        weights=np.array([row["weight"] * row.get("margin", 1.0) for row in rows]),
        cases=np.array([row["case_id"] for row in rows]),
    )


def _best_shrinking(lessons: Lessons, options: RankerOptions, seed: int) -> tuple[float, Floats]:
    """The strength whose predictions for left-out cases are likeliest, and those: log-odds per row, NaN if no pair.

    Of those that are about as likely it is the one that puts most pairs in order, and of these the strongest shrinking.
    """
    parts = _parts(lessons, options.folds, seed)
    tried = {strength: _left_out(lessons, parts, strength, options) for strength in options.shrinking}

    def surprise(strength: float) -> float:
        return float(np.average(np.logaddexp(0.0, -tried[strength][pairs]), weights=lessons.weights[pairs]))

    def in_order(strength: float) -> float:
        return float(np.average(tried[strength][pairs] > 0, weights=lessons.weights[pairs]))

    pairs = lessons.is_pair
    least = min(surprise(strength) for strength in options.shrinking)
    as_likely = [strength for strength in options.shrinking if surprise(strength) <= least * (1 + _AS_LIKELY)]
    best = max(as_likely, key=in_order)
    return best, tried[best]


def _parts(lessons: Lessons, folds: int, seed: int) -> NDArray[np.int_]:
    """The part of each row; all rows of a case are in the same one."""
    cases = np.unique(lessons.cases)
    part = dict(zip(np.random.default_rng(seed).permutation(cases), np.arange(len(cases)) % folds, strict=True))
    return np.array([part[case] for case in lessons.cases])


def _left_out(lessons: Lessons, parts: NDArray[np.int_], strength: float, options: RankerOptions) -> Floats:
    scores = np.full(len(parts), np.nan)
    for part in np.unique(parts):
        asked = (parts == part) & lessons.is_pair
        if asked.any():
            weights, _ = _fitted(lessons, parts != part, strength, options)
            scores[asked] = (lessons.table[asked, 0] - lessons.table[asked, 1]) @ weights
    return scores


def _fitted(lessons: Lessons, use: NDArray[np.bool_], strength: float, options: RankerOptions) -> tuple[Floats, Floats]:
    """Weights per feature and the means of the features; rows where `use` is False are not looked at."""
    from sklearn.linear_model import LogisticRegression

    pairs, alone = use & lessons.is_pair, use & ~lessons.is_pair
    drafts = np.concatenate([lessons.table[pairs].reshape(-1, len(FEATURES)), lessons.table[alone, 0]])
    means, spread = drafts.mean(axis=0), drafts.std(axis=0)
    scale = np.where(spread > _LEAST_SPREAD, spread, np.inf)
    differences = (lessons.table[pairs, 0] - lessons.table[pairs, 1]) / scale
    single = (lessons.table[alone, 0] - means) / scale
    nothing, ones = np.zeros((len(differences), 1)), np.ones((len(single), 1))
    # Each pair both ways round, half each: no draft is first by itself. The last column is the intercept of adoption.
    inputs = np.vstack(
        [np.hstack([differences, nothing]), np.hstack([-differences, nothing]), np.hstack([single, ones])]
    )
    labels = np.concatenate([np.ones(len(differences)), np.zeros(len(differences)), lessons.labels[alone]])
    half = lessons.weights[pairs] / 2
    counts = np.concatenate([half, half, options.adoption * lessons.weights[alone]])
    model = LogisticRegression(C=strength, fit_intercept=False, max_iter=1000)
    model.fit(inputs, labels, sample_weight=counts)
    return model.coef_[0][:-1] / scale, means


def _weights(lessons: Lessons, strength: float, options: RankerOptions, embedder: str) -> RankerWeights:
    weights, means = _fitted(lessons, np.ones(len(lessons.cases), dtype=bool), strength, options)
    return RankerWeights(_named(weights), _named(means), embedder)


def _named(values: Floats) -> dict[str, float]:
    return {name: float(value) for name, value in zip(FEATURES, values, strict=True)}


def _measured(rows: Sequence[Row], lessons: Lessons, left_out: Floats) -> Mapping[str, float]:
    """How often left-out pairs are put in the right order, beside what their length and their place alone tell."""
    pairs = np.flatnonzero(lessons.is_pair).tolist()
    found = accuracy_of(left_out[pairs], lessons.cases[pairs].tolist())
    lengths = [len(rows[place]["chosen"]) - len(rows[place]["rejected"]) for place in pairs]
    slots = [rows[place].get("chosen_slot") for place in pairs]
    metrics = {
        "pairs": float(len(pairs)),
        "adoptions": float(len(rows) - len(pairs)),
        **found,
        "accuracy_of_length": float(np.mean(0.5 + 0.5 * np.sign(lengths))),
    }
    if any(slots):
        metrics["share_of_slot_a"] = sum(slot == "a" for slot in slots) / sum(slot is not None for slot in slots)
    same = [number for number, place in enumerate(pairs) if _same_citations(rows[place])]
    if same:
        apart = accuracy_of(left_out[pairs][same], lessons.cases[pairs][same].tolist())
        metrics |= {f"{name}_same_citations": value for name, value in apart.items()}
        metrics["pairs_same_citations"] = float(len(same))
    return metrics


def accuracy_of(log_odds: Floats, cases: Sequence[Any]) -> dict[str, float]:
    """The share of pairs that the log-odds put in the right order, ties half, with its 95 % interval by case."""
    found = bootstrap_interval(list(0.5 + 0.5 * np.sign(log_odds)), cases)
    return {"accuracy": found.value, "accuracy_low": found.low, "accuracy_high": found.high}


def _same_citations(row: Row) -> bool:
    """True where both drafts cite something, and the same: the pair turns on how it is said."""
    chosen, rejected = (cited_numbers(value["text"]) for value in drafts_in(row))
    return bool(chosen) and chosen == rejected
