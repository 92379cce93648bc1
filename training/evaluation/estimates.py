"""What nobody judged, by its estimated chance to help: two rankings compared without taking the unknown for wrong.

A label exists for what a champion showed, so a candidate that finds more of what is right also shows more that nobody
has judged. The chance of a snippet is fitted on those that agents marked, by where each ranking puts it:

    log odds = bias + a · ln(place in the champion's) + b · ln(place in the candidate's)

A candidate whose order says nothing about the marks gets b = 0 and no credit for what it alone puts first; one that
puts marked snippets in a better order than the champion is believed about the others too. Both learned from earlier
cases, so their order of these marks is a prediction. Regression imputation as in doubly robust evaluation (Dudik et
al. 2011, section 2.2), without the weighting: what was never shown has no weight.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.retrieval.confidence import chance
from training.evaluation.rankings import RIGHT, Labels

DEPTH = 10  # so deep nDCG@10 looks
# Marks of either kind that a fit needs: with fewer, what nobody judged counts as wrong.
LEAST_OF_EITHER = 10

Rankings = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Places:
    """Where both put each id, from 1 on. What one of them did not find stands behind all that it found."""

    champion: Mapping[str, int]
    candidate: Mapping[str, int]

    @classmethod
    def of(cls, champion: Sequence[str], candidate: Sequence[str]) -> Places:
        """Of ids, best first."""
        return cls(_places(champion), _places(candidate))

    def logarithms(self, one: str) -> tuple[float, float]:
        """Of its place in either."""
        in_champion, in_candidate = self._of(one)
        return math.log(in_champion), math.log(in_candidate)

    @property
    def first(self) -> Iterator[str]:
        """What either has among its first `DEPTH`."""
        return (one for one in {**self.champion, **self.candidate} if min(self._of(one)) <= DEPTH)

    def _of(self, one: str) -> tuple[int, int]:
        return self.champion.get(one, len(self.champion) + 1), self.candidate.get(one, len(self.candidate) + 1)


def estimated_gains(
    labels: Mapping[str, Labels],
    marked: Mapping[str, Collection[str]],
    champion: Rankings,
    candidate: Rankings,
) -> dict[str, dict[str, float]]:
    """By query and id the chance to help, in [0, 1]: 1.0 or 0.0 where it is judged, estimated where it is not.

    All that is judged, and what either ranking has among its first ten. `marked`: by query, the ids that somebody
    marked by hand; what else has a label (cited in a reply that was sent, linked by a report) is right by its nature,
    so it says nothing about chances. Without enough marks of both kinds the estimates are 0.
    """
    places = {query: Places.of(champion.get(query, ()), candidate.get(query, ())) for query in labels}
    fitted = _fitted(labels, marked, places)
    return {
        query: {
            **({one: fitted(places[query].logarithms(one)) for one in places[query].first} if fitted else {}),
            **{one: float(label >= RIGHT) for one, label in known.items()},
        }
        for query, known in labels.items()
    }


def _fitted(
    labels: Mapping[str, Labels], marked: Mapping[str, Collection[str]], places: Mapping[str, Places]
) -> Callable[[tuple[float, float]], float] | None:
    """The chance by the logarithms of both places; None where too few are marked right, or wrong."""
    from sklearn.linear_model import LogisticRegression

    rows = [
        (*places[query].logarithms(one), known[one] >= RIGHT)
        for query, known in labels.items()
        for one in marked.get(query, ())
        if one in known
    ]
    helped = np.array([row[-1] for row in rows], dtype=bool)
    if min(helped.sum(), (~helped).sum()) < LEAST_OF_EITHER:
        return None
    model = LogisticRegression().fit(np.array([row[:-1] for row in rows]), helped)
    bias, (in_champion, in_candidate) = float(model.intercept_[0]), model.coef_[0].tolist()
    return lambda at: chance(bias + in_champion * at[0] + in_candidate * at[1])


def _places(ranking: Sequence[str]) -> dict[str, int]:
    return {one: place for place, one in reversed([*enumerate(ranking, 1)])}
