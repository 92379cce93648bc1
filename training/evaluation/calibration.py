"""How far a bundle may trust its own search: what a lead is worth, fitted on questions that it did not learn from.

Logistic regression (Platt 1999) of "this article helps" on its lead over the others on the screen, one row per article
and question, with a ridge as strong as one question. The same later questions measure the bundle's drafts, so each is
answered with what the questions of other cases say (five folds by case); the bundle is registered with what all say.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from core.retrieval.confidence import Confidence, leads_of
from core.values import SNIPPETS_SHOWN, RankedSnippet
from training.evaluation.questions import Question

LEAST_QUESTIONS = 20  # as many cases as the gate wants
_LEAST_OF_EITHER = 10  # articles that helped, and articles that did not
_FOLDS = 5
_DIGITS = 4

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """`confidence`: None where too little is known, or leads tell no more than how many articles help anyhow.

    `log_loss`: of questions that were left out, in nats per article; `log_loss_of_share` that of always saying the
    share of articles that help. Both are 0.0 where nothing was fitted.
    """

    confidence: Confidence | None
    questions: int
    log_loss: float = 0.0
    log_loss_of_share: float = 0.0
    folds: tuple[Confidence, ...] = ()

    def besides(self, case_id: str) -> Confidence | None:
        """What the questions of other cases say; None where `confidence` is."""
        return self.folds[_fold(case_id)] if self.confidence else None

    def described(self) -> dict[str, float]:
        """For the record; with `bias` and `lead` where there is a confidence."""
        measured: dict[str, float] = {"questions": self.questions}
        if self.folds:
            measured |= {
                "log_loss": round(self.log_loss, _DIGITS),
                "log_loss_of_share": round(self.log_loss_of_share, _DIGITS),
            }
        if self.confidence:
            measured |= {"bias": self.confidence.bias, "lead": self.confidence.lead}
        return measured


def calibrate(questions: Sequence[Question], found: Sequence[Sequence[RankedSnippet]]) -> Calibration:
    """`found`: per question what the bundle found, best first. Questions without a known right article say nothing.

    An article that nobody judged counts as one that does not help, so chances are rather too low than too high.
    """
    rows = [
        (_fold(question.case.id), lead, float(article in question.articles))
        for question, ranked in zip(questions, found, strict=True)
        if question.articles
        for article, lead in leads_of(ranked[:SNIPPETS_SHOWN]).items()
    ]
    count = sum(bool(question.articles) for question in questions)
    folds, leads, helped = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True)) if rows else _NONE
    if count < LEAST_QUESTIONS or min(helped.sum(), (1 - helped).sum()) < _LEAST_OF_EITHER:
        return Calibration(None, count)
    besides = tuple(fit_confidence(leads[folds != fold], helped[folds != fold]) for fold in range(_FOLDS))
    losses = [
        _losses((besides[fold].bias, besides[fold].lead), leads[folds == fold], helped[folds == fold])
        for fold in range(_FOLDS)
    ]
    share = float(helped.mean())
    log_loss = float(np.concatenate(losses).mean())
    of_share = float(-(share * np.log(share) + (1 - share) * np.log(1 - share)))
    confidence = fit_confidence(leads, helped) if log_loss < of_share else None
    return Calibration(confidence, count, log_loss, of_share, besides)


_NONE = (np.empty(0), np.empty(0), np.empty(0))


def fit_confidence(leads: Floats, helped: Floats) -> Confidence:
    """The likeliest; a lead is never worth less than none. `helped`: 1.0 or 0.0 per lead, at least one row."""
    spread = float(leads.std()) or 1.0

    def loss(strengths: Floats) -> float:
        return float(_losses(strengths, leads / spread, helped).sum() + 0.5 * strengths[1] ** 2)

    bias, lead = minimize(loss, [0.0, 1.0], method="L-BFGS-B", bounds=[(None, None), (0.0, None)]).x
    return Confidence(float(bias), float(lead) / spread)


def _losses(strengths: Floats | tuple[float, float], leads: Floats, helped: Floats) -> Floats:
    log_odds = strengths[0] + strengths[1] * leads
    losses: Floats = np.logaddexp(0.0, log_odds) - helped * log_odds
    return losses


def _fold(case_id: str) -> int:
    return zlib.crc32(case_id.encode()) % _FOLDS
